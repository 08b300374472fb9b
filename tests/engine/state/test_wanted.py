"""What was wanted, from the opening words alone."""

from __future__ import annotations

import pyarrow as pa
import pytest

from gracja.engine.dial.read import bundled_rules
from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.read import read_edition
from gracja.engine.state.wanted import wanted_in_opening
from gracja.engine.tables import CONTACTS, CONVERSATIONS, OBSERVATIONS

HURRY, ALONE = "Spieszę się, mam pociąg.", "Proszę mnie zostawić w spokoju."


@pytest.fixture(scope="module")
def salon():
    return read_edition(bundled_text("salon")).edition


@pytest.fixture
def wanted(salon):
    """What was wanted in one conversation; act: the turn of the employee's first personal act."""

    def read(*turns, act=None, **how):
        talk = {
            "contact": "c", "channel": "chat", "language": "pl", "complete": True,
            "turns": [{"speaker": who, "text": text} for who, text in turns],
        }  # fmt: skip
        mode = next(one.standard for _, _, one in salon.standards() if one.service_mode == "personal")
        mark = {
            "contact": "c", "segment": 0, "standard": mode, "edition": "salon@1", "source": "automatic",
            "status": "marked", "value": 1.0, "evidence": [{"turn": act, "start": 0, "end": 1}],
            "revision": 0,
        }  # fmt: skip
        found = wanted_in_opening(
            pa.Table.from_pylist([talk], schema=CONVERSATIONS),
            pa.Table.from_pylist([mark] if act is not None else [], schema=OBSERVATIONS),
            salon,
            bundled_rules(),
            **how,
        )
        assert found.schema.equals(CONTACTS)
        (row,) = found.to_pylist()
        return row

    return read


def test_opening_words_turn_the_dial_by_the_rules(wanted):
    row = wanted(("customer", HURRY), ("agent", "Dzień dobry."))
    plain = bundled_rules().start.relationship + bundled_rules().occupation("hairdresser").points
    dial = plain + bundled_rules().cue("hurried").points

    assert row["wanted_source"] == "opening_words"
    assert (row["wanted_low"], row["wanted_high"]) == (dial - 10, dial + 10)
    assert row["rules_version"] == bundled_rules().name


def test_who_asks_to_be_left_alone_wanted_no_more_than_that(wanted):
    row = wanted(("customer", ALONE), ("agent", "Oczywiście."))

    assert row["wanted_source"] == "customer_asked"
    assert (row["wanted_low"], row["wanted_high"]) == (0, 20)


def test_where_nothing_is_said_nothing_is_known(wanted):
    row = wanted(("customer", "Dzień dobry."), ("agent", "Dzień dobry."))

    assert (row["wanted_source"], row["wanted_low"], row["wanted_high"]) == ("none", None, None)


def test_what_is_said_after_the_first_personal_act_is_not_read(wanted):
    talk = (("customer", "Dzień dobry."), ("agent", "Jaka piękna fryzura!"), ("customer", ALONE))

    assert wanted(*talk, act=1)["wanted_source"] == "none"
    assert wanted(*talk)["wanted_source"] == "customer_asked"


def test_what_is_said_after_the_employees_second_answer_is_not_read_either(wanted):
    talk = [("customer", "Dzień dobry."), ("agent", "Słucham."), ("customer", "Kolor."), ("agent", "Jaki?")]

    assert wanted(*talk, ("customer", HURRY))["wanted_source"] == "none"


def test_what_the_employee_says_of_the_customer_is_not_the_customers_word(wanted):
    assert wanted(("customer", "Dzień dobry."), ("agent", HURRY))["wanted_source"] == "none"
