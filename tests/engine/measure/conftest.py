"""The cast: an edition and rows, told by what matters in a test."""

from __future__ import annotations

from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from gracja.engine import tables
from gracja.engine.edition.model import Edition

_STANDARD = {"behaviour": "x", "channels": ["in_person"]}
_ROW = {
    "segment": 0,
    "edition": "salon@3",
    "source": "visit",
    "status": "marked",
    "revision": 0,
    "evidence": [],
}
_CONTACT = {"segment": 0, "edition": "salon@3", "service_kind": "encounter", "wanted_source": "scenario"}


def make_edition(standards: list[dict[str, Any]], **aspire: float) -> Edition:
    """Each standard may name its `part`; those without stand in `welcome`."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for given in standards:
        own = {key: value for key, value in given.items() if key != "part"}
        parts.setdefault(given.get("part", "welcome"), []).append({**_STANDARD, **own})
    sequence = [
        {
            "part": part,
            "title": part,
            "enhancers": [{"enhancer": f"in_{part}", "title": part, "standards": own}],
        }
        for part, own in parts.items()
    ]
    document = {"gracja": 1, "id": "salon", "version": 3, "title": "Salon", "service": {"kind": "encounter"}}
    return Edition.model_validate({**document, "aspire": aspire, "sequence": sequence})


def make_observations(rows: list[dict[str, Any]]) -> pa.Table:
    filled = [{**dict.fromkeys(tables.OBSERVATIONS.names), **_ROW, **row} for row in rows]
    return pa.Table.from_pylist(filled, schema=tables.OBSERVATIONS)


def make_contacts(rows: list[dict[str, Any]]) -> pa.Table:
    filled = [{**dict.fromkeys(tables.CONTACTS.names), **_CONTACT, **row} for row in rows]
    return pa.Table.from_pylist(filled, schema=tables.CONTACTS)


def rows_of(kind: str, measured: Any) -> dict[str, dict[str, Any]]:
    """Results of one kind, by subject."""
    results = pl.DataFrame(pl.from_arrow(measured.results)).filter(pl.col("subject_kind") == kind)
    return {row["subject"]: row for row in results.iter_rows(named=True)}


@pytest.fixture(scope="session")
def edition():
    """make_edition(standards, **aspire)"""
    return make_edition


@pytest.fixture(scope="session")
def observations():
    """make_observations(rows)"""
    return make_observations


@pytest.fixture(scope="session")
def contacts():
    """make_contacts(rows)"""
    return make_contacts


@pytest.fixture(scope="session")
def rows():
    """rows_of(kind, measured)"""
    return rows_of


@pytest.fixture(scope="session")
def shop(observations):
    """Marks of a small shop: (employee, contacts, share met) -> observations of greet and thanks."""

    def marks(
        people: dict[str, tuple[int, float]], *, standards=("greet", "thanks"), **same: Any
    ) -> pa.Table:
        rows = []
        for employee, (count, share) in people.items():
            for number in range(count):
                rows += [
                    {
                        "contact": f"{employee}-{number:04}",
                        "employee": employee,
                        "standard": standard,
                        # spread evenly over contacts, differently for each standard
                        "value": float((number * 7 + 3 * place) % count < share * count),
                        "evaluator": f"borys{number % 2}",
                        "place": "rynek",
                        **same,
                    }
                    for place, standard in enumerate(standards)
                ]
        return observations(rows)

    return marks
