"""Companies whose truth is known, rated."""

from __future__ import annotations

import polars as pl
import pytest

from gracja.engine.measure.estimate import rate

FACETS = ("employee", "standard", "evaluator")


def frame_of(company):
    """The marks, with names in the order of the codes."""
    names = {
        facet: pl.Series([f"{facet[0]}{i:03}" for i in range(1000)]).gather(getattr(company, facet))
        for facet in FACETS
    }
    return pl.DataFrame(
        {**names, "value": company.met, "contact": company.contact},
        schema_overrides={"value": pl.Float64},
    ).with_columns(place=pl.lit(None, dtype=pl.String))


@pytest.fixture(scope="session")
def rated():
    """The rating of a company"""
    return lambda company: rate(frame_of(company), FACETS)
