"""Contact by contact: the side a mode standard was on, what counted as initiative, and today's percent."""

from __future__ import annotations

import polars as pl
import pytest

from gracja.engine.measure.contacts import base_marks, classic, contact_outcomes, unfit_modes, with_wanted
from gracja.engine.measure.marks import usable_marks

STANDARDS = [
    {"standard": "greet", "weight": 3},
    {"standard": "pay", "critical": True},
    {"standard": "offer_help", "service_mode": "personal", "weight": 2},
    {"standard": "within_reach", "service_mode": "discreet"},
    {"standard": "carry", "rung": "initiative", "part": "door"},
    {"standard": "compliment", "rung": "initiative", "service_mode": "personal"},
    {"standard": "quiet_help", "rung": "initiative", "service_mode": "discreet"},
]


@pytest.fixture
def outcome(edition, observations, contacts):
    """The outcome of one contact: marks by standard, and what was wanted."""

    def judge(marks, low=None, high=None, source="scenario", more=()):
        rows = [
            {"contact": "c", "employee": "darek", "evaluator": "borys", "standard": name, "value": value}
            for name, value in marks.items()
        ]
        of = edition(STANDARDS)
        found = usable_marks(observations([*rows, *more]), of, "auto")
        wanted = contacts([{"contact": "c", "wanted_low": low, "wanted_high": high, "wanted_source": source}])
        frame = with_wanted(found.frame, wanted)
        return (
            contact_outcomes(frame, found.customers, of.aspire)
            .filter(pl.col("evaluator") == "borys")
            .row(0, named=True)
        )

    return judge


@pytest.mark.parametrize(
    ("wanted", "marks", "fit"),
    [
        (
            (0, 20),
            {"offer_help": 1, "within_reach": 1},
            1 / 3,
        ),  # pressed on a customer who wanted to be left alone
        ((0, 20), {"offer_help": 0, "within_reach": 0}, 2 / 3),  # discretion withheld
        ((80, 90), {"offer_help": 0, "within_reach": 0}, 1 / 3),  # help withheld
        ((80, 90), {"offer_help": 1, "within_reach": 1}, 2 / 3),  # distance pressed
        ((80, 90), {"offer_help": 1, "within_reach": 0}, 1.0),
        ((40, 60), {"offer_help": 1, "within_reach": 0}, 1.0),  # attentive: neither required nor wrong
        ((20, 80), {"offer_help": 1, "within_reach": 0}, 1.0),  # wrong only if wrong for the whole interval
        ((34, 34.9), {"offer_help": 0.5}, 0.5),
        ((65, 65), {"offer_help": 0.0}, 0.0),
        ((64, 70), {"offer_help": 0.0}, 1.0),
        ((80, 90), {"compliment": 0.0}, 1.0),  # what goes beyond expectation is never withheld
        ((0, 20), {"compliment": 1.0}, 0.0),  # but it can be pressed
        ((0, 20), {"greet": 1.0}, None),
    ],
)
def test_fit_is_one_minus_the_weighted_share_on_the_wrong_side(outcome, wanted, marks, fit):
    assert outcome(marks, *wanted)["fit"] == (None if fit is None else pytest.approx(fit))


@pytest.mark.parametrize("source", ["staff_tap", "none"])
def test_what_the_employee_taps_never_judges_their_own_fit(outcome, source):
    assert outcome({"offer_help": 1}, 80, 90, source)["fit"] is None


def test_unknown_wanted_leaves_fit_not_measured_rather_than_zero(outcome):
    assert outcome({"offer_help": 1})["fit"] is None


@pytest.mark.parametrize(
    ("wanted", "marks", "initiative"),
    [
        ((None, None), {"carry": 1}, True),  # fits everyone
        ((None, None), {"carry": 0}, False),
        ((None, None), {"compliment": 1}, None),  # nobody knows whether it was wanted
        ((80, 90), {"compliment": 1}, True),
        ((0, 20), {"compliment": 1}, None),  # a misfit is no opportunity
        ((60, 70), {"compliment": 1}, None),
        ((0, 20), {"quiet_help": 1}, True),
        ((None, None), {"greet": 1}, None),
    ],
)
def test_an_initiative_counts_where_it_fits(outcome, wanted, marks, initiative):
    assert outcome(marks, *wanted)["initiative"] is initiative


def test_a_contact_is_exceptional_with_initiatives_in_two_parts_or_a_second_pair_of_eyes(outcome):
    second = {"contact": "c", "employee": "darek", "evaluator": "celina", "standard": "carry", "value": 1}
    customer = {**second, "evaluator": None, "source": "customer"}
    own = {**second, "evaluator": None, "source": "self"}

    assert not outcome({"carry": 1})["exceptional"]
    assert outcome({"carry": 1, "compliment": 1}, 80, 90)["exceptional"]
    assert outcome({"carry": 1}, more=[second])["exceptional"]
    assert outcome({"carry": 1}, more=[customer])["exceptional"]
    assert not outcome({"carry": 1}, more=[own])["exceptional"]
    assert not outcome({"carry": 1, "pay": 0}, more=[second])["exceptional"]


