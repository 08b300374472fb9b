"""Which sentence opens the report, for which data."""

from dataclasses import replace

import pytest

from gracja.report import headline
from gracja.report.gaps import Given
from gracja.report.gather import gather
from gracja.report.model import Estimate
from gracja.report.voice import Voice


@pytest.fixture(scope="module")
def report(whole_shop):
    return gather(**{**whole_shop, "conversations": None}, language="pl", given=Given(), title=None)


def ranked(report, ranges, tiers=None):
    people = tuple(
        replace(report.ranked[place], rank_low=low, rank_high=high, tier=(tiers or [1] * len(ranges))[place])
        for place, (low, high) in enumerate(ranges)
    )
    return replace(report, ranked=people, unranked=())


def key(report):
    return headline.headline(report)[-1][0]


def test_nobody_can_be_told_apart_and_it_says_so(report):
    alike = ranked(report, [(1, 3)] * 3)
    assert key(alike) == "headline_alike"
    assert "cannot be told apart" in " ".join(Voice("en").headline(alike))
    assert "nie da się od" in " ".join(Voice("pl").headline(alike))


def test_groups_are_said_only_when_there_are_two_tiers(report):
    assert key(ranked(report, [(1, 2), (1, 2), (3, 3)], [1, 1, 2])) == "headline_groups"
    assert key(ranked(report, [(1, 2), (1, 3), (2, 3)])) == "headline_some"


def test_without_ranks_nothing_is_said_about_differences(report):
    assert key(ranked(report, [(None, None)] * 2)) == "headline_order_unknown"


def test_one_person_has_nobody_to_be_compared_with(report):
    assert key(ranked(report, [(1, 1)])) == "headline_one"


def test_no_person_at_all_is_said(report):
    assert key(replace(report, ranked=(), unranked=())) == "headline_nobody"
    assert key(replace(report, ranked=())) == "headline_people_unknown"


def test_people_in_separate_circles_are_not_compared(report):
    assert key(replace(report, circles=2)) == "headline_apart"


def test_no_contact_is_one_sentence(report):
    assert headline.headline(replace(report, contacts=0)) == [("headline_empty", {})]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((0.9, 0.87, 0.93), "almost certainly above"),
        ((0.86, 0.80, 0.91), "not known yet"),
        ((0.7, 0.6, 0.8), "almost certainly below"),
        ((None, None, None), "could not be measured"),
        ((0.9, None, None), "could not be measured"),
    ],
)
def test_the_first_sentence_follows_the_base_of_the_company(report, numbers, said):
    company = {**report.company, "base": Estimate(*numbers, level=0.85)}
    assert said in Voice("en").headline(replace(report, company=company))[0]


def test_the_lead_names_the_lowest_part_that_is_certainly_below(report):
    part = headline.lowest_part(report)
    assert part.part.part == "settlement"
    assert "„Rozliczenie”" in Voice("pl").lead(report)


def test_the_lead_blames_no_part_when_none_is_certainly_below(report):
    known = [part for part in report.parts if part.estimate.side != "below"]
    assert headline.lead(replace(report, parts=tuple(known)))[0] == "lead_none_below"
    unmeasured = [replace(part, estimate=Estimate(None, None, None, 0.85)) for part in known]
    assert headline.lead(replace(report, parts=tuple(unmeasured))) is None


def test_a_place_is_a_range_in_words(report):
    voice, person = Voice("pl"), report.ranked[0]
    assert voice.place(replace(person, rank_low=3, rank_high=10), 14) == "od 3. do 10."
    assert voice.place(replace(person, rank_low=1, rank_high=14), 14) == "dowolne"
    assert voice.place(replace(person, rank_low=None), 14) == "jeszcze nie wiadomo"
    assert Voice("en").place(replace(person, rank_low=1, rank_high=1), 14) == "almost certainly 1st"


def test_a_group_is_alike_only_where_every_range_covers_it(report):
    alike = ranked(report, [(1, 2), (1, 2), (3, 3)], [1, 1, 2])
    assert "cannot be told apart" in Voice("en").tier_title(1, alike.tiers[0], alike.ranked)
    chain = ranked(report, [(1, 2), (1, 3), (2, 3), (4, 4)], [1, 1, 1, 2])
    assert "told apart" not in Voice("en").tier_title(1, chain.tiers[0], chain.ranked)
