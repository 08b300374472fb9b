"""The published customers, and made-up ones whose truth is known."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import polars as pl
import pytest
from conftest import DATA

from gracja.engine.gesture.value.buying import fit_buying
from gracja.engine.gesture.value.spending import fit_spending


@pytest.fixture(scope="session")
def published():
    """CDNOW: frequency, recency and weeks observed of 2,357 customers, as published."""
    with gzip.open(DATA / "cdnow_sample_summary.csv.gz") as file:
        return pl.read_csv(file.read())


@pytest.fixture(scope="session")
def transactions():
    """The purchases behind them, as PURCHASES."""
    with gzip.open(DATA / "cdnow_sample_transactions.txt.gz", "rt") as file:
        rows = [line.split() for line in file]
    return pl.DataFrame(
        {
            "customer": [row[1] for row in rows],
            "at": [datetime.strptime(row[2], "%Y%m%d").replace(hour=12, tzinfo=UTC) for row in rows],
            "amount": [float(row[4]) for row in rows],
        }
    ).to_arrow()


@pytest.fixture(scope="session")
def made_up():
    from gesture.made_up import customers

    return customers(4_000, 7)


@pytest.fixture(scope="session")
def buying(made_up):
    return fit_buying(made_up.frequency, made_up.recency, made_up.observed)


@pytest.fixture(scope="session")
def spending(made_up):
    return fit_spending(made_up.frequency, made_up.mean_spend)
