"""What a detector holds beyond phrases: groups, events, times, a question to a language model."""

from __future__ import annotations

import pytest
from django.http import Http404

from gracja.app.common.refused import Refused
from gracja.app.standards.services import detector_tree as trees
from gracja.app.standards.services import recognising
from gracja.app.standards.services.detecting import Target, detector_of
from gracja.app.standards.services.drafts import undo
from gracja.app.standards.services.operations import spot_of, spots
from gracja.engine.edition.bundled import bundled_names, bundled_text
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import EngineInputError

HELLO = {"agent_says": {"pl": ["dzień dobry"]}}
BOOKED = {"system_event": ["booking*"]}
THANKS = {"customer_says": {"pl": ["dziękuję"]}}


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
def edit(cast, salon, target):
    """Changes the detector as it stands, or as somebody saw it (`mark`, `seen`)."""

    def done(verb, by=cast.filip, **given):
        salon.refresh_from_db()
        own = {"target": target, "mark": trees.mark_of(detector_of(salon, target)), "seen": salon.revision}
        return verb(by=by, draft_uid=salon.uid, **own | given)

    return done


@pytest.fixture
def detect(salon, target):
    def now():
        salon.refresh_from_db()
        return detector_of(salon, target)

    return now


def leaf(kind="agent_says", text="dzień dobry"):
    return recognising.leaf_of(kind, "pl", text)


def in_lists(detect):
    """The same with one event as a list of one: the tree knows lists only."""
    if isinstance(detect, list):
        return [in_lists(one) for one in detect]
    if not isinstance(detect, dict):
        return detect
    made = {name: in_lists(value) for name, value in detect.items()}
    if isinstance(made.get("system_event"), str):
        made["system_event"] = [made["system_event"]]
    return made


@pytest.mark.parametrize("name", bundled_names())
def test_every_detector_and_signal_is_the_same_after_it_was_a_tree(name):
    edition = read_edition(bundled_text(name)).edition
    several = [one.detect for _, _, one in edition.standards() if isinstance(one.detect, Predicate)]
    several += edition.signals.values()

    for detect in several:
        plain = detect.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        again = trees.plain(trees.parsed(plain))
        assert again == in_lists(plain)
        assert Predicate.model_validate(again)
    assert several


def test_conditions_are_joined_by_or_and_and_but_not(edit, detect):
    edit(recognising.join_condition, how="any", leaf=leaf())
    assert detect() == HELLO
    edit(recognising.join_condition, how="any", leaf=leaf("system_event", "booking*"))
    assert detect() == {"any": [HELLO, BOOKED]}
    edit(recognising.join_condition, how="all", leaf=leaf("customer_says", "dziękuję"))
    assert detect() == {"all": [{"any": [HELLO, BOOKED]}, THANKS]}
    edit(recognising.join_condition, how="none", leaf=leaf(text="nie wiem"))

    never = {"not": {"agent_says": {"pl": ["nie wiem"]}}}
    assert detect() == {"all": [{"any": [HELLO, BOOKED]}, THANKS, never]}


def test_a_condition_becomes_a_group_and_the_group_another_kind(edit, detect):
    edit(recognising.join_condition, how="any", leaf=leaf())
    edit(recognising.join_condition, how="all", leaf=leaf("customer_says", "dziękuję"))
    edit(recognising.group_condition, at="1", kind="any")
    edit(recognising.add_condition, at="1", leaf=leaf("system_event", "booking*"))
    assert detect() == {"all": [HELLO, {"any": [THANKS, BOOKED]}]}

    edit(recognising.group_condition, at="1", kind="none")
    assert detect() == {"all": [HELLO, {"not": {"any": [THANKS, BOOKED]}}]}
    edit(recognising.dissolve_group, at="1")
    assert detect() == {"all": [HELLO, THANKS, BOOKED]}


def test_the_last_word_takes_its_condition_and_the_group_along(edit, detect):
    edit(recognising.join_condition, how="any", leaf=leaf())
    edit(recognising.join_condition, how="all", leaf=leaf("system_event", "booking*"))
    edit(recognising.add_words, at="1", language="", text="visit_booked")
    edit(recognising.remove_words, at="1", language="", text="booking*")
    assert detect() == {"all": [HELLO, {"system_event": ["visit_booked"]}]}
    edit(recognising.remove_words, at="1", language="", text="visit_booked")
    assert detect() == {"all": [HELLO]}
    edit(recognising.remove_condition, at="0")

    assert detect() is None


