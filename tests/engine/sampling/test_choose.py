"""Which contacts are chosen, and what the ledger says of each."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from gracja.engine.edition.read import read_edition
from gracja.engine.errors import EngineInputError
from gracja.engine.sampling import Budget, choose
from gracja.engine.tables import LEDGER, OBSERVATIONS, STRATA
from gracja.wording.sentences import LANGUAGES, say_error

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EDITION = read_edition("""\
gracja: 1
id: shop
version: 1
title: Shop
service: {kind: encounter}
sequence:
  - part: all
    title: All
    enhancers:
      - enhancer: one
        title: One
        standards:
          - {standard: greet, behaviour: Says hello, channels: [chat]}
          - {standard: privacy, behaviour: Asks for no password, channels: [chat], critical: true}
          - {standard: thanks, behaviour: Says thank you, channels: [chat]}
          - {standard: calls_back, behaviour: Offers to call back, channels: [chat], rung: initiative}
""").edition


def mark(contact, standard="greet", **changes):
    row = {
        "contact": contact, "segment": 0, "employee": f"p{int(contact[1:]) % 7}", "standard": standard,
        "edition": "shop@1", "source": "automatic", "status": "marked", "value": 1.0, "probability": 0.99,
        "evidence": [], "revision": 1,
    }  # fmt: skip
    row |= changes
    return row | ({} if row["status"] == "marked" else {"value": None})


def table(rows):
    return pa.Table.from_pylist(rows, schema=OBSERVATIONS)


@pytest.fixture
def shop():
    """200 contacts of 7 people: one in ten abstained, c5 and c6 failed privacy, c9 called back."""
    rows = []
    for n in range(200):
        doubt = {"status": "abstained", "probability": 0.5} if n % 10 == 0 else {}
        rows += [
            mark(f"c{n}", "greet", **doubt),
            mark(f"c{n}", "privacy", value=float(n not in (5, 6))),
            mark(f"c{n}", "thanks"),
            mark(f"c{n}", "calls_back", value=float(n == 9)),
        ]
    return table(rows)


def chosen(observations, budget, seed=1, **options):
    return choose(observations, EDITION, budget, seed=seed, drawn_at=NOW, **options)


def by_stratum(ledger):
    rows = ledger.to_pylist()
    return {stratum: [row["contact"] for row in rows if row["stratum"] == stratum] for stratum in STRATA}


def refused(observations, budget, **options):
    with pytest.raises(EngineInputError) as error:
        chosen(observations, budget, **options)
    assert all(say_error(error.value, lang) for lang in LANGUAGES)
    return error.value.code


def test_the_budget_is_kept_and_shared_out(shop):
    choice = chosen(shop, Budget(20))

    assert choice.ledger.schema.equals(LEDGER)
    assert choice.seats == {"random": 10, "uncertain": 7, "exceptional": 3}
    assert choice.ledger.num_rows == 20
    assert len(set(choice.ledger["contact"].to_pylist())) == 20
    assert len(by_stratum(choice.ledger)["random"]) == 10


def test_uncertain_and_exceptional_contacts_are_found_unless_chance_drew_them(shop):
    parts = by_stratum(chosen(shop, Budget(20)).ledger)

    assert {"c5", "c6", "c9"} <= {*parts["exceptional"], *parts["random"]}
    assert all(int(contact[1:]) % 10 == 0 for contact in parts["uncertain"])


def test_the_same_seed_and_rows_in_any_order_give_the_same_ledger(shop):
    shuffled = shop.take(np.random.default_rng(4).permutation(shop.num_rows))

    assert chosen(shop, Budget(30)).ledger.equals(chosen(shuffled, Budget(30)).ledger)
    other = by_stratum(chosen(shop, Budget(30), seed=2).ledger)["random"]
    assert other != by_stratum(chosen(shop, Budget(30)).ledger)["random"]


def test_the_ledger_says_with_what_probability_and_by_which_lot(shop):
    rows = chosen(shop, Budget(20), seed=77).ledger.to_pylist()

    assert {row["random_inclusion"] for row in rows} == {10 / 200}
    assert all(row["random_inclusion"] <= row["inclusion"] <= 1 for row in rows)
    assert {(row["seed"], row["drawn_at"], row["population"], row["edition"]) for row in rows} == {
        (77, NOW, 200, "shop@1")
    }
    assert {row["design"] for row in rows} == {"simple_random@1"}
    assert sorted(row["number"] for row in rows) == list(range(1, 21))


def test_the_numbers_of_the_sheet_do_not_tell_why_a_contact_was_chosen(shop):
    rows = chosen(shop, Budget(20)).ledger.to_pylist()
    in_order = [row["stratum"] for row in sorted(rows, key=lambda row: row["number"])]

    assert in_order != sorted(in_order, key=STRATA.index)


def test_everyone_gets_at_least_so_many_random_reviews(shop):
    rows = chosen(shop, Budget(30, per_employee=2)).ledger.to_pylist()
    random = [row["employee"] for row in rows if row["stratum"] == "random"]

    assert {random.count(f"p{n}") for n in range(7)} <= {2, 3}
    assert {row["design"] for row in rows} == {"by_employee@1"}
    assert len(rows) == 30


def test_the_random_part_grows_where_everyone_needs_more_than_its_share(shop):
    assert chosen(shop, Budget(20, random=0.1, per_employee=2)).seats["random"] == 14


def test_someone_with_fewer_contacts_than_the_minimum_is_asked_about_all_of_them():
    rows = [mark(f"c{n}", employee="often") for n in range(50)] + [mark("c99", employee="once")]
    ledger = chosen(table(rows), Budget(10, per_employee=3)).ledger.to_pylist()

    (once,) = [row for row in ledger if row["employee"] == "once"]
    assert (once["stratum"], once["random_inclusion"], once["inclusion"]) == ("random", 1.0, 1.0)


def test_contacts_of_nobody_can_be_drawn_too():
    rows = [mark(f"c{n}", employee=None if n % 2 else "anna") for n in range(40)]
    ledger = chosen(table(rows), Budget(10, per_employee=2)).ledger.to_pylist()

    assert any(row["employee"] is None for row in ledger)


def test_doubt_is_spread_over_standards_and_people():
    """One standard abstains in every contact, another in four of one person: both get their turn."""
    rows = []
    for n in range(100):
        rows.append(mark(f"c{n}", "greet", status="abstained", probability=None))
        rare = {"status": "abstained", "probability": 0.5} if n in (7, 14, 21, 28) else {}
        rows.append(mark(f"c{n}", "thanks", **rare))
    contacts = by_stratum(chosen(table(rows), Budget(12, random=0.1, exceptional=0.0)).ledger)

    numbers = [int(contact[1:]) for contact in contacts["uncertain"]]
    assert len({7, 14, 21, 28} & {*numbers, *(int(c[1:]) for c in contacts["random"])}) >= 4
    assert len({n % 7 for n in numbers}) >= 5


def test_a_probability_near_one_half_comes_before_a_sure_one():
    rows = [mark(f"c{n}", probability=n / 100) for n in range(101)]
    parts = by_stratum(chosen(table(rows), Budget(11, random=0.01, exceptional=0.0)).ledger)

    assert all(40 <= int(contact[1:]) <= 60 for contact in parts["uncertain"])


def test_marks_that_say_nothing_of_their_certainty_leave_all_to_chance():
    rows = [mark(f"c{n}", probability=None) for n in range(40)]

    assert chosen(table(rows), Budget(10)).seats == {"random": 10, "uncertain": 0, "exceptional": 0}


def test_what_people_have_marked_is_not_asked_again_and_costs_nothing(shop):
    human = table(
        [mark(f"c{n}", source="review", evaluator="borys", probability=None) for n in range(0, 200, 4)]
    )
    ledger = chosen(shop, Budget(20), already=human).ledger.to_pylist()
    new = [row for row in ledger if row["number"] is not None]
    old = [row for row in ledger if row["number"] is None]

    assert len(new) == 20
    assert all(int(row["contact"][1:]) % 4 for row in new)
    assert all(int(row["contact"][1:]) % 4 == 0 for row in old)
    assert {(row["stratum"], row["inclusion"]) for row in old} <= {("random", 1.0)}
    assert len(new) + len(old) == len({row["contact"] for row in ledger})
    assert sum(row["stratum"] == "random" for row in ledger) == 10


def test_other_versions_of_the_edition_count_as_read_and_customers_words_do_not(shop):
    read = table([mark("c1", source="visit", edition="shop@0"), mark("c2", source="customer")])
    for seed in range(200):
        ledger = chosen(shop, Budget(60), seed=seed, already=read).ledger.to_pylist()
        found = {row["contact"]: row["number"] for row in ledger}
        if "c1" in found and "c2" in found:
            assert found["c1"] is None
            assert found["c2"] is not None
            return
    pytest.fail("60 of 200 never drew both in 200 lots")


def test_only_the_standards_asked_for_are_looked_at(shop):
    choice = chosen(shop, Budget(10), asked=["thanks"])

    assert choice.ledger["asked"].to_pylist() == [["thanks"]] * 10
    assert choice.seats == {"random": 10, "uncertain": 0, "exceptional": 0}  # thanks are sure everywhere


def test_all_contacts_may_be_asked(shop):
    assert {row["inclusion"] for row in chosen(shop, Budget(200)).ledger.to_pylist()} == {1.0}


def test_what_cannot_be_chosen_is_refused_with_a_remedy(shop):
    other = table([mark("c1", edition="salon@3"), mark("c2", source="review")])

    assert refused(shop, Budget(201)) == "sample_budget_too_large"
    assert refused(shop, Budget(0)) == "sample_budget_range"
    assert refused(shop, Budget(10, random=0.0)) == "sample_share_range"
    assert refused(shop, Budget(10, random=0.9, exceptional=0.2)) == "sample_share_range"
    assert refused(shop, Budget(10, per_employee=2)) == "sample_per_employee_too_many"
    assert refused(shop, Budget(10), asked=["smile"]) == "sample_standard_unknown"
    assert refused(shop, Budget(10), seed=-1) == "sample_seed_range"
    assert refused(other, Budget(1)) == "sample_no_automatic"
    assert refused(table([]), Budget(1)) == "sample_no_automatic"
