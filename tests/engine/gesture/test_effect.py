"""Does it work? Customers a gesture was open to against those held out, asked as often as one likes."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.errors import EngineInputError
from gracja.engine.gesture.effect.amounts import FEWEST, Amounts, looks_factor, spend_difference
from gracja.engine.gesture.effect.bounded import Stage, difference, log_wealth, split_is_broken
from gracja.engine.gesture.effect.conclusion import Cost, Verdict, does_it_work
from gracja.wording import say, say_error

NOBODY = (0, 0)
counts = st.tuples(st.integers(0, 500), st.integers(0, 500))


def verdict(*stages, spent_minor=100_000, worthwhile=0.02):
    return does_it_work(stages, spent_minor=spent_minor, worthwhile=worthwhile)


class TestWhatFollows:
    def test_where_nobody_is_held_out_nothing_can_be_concluded(self):
        found = verdict(Stage(0.0, (400, 600), NOBODY))

        assert (found.verdict, found.effect, found.cost) == ("nobody_held_out", None, None)

    def test_before_anybodys_days_are_over_it_is_too_early(self):
        assert verdict(Stage(0.2, (3, 1), NOBODY)).verdict == "too_early"
        assert verdict().verdict == "nobody_held_out"

    def test_many_more_who_return_are_a_gesture_that_works_with_its_cost(self):
        found = verdict(Stage(0.2, (4800, 3200), (1500, 500)), spent_minor=8_000_00)

        assert found.verdict == "works"
        assert found.effect.estimate == pytest.approx(0.15)
        # 8,000.00 for 15 more of each 100 of 8,000 customers: 1,200 who would not have returned
        assert found.cost.each == 667
        assert found.cost.low < 667 < found.cost.high

    def test_fewer_who_return_are_said_to_be_fewer_and_have_no_price(self):
        found = verdict(Stage(0.2, (6000, 2000), (1200, 800)))

        assert found.verdict == "harms"
        assert found.cost == Cost(None, None, None)

    def test_no_effect_over_a_great_many_customers_is_a_reason_to_stop(self):
        found = verdict(Stage(0.5, (70_000, 30_000), (70_000, 30_000)))

        assert found.verdict == "too_small"
        assert found.effect.high < 0.02

    def test_a_few_customers_are_a_reason_to_go_on_and_the_cost_has_no_upper_limit(self):
        found = verdict(Stage(0.2, (40, 30), (14, 4)))

        assert found.verdict == "go_on"
        assert found.cost.high is None

    def test_a_split_that_chance_did_not_make_ends_every_conclusion(self):
        assert verdict(Stage(0.2, (500, 500), (20, 20))).verdict == "split_broken"
        assert verdict(Stage(0.2, (490, 310), (120, 80))).verdict != "split_broken"
        assert split_is_broken([Stage(0.0, (10, 10), (1, 0))])

    def test_customers_drawn_at_another_share_count_with_their_own(self):
        before, after = Stage(0.1, (540, 360), (70, 30)), Stage(0.3, (420, 280), (210, 90))

        alone = [difference([stage]) for stage in (before, after)]
        both = difference([before, after])

        assert both.high - both.low < min(one.high - one.low for one in alone)
        assert both.estimate == pytest.approx(0.1)


@pytest.mark.parametrize("lang", ["pl", "en"])
@pytest.mark.parametrize("name", get_args(Verdict))
def test_every_verdict_is_a_sentence(name, lang):
    assert say(f"verdict_{name}", lang, area="gesture").endswith(".")


class TestDifference:
    @given(open_=counts, held=counts, share=st.floats(0.05, 0.95))
    def test_the_estimate_lies_in_its_interval(self, open_, held, share):
        found = difference([Stage(share, open_, held)])

        if not (sum(open_) and sum(held)):
            assert found is None
        elif found is None:  # no difference could give them
            assert verdict(Stage(share, open_, held)).verdict == "split_broken"
        else:
            assert -1 <= found.low <= found.estimate <= found.high <= 1

    @given(open_=counts.filter(sum), held=counts.filter(sum), share=st.floats(0.1, 0.9))
    def test_calling_the_other_outcome_a_success_turns_the_interval_round(self, open_, held, share):
        one, other = (difference([Stage(share, a, b)]) for a, b in ((open_, held), (open_[::-1], held[::-1])))

        if one is None or other is None:
            assert one == other
            return
        assert one.low == pytest.approx(-other.high, abs=1e-4)
        assert one.high == pytest.approx(-other.low, abs=1e-4)

    def test_where_every_difference_is_refuted_none_is_told(self):
        """They came at another share than was said: a point would look like certainty."""
        impossible = Stage(0.05, (500, 0), (500, 0))

        assert difference([impossible]) is None
        assert verdict(impossible).verdict == "split_broken"

    def test_of_very_many_customers_the_interval_is_narrow_and_there(self):
        found = difference([Stage(0.5, (70_123_000, 30_000_000), (70_000_000, 30_000_000))])

        assert found.low < found.estimate < found.high < found.low + 0.03

    def test_one_customer_on_each_side_says_nothing(self):
        found = difference([Stage(0.5, (0, 1), (1, 0))])

        assert (found.low, found.high) == (-1, 1)

    @pytest.mark.parametrize("share", [0.1, 0.5])
    @pytest.mark.parametrize(("p_open", "p_held"), [(0.3, 0.3), (0.6, 0.4), (0.02, 0.0)])
    def test_against_the_true_difference_the_expected_wealth_is_what_it_was(self, share, p_open, p_held):
        """The heart of the guarantee: after one more customer, wealth is on average what it was before."""
        cases = {
            ((1, 0), (0, 0)): (1 - share) * (1 - p_open),
            ((0, 1), (0, 0)): (1 - share) * p_open,
            ((0, 0), (1, 0)): share * (1 - p_held),
            ((0, 0), (0, 1)): share * p_held,
        }
        outcomes = np.array([0.0, 1.0])
        for before in (((0, 0), (0, 0)), ((7, 3), (2, 0))):
            wealth = np.exp(log_wealth(*before, share, outcomes, p_open - p_held))
            after = sum(
                chance
                * np.exp(
                    log_wealth(
                        *(np.add(*two) for two in zip(before, case, strict=True)),
                        share,
                        outcomes,
                        p_open - p_held,
                    )
                )
                for case, chance in cases.items()
            )
            assert after == pytest.approx(wealth)

    def test_outcomes_are_compared_on_their_own_scale(self):
        found = difference([Stage(0.5, (0, 0, 10, 200, 400), (10, 100, 300, 150, 40))], (1, 2, 3, 4, 5))

        assert found.open_mean == pytest.approx(4.639, abs=0.001)
        assert 0.8 < found.low < found.estimate < found.high < 2
        assert found.estimate == pytest.approx(found.open_mean - found.held_mean)

    @pytest.mark.parametrize(
        ("stage", "values", "code"),
        [
            (Stage(1.5, (1, 1), (1, 1)), (0, 1), "held_share_out_of_range"),
            (Stage(0.2, (1, -1), (1, 1)), (0, 1), "count_out_of_range"),
            (Stage(0.2, (1, 1, 1), (1, 1)), (0, 1), "shape_mismatch"),
            (Stage(0.2, (1, 1), (1, 1)), (1, 1), "values_do_not_rise"),
        ],
    )
    def test_counts_that_cannot_be_are_refused(self, stage, values, code):
        with pytest.raises(EngineInputError) as error:
            difference([stage], values)

        assert error.value.code == code
        assert all(say_error(error.value, lang) for lang in ("pl", "en"))

    @pytest.mark.parametrize(
        ("given_", "code"),
        [({"spent_minor": -1}, "cost_out_of_range"), ({"worthwhile": 0}, "worthwhile_out_of_range")],
    )
    def test_a_cost_or_a_worthwhile_effect_that_cannot_be_is_refused(self, given_, code):
        with pytest.raises(EngineInputError) as error:
            verdict(Stage(0.2, (4, 4), (2, 2)), **given_)

        assert error.value.code == code
        assert all(say_error(error.value, lang) for lang in ("pl", "en"))


class TestSpend:
    def test_sides_add_up_to_the_whole(self):
        amounts = [0.0, 12.5, 30.0, 7.25]

        assert Amounts.of(amounts[:2]) + Amounts.of(amounts[2:]) == Amounts.of(amounts)
        assert Amounts.of(amounts).variance == pytest.approx(np.var(amounts, ddof=1))

    def test_fewer_customers_than_the_interval_needs_say_nothing(self):
        few, many = Amounts.of([1.0, 2.0] * (FEWEST // 2 - 1)), Amounts.of([1.0, 2.0] * FEWEST)

        assert spend_difference(many, few) is None
        assert spend_difference(many, many).estimate == 0

    def test_amounts_that_do_not_differ_say_nothing(self):
        same = Amounts.of([5.0] * FEWEST)

        assert spend_difference(same, same) is None

    def test_looking_every_day_costs_width(self):
        assert all(2.5 < looks_factor(customers, 0.95) < 4 for customers in (400, 1_000, 100_000))

    def test_an_amount_that_is_no_number_is_refused(self):
        with pytest.raises(EngineInputError) as error:
            Amounts.of([1.0, float("nan")])
        assert all(say_error(error.value, lang) for lang in ("pl", "en"))
