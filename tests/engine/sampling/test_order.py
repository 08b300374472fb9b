"""The order in which contacts are worth reading."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.sampling import order

STANDARDS = ["greet", "thank", "price"]
SCHEMA = {
    "contact": pl.Int64,
    "employee": pl.String,
    "tie": pl.Int64,
    "standard": pl.String,
    "status": pl.String,
    "value": pl.Float32,
    "probability": pl.Float32,
}


@st.composite
def marks(draw):
    """Contacts with any marks of three standards; several rows of one standard where people shared it."""
    rows = [
        {
            "contact": contact,
            "employee": draw(st.sampled_from(["anna", "borys", None])),
            "tie": order.tie_breaker(str(contact)) >> 1,
            "standard": standard,
            "status": draw(st.sampled_from(["marked", "abstained", "not_seen"])),
            "value": float(draw(st.booleans())),
            "probability": draw(st.none() | st.integers(0, 20).map(lambda part: part / 20)),
        }
        for contact in range(draw(st.integers(1, 15)))
        for standard in draw(st.lists(st.sampled_from(STANDARDS), min_size=1, max_size=5))
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def lists_of(rows, most):
    doubtful = order.uncertain(rows, STANDARDS, most)
    standing_out = order.exceptional(rows, most, critical=["greet"], initiative=["price"], base=["thank"])
    return doubtful, standing_out


@given(marks(), st.integers(1, 15))
def test_a_short_list_begins_as_the_whole_one_does(rows, most):
    for short, whole in zip(lists_of(rows, most), lists_of(rows, 1_000), strict=True):
        assert short["contact"].to_list()[:most] == whole["contact"].to_list()[:most]


@given(marks(), st.randoms())
def test_the_order_of_rows_changes_nothing(rows, chance):
    same_employee = rows.with_columns(pl.col("employee").first().over("contact"))
    mixed = same_employee[chance.sample(range(rows.height), rows.height)]

    for one, other in zip(lists_of(same_employee, 99), lists_of(mixed, 99), strict=True):
        assert one.equals(other)


@given(marks())
def test_each_contact_stands_once_and_only_where_there_is_doubt(rows):
    doubtful, _ = lists_of(rows, 99)
    sure = pl.col("probability").is_null() | ~pl.col("probability").is_between(0.1, 0.9)
    unsure = rows.filter((pl.col("status") == "abstained") | ((pl.col("status") == "marked") & ~sure))[
        "contact"
    ]

    assert sorted(doubtful["contact"]) == sorted(unsure.unique())


@given(marks())
def test_merging_keeps_both_orders(rows):
    first, second = lists_of(rows, 99)
    both = order.merged(first, second, (0.35, 0.15))

    assert sorted(both["contact"]) == sorted({*first["contact"], *second["contact"]})
    for number, part in enumerate((first, second)):
        named = both.filter(pl.col("list") == number)["contact"].to_list()
        assert named == [contact for contact in part["contact"] if contact in set(named)]


def test_a_list_without_a_share_stands_behind_the_other():
    first = pl.DataFrame({"contact": [1, 2], "place": [0, 1]})
    second = pl.DataFrame({"contact": [2, 3], "place": [0, 1]})

    assert order.merged(first, second, (0.5, 0.0))["contact"].to_list() == [1, 2, 3]
