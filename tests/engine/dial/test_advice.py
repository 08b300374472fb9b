"""What to do and what to hold back: from the standards by service mode, courtesy never suspended."""

from __future__ import annotations

import pytest
from dial_situations import RULES, situations
from hypothesis import given

from gracja.engine.dial.advice import advise
from gracja.engine.dial.situation import Situation
from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.read import read_edition

SHOP = read_edition(bundled_text("retail_shop")).edition
MODES = {one.standard: one.service_mode for _, _, one in SHOP.standards()}


def modes(lines):
    return {MODES[line.name] for line in lines if line.source == "standard"}


def test_a_customer_who_wants_peace_gets_discretion_and_no_closeness():
    advice = advise(Situation("encounter", "shop_assistant", {"left_alone": 1}), RULES, SHOP)

    assert "personal" in modes(advice.hold)
    assert "personal" not in modes(advice.do)
    assert modes(advice.within_reach) == {"discreet"}


def test_in_the_attentive_band_neither_mode_is_asked_for():
    advice = advise(Situation("encounter", None, {"asks_advice": 1}), RULES, SHOP)

    assert advice.reading.band == "attentive"
    assert modes(advice.do) == {"any"}
    assert modes(advice.hold) == set()


def test_personal_standards_are_asked_for_in_the_personal_band():
    advice = advise(Situation("relationship", None, {"known": 1}), RULES, SHOP)

    assert advice.reading.band == "personal"
    assert "personal" in modes(advice.do)
    assert advice.within_reach == ()


@given(situations())
def test_courtesy_is_never_suspended(situation):
    do, hold = advise(situation, RULES, SHOP).at_a_glance()

    assert any(line.courtesy for line in do)
    assert (len(do), len(hold)) <= (3, 2)


def test_an_embittered_customer_is_heard_first_and_put_right():
    advice = advise(Situation("encounter", None, {"embittered": 1, "queue": 5}), RULES)

    assert advice.do[0].name == "embittered"
    assert [line.text["en"] for line in advice.do[:2]] == [
        "Listen to the end without interrupting",
        "Apologise for what happened and say what you will do now",
    ]


def test_reference_to_the_last_visit_waits_for_a_customer_who_has_time():
    hurried = advise(Situation("encounter", None, {"known": 3, "hurried": 1}), RULES)
    unhurried = advise(Situation("encounter", None, {"known": 3}), RULES)

    assert "known" not in {line.name for line in hurried.do}
    assert "known" in {line.name for line in unhurried.do}


def test_without_discreet_standards_the_rules_say_how_to_be_within_reach():
    advice = advise(Situation("encounter"), RULES)

    assert {line.source for line in advice.within_reach} == {"rules"}


@pytest.mark.parametrize(("made", "left"), [(0, 3), (2, 1), (3, 0), (9, 0)])
def test_personal_moves_run_out(made, left):
    advice = advise(Situation("relationship", None, {"known": 3}), RULES, moves_made=made)

    assert advice.personal_moves == left


def test_only_standards_of_the_channel_are_advised():
    phone = advise(Situation("encounter", "shop_assistant"), RULES, SHOP, channel="phone")
    channels = {one.standard: one.channels for _, _, one in SHOP.standards()}

    assert all("phone" in channels[line.name] for line in phone.do if line.source == "standard")
