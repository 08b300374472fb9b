"""Standards on the bench: added, copied, moved, split, measured; and what the linter finds meanwhile."""

from __future__ import annotations

import cProfile
from functools import partial
from pstats import Stats

import pytest
from django.http import Http404

from gracja.app.common.refused import Refused
from gracja.app.standards.selectors.bench import bench
from gracja.app.standards.services import behaviours
from gracja.app.standards.services.drafts import change_draft, undo
from gracja.app.standards.services.operations import spot_of, spots


@pytest.fixture
def work(cast, salon):
    """`work(verb, ...)`: a service on the salon's draft, by Filip, who saw its last revision."""

    def done(verb, *, by=cast.filip, **given):
        salon.refresh_from_db()
        return verb(by=by, draft_uid=salon.uid, seen=salon.revision, **given)

    return done


@pytest.fixture
def first(salon):
    return next(spot for kind, spot in spots(salon.document) if kind == "standard")


def standards_of(draft, enhancer):
    return [one["standard"] for one in spot_of(draft.document, "enhancer", enhancer).element["standards"]]


def test_a_standard_is_added_with_the_channels_of_the_service(work, first, salon):
    draft, name = work(
        behaviours.add_standard, enhancer=first.parent, behaviour={"pl": "Podaje cenę", "en": ""}
    )

    added = spot_of(draft.document, "standard", name).element
    assert (added["behaviour"], standards_of(draft, first.parent)[-1]) == ({"pl": "Podaje cenę"}, name)
    assert added["channels"] == salon.document["service"].get("channels", ["in_person"])


def test_a_standard_without_words_is_not_made(work, first):
    with pytest.raises(Refused) as refused:
        work(behaviours.add_standard, enhancer=first.parent, behaviour={"pl": "  "})

    assert refused.value.code == "behaviour_missing"


def test_a_copy_stands_below_with_an_id_of_its_own(work, first):
    draft, name = work(behaviours.copy_standard, standard=first.path[-1])

    ids = standards_of(draft, first.parent)
    assert ids.index(name) == ids.index(first.path[-1]) + 1
    assert spot_of(draft.document, "standard", name).element["behaviour"] == first.element["behaviour"]


def test_standards_move_within_their_enhancer_and_to_another(work, first):
    _, copy = work(behaviours.copy_standard, standard=first.path[-1])

    draft = work(behaviours.move_standard, standard=copy, to="up")
    assert standards_of(draft, first.parent)[:2] == [copy, first.path[-1]]
    draft = work(behaviours.move_standard, standard=copy, to="down")
    assert standards_of(draft, first.parent)[:2] == [first.path[-1], copy]
    enhancers = [spot.path[-1] for kind, spot in spots(draft.document) if kind == "enhancer"]
    other = next(one for one in enhancers if one != first.parent)
    draft = work(behaviours.move_standard, standard=copy, to=other)
    assert standards_of(draft, other)[-1] == copy


def test_at_the_end_of_its_list_a_standard_stays(work, first, salon):
    assert work(behaviours.move_standard, standard=first.path[-1], to="up").revision == salon.revision


def test_what_was_removed_comes_back_by_undo(work, first, cast, salon):
    before = salon.document
    draft = work(behaviours.remove_standard, standard=first.path[-1])
    assert spot_of(draft.document, "standard", first.path[-1]) is None

    assert undo(by=cast.filip, draft_uid=salon.uid, seen=draft.revision).document == before


def test_two_behaviours_become_a_standard_each(work, first):
    draft = work(
        behaviours.split_standard,
        standard=first.path[-1],
        language="pl",
        texts=["Wita klienta", "Proponuje napój"],
    )

    ids = standards_of(draft, first.parent)
    second = spot_of(draft.document, "standard", ids[1]).element
    assert spot_of(draft.document, "standard", first.path[-1]).element["behaviour"]["pl"] == "Wita klienta"
    assert second["behaviour"] == {"pl": "Proponuje napój"}
    assert second["when"] == first.element["when"]


@pytest.mark.parametrize("kind", ["scale", "count", "yes_no"])
def test_a_measure_is_chosen_with_values_to_begin_with(work, first, kind):
    work(behaviours.set_fields, standard=first.path[-1], values={"detect": None})

    draft = work(behaviours.choose_measure, standard=first.path[-1], kind=kind)

    measure = spot_of(draft.document, "standard", first.path[-1]).element.get("measure", "yes_no")
    assert behaviours.measure_kind(measure) == kind


def test_only_who_drafts_may_change_a_standard(work, first, cast):
    for verb, given in (
        (behaviours.remove_standard, {}),
        (behaviours.copy_standard, {}),
        (behaviours.move_standard, {"to": "up"}),
        (behaviours.set_fields, {"values": {"weight": 3}}),
    ):
        with pytest.raises(Refused) as refused:
            work(verb, by=cast.anna, standard=first.path[-1], **given)
        assert refused.value.code == "not_permitted"


def test_a_standard_that_is_not_there_is_not_found(work):
    with pytest.raises(Http404):
        work(behaviours.copy_standard, standard="nobody_knows")


def test_the_bench_shows_what_the_linter_finds_in_typed_words(cast, salon, first):
    shown = bench(
        by=cast.filip,
        draft_uid=salon.uid,
        standard=first.path[-1],
        typed={"behaviour/pl": "Uprzejmie wita klienta"},
    )

    (finding,) = shown.findings[first.path[-1]]
    assert (finding.code, finding.quote) == ("GR101", "Uprzejmie")
    assert shown.state(first.path[-1]) == finding.severity
    assert bench(by=cast.filip, draft_uid=salon.uid, standard=first.path[-1]).findings == {}


def test_one_of_two_hundred_standards_is_linted_without_linting_the_others(cast, salon, first):
    document = salon.document
    typed = {"behaviour/pl": "Miło podaje cenę"}
    look = partial(bench, by=cast.filip, draft_uid=salon.uid, typed=typed)
    look(standard=first.path[-1])  # the words of the dictionary are read once
    alone = _calls(look, first.path[-1])
    for number in range(200 // 24 + 1):
        part = {"part": f"more_{number}", "title": {"pl": "Dalej", "en": "On"}, "enhancers": []}
        for at in range(24):
            one = {
                "standard": f"more_{number}_{at}",
                "behaviour": {"pl": f"Podaje {number} ulotek i {at} cen", "en": f"Gives {number} and {at}"},
                "channels": ["chat"],
            }
            title = {"pl": "Dobrze", "en": "Well"}
            part["enhancers"].append({"enhancer": f"well_{number}_{at}", "title": title, "standards": [one]})
        document["sequence"].append(part)
    salon.save()

    among_many = _calls(look, "more_3_7")

    assert look(standard="more_3_7").findings["more_3_7"]
    # each of the others is read and compared with, which is a twentieth of linting it at most
    assert among_many - alone < 216 * alone / 20


def _calls(look, standard):
    """How many functions it calls: the same on every machine, whatever else it does."""
    profile = cProfile.Profile()
    profile.runcall(look, standard=standard)
    return Stats(profile).total_calls


def test_the_document_of_others_is_not_linted(cast, salon, first):
    change_draft(
        by=cast.filip,
        draft_uid=salon.uid,
        seen=salon.revision,
        action="standard.set",
        path=[*first.path, "behaviour", "pl"],
        value="Jest miły",
    )
    other = bench(by=cast.filip, draft_uid=salon.uid, part=salon.document["sequence"][-1]["part"])

    assert first.path[-1] not in other.findings
