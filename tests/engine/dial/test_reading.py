"""How personal to be: the points of DESIGN, a reason for each, and never the other way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dial_situations import RULES, consistent, situations
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.dial.reading import read_dial
from gracja.engine.dial.situation import Situation
from gracja.engine.errors import ManyInputErrors


def dial(kind=None, occupation=None, **cues):
    return read_dial(Situation(kind, occupation, cues), RULES).dial


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        ({}, 60),
        ({"asks_advice": 1}, 75),
        ({"talkative": 1}, 70),
        ({"known": 1}, 65),
        ({"known": 3}, 75),
        ({"known": 9}, 75),
        ({"hurried": 1}, 40),
        ({"tired": 1}, 45),
        ({"uninterested": 1}, 45),
        ({"browsing": 1}, 45),
        ({"embittered": 1}, 40),
        ({"queue": 2}, 60),
        ({"queue": 3}, 55),
        ({"queue": 6}, 40),
        ({"queue": 60}, 40),
        ({"left_alone": 1}, 20),
        ({"left_alone": 1, "known": 3}, 20),
    ],
)
def test_every_cue_adds_the_points_of_the_design(cues, expected):
    assert dial("relationship", **cues) == expected


def test_an_encounter_starts_at_30_and_a_relationship_at_60():
    assert (dial("encounter"), dial("relationship")) == (30, 60)


def test_without_a_kind_the_occupation_says_which_service_it_is():
    assert dial(occupation="hairdresser") == dial("relationship", "hairdresser")
    assert dial(occupation="cashier") == dial("encounter", "cashier")


@pytest.mark.parametrize(
    ("start", "band"), [(34, "discreet"), (35, "attentive"), (64, "attentive"), (65, "personal")]
)
def test_bands_begin_where_the_design_says(start, band):
    rules = RULES.model_copy(update={"start": RULES.start.model_copy(update={"encounter": start})})

    assert read_dial(Situation("encounter"), rules).band == band


@given(situations())
def test_the_reasons_add_up_to_the_dial(situation):
    reading = read_dial(situation, RULES)

    assert sum(reason.points for reason in reading.reasons) == reading.dial
    assert 0 <= reading.dial <= 100
    assert reading == read_dial(situation, RULES)


@given(situations())
def test_every_cue_that_moved_the_dial_has_a_sentence_in_both_languages(situation):
    for reason in read_dial(situation, RULES).reasons:
        if reason.what in ("cue", "ceiling", "occupation"):
            assert set(reason.text) == {"pl", "en"}


@given(situations(), st.sampled_from([cue.cue for cue in RULES.cues]))
def test_one_more_of_a_cue_turns_the_dial_one_way_only(situation, name):
    cue = RULES.cue(name)
    more = situation.cues.get(name, 0) + 1
    if cue.counts is None and more > 1:
        return
    cues = {**situation.cues, name: more}
    if consistent(cues) != cues:
        return
    before, after = read_dial(situation, RULES).dial, read_dial(replace(situation, cues=cues), RULES).dial

    assert after >= before if cue.points > 0 else after <= before


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation(), "service_kind_missing"),
        (Situation(None, "hairdreser"), "occupation_unknown"),
        (Situation("encounter", None, {"hurryed": 1}), "cue_unknown"),
        (Situation("encounter", None, {"queue": -1}), "cue_count_out_of_range"),
        (Situation("encounter", None, {"tired": 2}), "cue_count_out_of_range"),
        (Situation("encounter", None, {"left_alone": 1, "talkative": 1}), "cues_contradict"),
    ],
)
def test_what_cannot_be_read_is_refused(situation, code):
    with pytest.raises(ManyInputErrors) as refused:
        read_dial(situation, RULES)

    assert [error.code for error in refused.value.errors] == [code]


def test_an_unknown_occupation_names_the_nearest():
    with pytest.raises(ManyInputErrors) as refused:
        read_dial(Situation(None, "hairdreser"), RULES)

    assert refused.value.errors[0].facts["nearest"].startswith("hairdresser")