def test_what_may_stand_at_the_top_only_stays_there(edit, detect, salon):
    signal = next(iter(salon.document["signals"]))
    edit(recognising.join_condition, how="any", leaf=leaf())
    edit(recognising.set_node_moment, at="", moment={"applies_if": signal, "where": {"first": 2}})
    edit(recognising.join_condition, how="all", leaf=leaf("customer_says", "dziękuję"))

    assert detect() == {"all": [HELLO | {"where": {"first": 2}}, THANKS], "applies_if": signal}


def test_a_time_brings_its_seconds_along_in_one_step_of_undo(edit, detect, salon, target, cast):
    edit(recognising.join_condition, how="any", leaf=leaf())
    before = detect()
    draft = edit(recognising.time_reply, kind="first_reply_seconds", seconds=90)

    element = spot_of(draft.document, "standard", target.id).element
    assert (element["detect"], element["measure"]) == ({"first_reply_seconds": {}}, {"seconds_at_most": 90})
    draft = undo(by=cast.filip, draft_uid=salon.uid, seen=draft.revision)
    element = spot_of(draft.document, "standard", target.id).element
    assert (element["detect"], element.get("measure")) == (before, None)


def test_words_after_a_time_are_measured_by_yes_or_no_again(edit, detect, salon, target):
    edit(recognising.time_reply, kind="longest_silence_seconds", seconds=60, unless="")
    draft = edit(recognising.join_condition, how="any", leaf=leaf())

    assert detect() == HELLO
    assert "measure" not in spot_of(draft.document, "standard", target.id).element


def test_a_time_that_is_no_number_is_refused_and_changes_nothing(edit, detect):
    with pytest.raises(EngineInputError):
        edit(recognising.time_reply, kind="first_reply_seconds", seconds="szybko")

    assert detect() is None


def test_a_question_is_asked_nowhere_before_the_edition_permits_it(edit, detect, salon, cast):
    edit(recognising.ask_judge, question={"pl": "Czy nazywa każdą pozycję?", "en": " "})
    assert detect() == {"judge": {"pl": "Czy nazywa każdą pozycję?"}}
    salon.refresh_from_db()
    assert "language_model" not in salon.document

    given = {"by": cast.filip, "draft_uid": salon.uid, "seen": salon.revision, "mask": True}
    draft = recognising.permit_model(**given, address="http://localhost:8080/v1", model="bielik")
    assert draft.document["language_model"]["model"] == "bielik"
    draft = recognising.permit_model(**given | {"seen": draft.revision}, address=" ", model="bielik")
    assert "language_model" not in draft.document


def test_who_may_not_draft_is_told_so_before_the_draft_is_looked_for(cast):
    with pytest.raises(Refused, match="not_permitted"):
        recognising.permit_model(
            by=cast.darek, draft_uid="nowhere", seen=1, address="http://localhost/v1", model="x", mask=True
        )


def test_an_empty_question_or_event_says_so(edit):
    with pytest.raises(Refused) as refused:
        edit(recognising.ask_judge, question={"pl": " "})
    assert refused.value.code == "question_missing"
    with pytest.raises(Refused) as refused:
        leaf("system_event", " ")
    assert refused.value.code == "event_missing"


def test_a_detector_that_looks_different_by_now_is_left_alone(edit, detect, cast):
    edit(recognising.join_condition, how="any", leaf=leaf())
    with pytest.raises(Refused) as refused:
        edit(recognising.remove_condition, at="", mark="another")
    assert refused.value.code == "detector_moved_on"

    with pytest.raises(Refused) as refused:
        edit(recognising.remove_condition, at="", mark="another", by=cast.grazyna, seen=0)
    assert refused.value.code == "changed_meanwhile"
    assert detect() == HELLO


def test_a_node_that_is_not_there_is_not_found(edit):
    edit(recognising.join_condition, how="any", leaf=leaf())

    for at in ("7", "0", "x", "0.0.0"):
        with pytest.raises(Http404):
            edit(recognising.remove_condition, at=at)


def test_only_who_drafts_may_change_the_tree(edit, cast):
    for verb, given in (
        (recognising.join_condition, {"how": "any", "leaf": leaf()}),
        (recognising.remove_condition, {"at": ""}),
        (recognising.time_reply, {"kind": "first_reply_seconds", "seconds": 3}),
        (recognising.ask_judge, {"question": {"pl": "?"}}),
    ):
        with pytest.raises(Refused) as refused:
            edit(verb, by=cast.anna, **given)
        assert refused.value.code == "not_permitted"