def test_base_rests_on_standards_for_everyone_and_those_of_the_wanted_band(edition, observations, contacts):
    marks = [{"contact": "c", "standard": s["standard"], "value": 1} for s in STANDARDS]
    frame = usable_marks(observations(marks), edition(STANDARDS), "auto").frame

    def counted(low, high):
        wanted = contacts([{"contact": "c", "wanted_low": low, "wanted_high": high}])
        return set(base_marks(with_wanted(frame, wanted))["standard"])

    assert counted(None, None) == {"greet", "pay"}
    assert counted(40, 60) == {"greet", "pay"}
    assert counted(70, 80) == {"greet", "pay", "offer_help"}
    assert counted(10, 20) == {"greet", "pay", "within_reach"}


@pytest.mark.parametrize(
    ("marks", "percent"),
    [
        ({"greet": 1, "pay": 1, "offer_help": 0}, 100 * 4 / 6),
        ({"greet": 0, "pay": 1}, 25.0),  # what was not applicable leaves the denominator
        ({"greet": 1, "pay": 0}, 0.0),  # a failed critical standard fails the contact
        ({"greet": 0, "pay": 1, "carry": 1}, 50.0),  # a bonus, in the numerator alone
        ({"greet": 1, "pay": 1, "carry": 1}, 125.0),  # which may pass 100
        ({"carry": 1}, None),
    ],
)
def test_classic_is_todays_arithmetic(edition, observations, marks, percent):
    rows = [{"contact": "c", "employee": "darek", "standard": s, "value": v} for s, v in marks.items()]
    frame = with_wanted(usable_marks(observations(rows), edition(STANDARDS), "auto").frame, None)

    assert classic(frame, "employee") == ({} if percent is None else {"darek": pytest.approx(percent)})


def test_classic_is_the_mean_over_contacts_and_two_evaluators_are_one_voice(edition, observations):
    rows = [
        {"contact": "a", "employee": "darek", "standard": "greet", "value": 1, "evaluator": "borys"},
        {"contact": "a", "employee": "darek", "standard": "greet", "value": 0, "evaluator": "celina"},
        {"contact": "b", "employee": "darek", "standard": "greet", "value": 1, "evaluator": "borys"},
    ]
    frame = with_wanted(usable_marks(observations(rows), edition(STANDARDS), "auto").frame, None)

    assert classic(frame, "employee") == {"darek": pytest.approx(75.0)}


MODAL = [
    {"standard": "greet"},
    {"standard": "no_chatter", "service_mode": "discreet", "critical": True},
    {"standard": "ask_name", "service_mode": "personal", "critical": True},
]


@pytest.mark.parametrize(
    ("wanted", "marks", "failed"),
    [
        ((0, 20), {"no_chatter": 0}, True),
        ((0, 20), {"no_chatter": 1}, False),
        ((0, 20), {"no_chatter": 1, "ask_name": 0}, False),  # rightly not done
        ((80, 90), {"ask_name": 0}, True),
        ((80, 90), {"no_chatter": 0}, None),  # it was not for this customer
        ((40, 60), {"no_chatter": 0, "ask_name": 0}, None),
        ((20, 50), {"no_chatter": 0}, None),  # not surely for them
        (None, {"no_chatter": 0, "ask_name": 0}, None),
    ],
)
def test_a_critical_standard_of_a_mode_fails_a_contact_only_where_it_fits(
    edition, observations, contacts, wanted, marks, failed
):
    rows = [
        {"contact": "c", "employee": "darek", "standard": name, "value": value}
        for name, value in {"greet": 1, **marks}.items()
    ]
    of = edition(MODAL)
    given = wanted and contacts([{"contact": "c", "wanted_low": wanted[0], "wanted_high": wanted[1]}])
    frame = with_wanted(usable_marks(observations(rows), of, "auto").frame, given)
    none = frame.clear().select("contact", "standard", "value")

    assert contact_outcomes(frame, none, of.aspire)["critical_failed"].to_list() == [failed]
    assert (classic(frame, "employee")["darek"] == 0) is bool(failed)


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ([(0, 20), (0, 20)], {"ask_name": "mode_never_wanted"}),
        ([(0, 20), (70, 80)], {}),
        ([(40, 60), (40, 60)], {"ask_name": "mode_never_wanted", "no_chatter": "mode_never_wanted"}),
        ([(0, 20), (None, None)], {"ask_name": "wanted_unknown"}),  # perhaps the second one wanted it
        ([(20, 80), (0, 20)], {"ask_name": "wanted_unknown"}),
        ([(None, None), (None, None)], {"ask_name": "wanted_unknown", "no_chatter": "wanted_unknown"}),
    ],
)
def test_a_mode_that_nobody_wanted_is_told_from_one_that_nobody_asked_about(
    edition, observations, contacts, wanted, why
):
    rows = [
        {"contact": f"c{i}", "employee": "darek", "standard": standard["standard"], "value": 1}
        for i in range(2)
        for standard in MODAL
    ]
    given = contacts(
        [{"contact": f"c{i}", "wanted_low": low, "wanted_high": high} for i, (low, high) in enumerate(wanted)]
    )
    frame = with_wanted(usable_marks(observations(rows), edition(MODAL), "auto").frame, given)

    assert unfit_modes(frame) == why
