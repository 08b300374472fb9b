"""To whom a gesture may be given, how often, and which kind fits the moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.dial.read import bundled_rules
from gracja.engine.errors import ManyInputErrors
from gracja.engine.gesture.caps import Cap, Grant, within_caps
from gracja.engine.gesture.facts import CHOICES, COMPARISONS, FORMS, KINDS
from gracja.engine.gesture.fitting import fitting_gestures
from gracja.engine.gesture.policy import Condition, Decision, eligible
from gracja.engine.gesture.read import as_plain, check_conditions, read_conditions
from gracja.wording import say, say_error
from gracja.wording.gestures import cap_in_words, condition_in_words, decision_in_words

MANUAL = Path(__file__).parents[3] / "docs/manual"
REGULAR = """\
all:
  - {field: earlier_visits, comparison: at_least, value: 3}
  - any:
      - {field: purchases_total_minor, comparison: at_least, value: 20000}
      - {field: club_member, comparison: is, value: true}
  - not: {field: cues, comparison: includes, value: [hurried, left_alone]}
"""
VISITS = "- {field: earlier_visits, comparison: at_least, value: 3}"
WARM = "- {field: band, comparison: one_of, value: [warm]}"
OLA = {"earlier_visits": 5, "purchases_total_minor": 25_000, "club_member": False, "cues": ["tired"]}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def decision(**changed):
    return eligible(OLA | changed, read_conditions(REGULAR))


def one(field, comparison, value):
    return Condition(field=field, comparison=comparison, value=value)


class TestEligibility:
    def test_a_regular_who_meets_all_is_eligible(self):
        assert decision() == Decision(met=True)

    def test_every_condition_in_the_way_is_told_as_it_would_have_to_be(self):
        found = decision(earlier_visits=1, cues=["hurried"])

        assert not found.met
        assert found.failed == (
            one("earlier_visits", "at_least", 3),
            one("cues", "excludes", ["hurried", "left_alone"]),
        )

    def test_one_of_several_ways_is_enough_and_where_none_is_open_all_are_told(self):
        assert decision(purchases_total_minor=0, club_member=True).met
        assert len(decision(purchases_total_minor=0).failed) == 2

    def test_what_is_not_known_is_never_guessed(self):
        found = decision(earlier_visits=None)

        assert (found.met, found.failed, found.unknown) == (
            False,
            (),
            (one("earlier_visits", "at_least", 3),),
        )

    def test_what_is_not_known_matters_only_where_it_could_decide(self):
        assert decision(club_member=None).met

    def test_not_of_the_unknown_is_unknown_too(self):
        assert not decision(cues=None).met
        assert decision(cues=None).unknown == (one("cues", "excludes", ["hurried", "left_alone"]),)

    @given(
        value=st.integers(-5, 5), asked=st.integers(-5, 5), comparison=st.sampled_from(COMPARISONS["number"])
    )
    def test_a_condition_or_its_opposite_holds_but_never_both(self, value, asked, comparison):
        condition = one("earlier_visits", comparison, asked)
        facts = {"earlier_visits": value}

        assert eligible(facts, condition).met != eligible(facts, condition.opposite()).met
        assert (
            eligible(facts, check_conditions({"not": as_plain(condition)})).met
            != eligible(facts, condition).met
        )

    @pytest.mark.parametrize(
        ("field", "comparison", "value", "met"),
        [
            ("earlier_visits", "over", 5, False),
            ("earlier_visits", "at_most", 5, True),
            ("earlier_visits", "under", 6, True),
            ("club_member", "is", False, True),
            ("cues", "excludes", ["hurried"], True),
            ("cues", "includes", ["tired", "hurried"], True),
            ("band", "one_of", ["personal", "attentive"], True),
            ("band", "none_of", ["personal"], False),
        ],
    )
    def test_each_comparison_says_what_its_name_says(self, field, comparison, value, met):
        assert eligible(OLA | {"band": "personal"}, one(field, comparison, value)).met is met


class TestReading:
    def test_conditions_go_to_plain_data_and_back(self):
        conditions = read_conditions(REGULAR)

        assert check_conditions(as_plain(conditions)) == conditions

    @pytest.mark.parametrize(
        ("old", "new", "code", "line", "told"),
        [
            ("earlier_visits", "earlier_visit", "condition_field", 2, "earlier_visits"),
            ("at_least, value: 3", "includes, value: 3", "condition_comparison", 2, "at_least"),
            ("value: 3}", "value: true}", "condition_value", 2, "earlier_visits"),
            ("value: 3}", "value: [a]}", "condition_value", 2, "earlier_visits"),
            ("is, value: true", "is, value: 1", "condition_value", 5, "club_member"),
            ("is, value: true", "one_of, value: [a]", "condition_comparison", 5, "club_member"),
            (VISITS, WARM, "condition_choice", 2, "discreet"),
            (", comparison: is", "", "field_missing", 5, "comparison"),
            ("value: 3}", "value: 3, colour: red}", "field_unknown", 2, "colour"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_refused_with_its_place(self, old, new, code, line, told):
        assert old in REGULAR
        with pytest.raises(ManyInputErrors) as error:
            read_conditions(REGULAR.replace(old, new, 1), file="policy.yaml")

        (wrong,) = error.value.errors
        assert (wrong.code, wrong.where.line) == (code, line)
        assert all(told in say_error(wrong, lang) for lang in ("pl", "en"))

    @pytest.mark.parametrize("text", ["", "- a", "all: []", "all:\n  - x", "field: [", "any: {}"])
    def test_a_text_without_conditions_is_refused_in_words(self, text):
        with pytest.raises(ManyInputErrors) as error:
            read_conditions(text)
        assert all(say_error(error.value, lang) for lang in ("pl", "en"))


@pytest.mark.parametrize("page", ["en/does-a-gesture-work.md", "pl/czy-gest-dziala.md"])
def test_the_conditions_of_the_manual_are_read_and_its_fields_are_all_there_are(page):
    text = (MANUAL / page).read_text(encoding="utf-8")

    (shown,) = re.findall(r"```yaml conditions\n(.*?)```", text, re.DOTALL)

    assert read_conditions(shown) == read_conditions(REGULAR)
    assert not [name for name in FORMS if f"`{name}`" not in text]
    assert not [name for all_ in COMPARISONS.values() for name in all_ if f"`{name}`" not in text]


class TestWords:
    @pytest.mark.parametrize("lang", ["pl", "en"])
    def test_every_condition_that_can_be_written_can_be_said(self, lang):
        values = {"number": [1, 3, 20_000], "flag": [True, False], "set": [["hurried"]]}
        for field, form in FORMS.items():
            for comparison in COMPARISONS[form]:
                for value in values.get(form) or [list(CHOICES.get(field, ("rynek",)))]:
                    sentence = condition_in_words(one(field, comparison, value), lang)
                    assert sentence.endswith(".")
                    assert "{" not in sentence

    def test_money_names_and_the_unknown_are_said_as_people_say_them(self):
        found = decision(purchases_total_minor=None, earlier_visits=1)

        assert decision_in_words(found, "en") == [
            "The customer has been here before at least 3 times.",
            "The customer belongs to the club.",
            (
                "It is not known whether this holds: "
                "The customer's purchases so far come to at least PLN\u00a0200.00. "
                "Until it is known, the gesture is not open."
            ),
        ]
        assert condition_in_words(one("band", "one_of", ["discreet"]), "pl") == (
            "Ten kontakt wymaga obsługi: dyskretnej."
        )
        hurried = one("cues", "excludes", ["hurried"])
        assert condition_in_words(hurried, "en", titles={"hurried": "is in a hurry"}).endswith("hurry.")


def grant(days_ago=0, **changed):
    plain = {"employee": "darek", "customer": "ola", "place": "rynek", "kind": "gift", "cost_minor": 1500}
    return Grant(**plain | changed, at=NOON - timedelta(days=days_ago))


class TestCaps:
    def test_one_more_than_the_cap_is_refused_and_says_what_is_used(self):
        cap = Cap(of="customer", most=2, days=30)
        before = [grant(29), grant(3, employee="ewa")]

        (broken,) = within_caps(before, [cap], grant())

        assert (broken.cap, broken.used, broken.left) == (cap, 2, 0)
        assert "30" in cap_in_words(broken, "en")
        assert cap_in_words(broken, "pl").startswith("Ten klient może dostać 2 gesty w ciągu 30 dni")
        assert within_caps(before[:1], [cap], grant()) == ()

    def test_what_lies_outside_the_period_or_the_kinds_or_in_the_future_does_not_count(self):
        cap = Cap(of="customer", most=1, days=30, kinds=["gift"])

        assert within_caps([grant(30), grant(1, kind="discount"), grant(-1)], [cap], grant()) == ()
        assert within_caps([grant(1)], [cap], grant(kind="discount")) == ()
        assert within_caps([grant(29)], [cap], grant())

    def test_an_employees_cap_counts_all_their_customers_and_nobody_elses(self):
        cap = Cap(of="employee", counts="cost_minor", most=4000, days=7)
        before = [grant(1, customer="jan"), grant(1, employee="ewa")]

        assert within_caps(before, [cap], grant()) == ()
        (broken,) = within_caps(before, [cap], grant(cost_minor=2501))
        assert (broken.used, broken.left) == (1500, 2500)
        assert "15" in cap_in_words(broken, "pl", currency="PLN")

    def test_a_cap_of_nothing_refuses_the_first(self):
        assert within_caps([], [Cap(of="customer", most=0, days=1)], grant())


def fitting(band="personal", cues=(), **known):
    return {fit.kind: fit.reason for fit in fitting_gestures(band, cues, **known)}


class TestFitting:
    def test_in_the_personal_band_all_four_kinds_fit(self):
        assert fitting() == dict.fromkeys(KINDS, "fits")

    def test_who_asked_to_be_left_alone_gets_no_personal_contact(self):
        assert fitting("discreet", ["left_alone"])["personal_contact"] == "left_alone"

    def test_an_embittered_customer_after_a_failure_gets_a_remedy_and_no_gesture(self):
        assert set(fitting(cues=["embittered"], after_failure=True).values()) == {"remedy_first"}
        assert set(fitting(cues=["embittered"]).values()) == {"remedy_first"}
        assert set(fitting(cues=["embittered"], after_failure=False).values()) == {"fits"}

    def test_who_hurries_gets_nothing_that_takes_time(self):
        assert fitting("attentive", ["hurried"]) == {
            "gift": "takes_time",
            "discount": "fits",
            "covered_cost": "fits",
            "personal_contact": "takes_time",
        }

    def test_in_the_discreet_band_only_the_quiet_discount_fits(self):
        assert [kind for kind, reason in fitting("discreet").items() if reason == "fits"] == ["discount"]

    def test_who_wants_no_contact_is_not_contacted(self):
        assert fitting(do_not_contact=True)["personal_contact"] == "do_not_contact"

    def test_where_the_edition_forbids_gestures_none_fits(self):
        assert set(fitting(edition_allows=False).values()) == {"edition_forbids"}

    @pytest.mark.parametrize("lang", ["pl", "en"])
    def test_every_reason_is_a_sentence(self, lang):
        reasons = (
            "fits",
            "edition_forbids",
            "remedy_first",
            "left_alone",
            "do_not_contact",
            "takes_time",
            "too_close",
        )

        assert all(say(f"fit_{reason}", lang, area="gesture") for reason in reasons)

    def test_the_cues_that_decide_are_those_of_the_bundled_rules(self):
        assert all(bundled_rules().cue(name) for name in ("embittered", "left_alone", "hurried"))
