"""Detectors in the studio: chips of phrases, the moment, YAML for the rest."""

from __future__ import annotations

import pytest

from gracja.app.common.refused import Refused
from gracja.app.standards.services import detecting
from gracja.app.standards.services.detecting import Simple, Target, put_together, taken_apart
from gracja.app.standards.services.operations import spots
from gracja.engine.edition.bundled import bundled_names, bundled_text
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import EngineInputError, ManyInputErrors


@pytest.fixture
def target(salon):
    for kind, spot in spots(salon.document):
        if kind == "standard" and set(spot.element["channels"]) != {"in_person"}:
            spot.element.pop("detect", None)
            spot.element.pop("measure", None)
            salon.save()
            return Target("standard", spot.path[-1])
    raise AssertionError


@pytest.fixture
def edit(cast, salon):
    def done(verb, by=cast.filip, **given):
        salon.refresh_from_db()
        return verb(by=by, draft_uid=salon.uid, seen=salon.revision, **given)

    return done


@pytest.mark.parametrize("name", bundled_names())
def test_a_detector_taken_apart_and_put_together_is_the_same(name):
    edition = read_edition(bundled_text(name)).edition
    simple = 0
    for _, _, standard in edition.standards():
        if isinstance(standard.detect, Predicate):
            plain = standard.detect.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            apart = taken_apart(plain)
            if apart is not None:
                simple += 1
                assert Predicate.model_validate(put_together(apart)) == Predicate.model_validate(plain)
    assert simple


@pytest.mark.parametrize(
    "detect",
    [
        {"all": [{"agent_says": ["a"]}, {"customer_says": ["b"]}]},
        {"not": {"agent_says": ["a"]}},
        {"any": [{"agent_says": ["a"], "where": {"first": 1}}]},
        {"any": [{"agent_says": ["a"]}, {"agent_says": ["b"]}]},
        {"first_reply_seconds": {}},
        {"judge": "?"},
    ],
)
def test_what_the_simple_editor_cannot_show_is_left_alone(detect):
    assert taken_apart(detect) is None


def test_phrases_come_and_go(edit, target):
    draft = edit(
        detecting.add_phrase, target=target, kind="agent_says", language="pl", phrase=" w czym  {0..2} pomóc "
    )
    assert detecting.detector_of(draft, target) == {"agent_says": {"pl": ["w czym {0..2} pomóc"]}}
    again = edit(
        detecting.add_phrase, target=target, kind="agent_says", language="pl", phrase="w czym {0..2} pomóc"
    )
    assert again.revision == draft.revision

    draft = edit(
        detecting.remove_phrase,
        target=target,
        kind="agent_says",
        language="pl",
        phrase="w czym {0..2} pomóc",
    )
    assert detecting.detector_of(draft, target) is None


def test_a_phrase_of_the_customer_stands_beside_what_the_agent_says(edit, target):
    edit(detecting.add_phrase, target=target, kind="agent_says", language="pl", phrase="proszę")
    draft = edit(detecting.add_phrase, target=target, kind="customer_says", language="pl", phrase="dzięki")

    assert detecting.detector_of(draft, target) == {
        "any": [{"agent_says": {"pl": ["proszę"]}}, {"customer_says": {"pl": ["dzięki"]}}]
    }


def test_a_phrase_is_replaced_where_it_stands(edit, target):
    edit(detecting.add_phrase, target=target, kind="agent_says", language="pl", phrase="~pomógł")
    draft = edit(detecting.replace_phrase, target=target, phrase="~pomógł", instead="~pomóc")

    assert detecting.detector_of(draft, target) == {"agent_says": {"pl": ["~pomóc"]}}


@pytest.mark.parametrize(
    ("phrase", "code"), [("{0..2} pomóc", "phrase_gap_at_edge"), ("{kolor}", "phrase_slot_unknown")]
)
def test_a_phrase_that_cannot_be_read_is_refused_with_the_reason(edit, target, phrase, code):
    with pytest.raises(EngineInputError) as wrong:
        edit(detecting.add_phrase, target=target, kind="agent_says", language="pl", phrase=phrase)

    assert wrong.value.code == code


def test_the_moment_is_set_and_taken_away(edit, target):
    edit(detecting.add_phrase, target=target, kind="agent_says", language="pl", phrase="dzień dobry")
    draft = edit(
        detecting.set_moment, target=target, moment={"where": {"first": 2, "of": "agent"}, "within": None}
    )
    assert detecting.detector_of(draft, target)["where"] == {"first": 2}

    draft = edit(detecting.set_moment, target=target, moment={})
    assert "where" not in detecting.detector_of(draft, target)


def test_a_moment_needs_words(edit, target):
    with pytest.raises(Refused) as refused:
        edit(detecting.set_moment, target=target, moment={"within": "contact"})

    assert refused.value.code == "moment_without_words"


def test_yaml_says_what_the_editor_cannot(edit, target):
    draft = edit(detecting.set_detector, target=target, text="not:\n  agent_says: [nie wiem]\n")
    assert detecting.detector_of(draft, target) == {"not": {"agent_says": ["nie wiem"]}}
    with pytest.raises(Refused) as refused:
        edit(detecting.add_phrase, target=target, kind="agent_says", language="pl", phrase="x")
    assert refused.value.code == "detector_not_simple"

    assert detecting.detector_of(edit(detecting.set_detector, target=target, text="none"), target) is None


def test_wrong_yaml_is_told_with_its_line_and_changes_nothing(edit, target, salon):
    with pytest.raises(ManyInputErrors) as wrong:
        edit(detecting.set_detector, target=target, text="agent_says: [a]\nwithin: tydzień\n")

    assert wrong.value.errors[0].where.line == 2
    salon.refresh_from_db()
    assert detecting.detector_of(salon, target) is None


def test_a_signal_is_named_and_changed_like_a_detector(edit):
    draft, name = edit(
        detecting.add_signal, title="Complains", kind="customer_says", language="en", phrase="~complaint"
    )
    signal = Target("signal", name)
    assert detecting.detector_of(draft, signal) == {"customer_says": {"en": ["~complaint"]}}

    draft = edit(
        detecting.add_phrase, target=signal, kind="customer_says", language="pl", phrase="~reklamacja"
    )
    assert detecting.detector_of(draft, signal)["customer_says"]["pl"] == ["~reklamacja"]
    draft = edit(detecting.set_detector, target=signal, text="")
    assert detecting.detector_of(draft, signal) is None


def test_nothing_said_is_no_detector():
    assert put_together(Simple({"agent_says": {"pl": []}})) is None


def test_only_who_drafts_may_change_a_detector(edit, target, cast):
    for verb, given in (
        (detecting.set_detector, {"text": "none"}),
        (detecting.set_moment, {"moment": {}}),
        (detecting.add_phrase, {"kind": "agent_says", "language": "pl", "phrase": "a"}),
    ):
        with pytest.raises(Refused) as refused:
            edit(verb, by=cast.anna, target=target, **given)
        assert refused.value.code == "not_permitted"
