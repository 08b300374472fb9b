"""The rating model against lme4's published optima (nAGQ = 0, tolPwrss = 1e-10)."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from gracja.engine.measure import rating, wide

pytestmark = pytest.mark.real_data


def codes(column: pl.Series) -> np.ndarray:
    return column.cast(pl.String).rank("dense").to_numpy().astype(np.int64) - 1


@pytest.fixture(scope="module")
def verbagg(data_folder):
    rows = pl.read_csv(data_folder / "verbagg.csv.gz")
    return (rows["r2"] == "Y").to_numpy().astype(float), {
        "id": codes(rows["id"]),
        "item": codes(rows["item"]),
    }


@pytest.fixture(scope="module")
def insteval(data_folder):
    rows = pl.read_csv(data_folder / "insteval.csv.gz")
    return (rows["y"] >= 4).to_numpy().astype(float), {"s": codes(rows["s"]), "d": codes(rows["d"])}


def test_verbagg_has_the_published_likelihood_at_the_published_spreads(verbagg):
    fit = rating.fit(*verbagg, theta={"id": 1.373340823, "item": 1.129510794})

    assert fit.log_likelihood() == pytest.approx(-4101.549285, rel=1e-8)
    assert fit.intercept == pytest.approx(-0.155042854, abs=1e-6)


def test_the_search_reaches_the_published_optimum_of_verbagg(verbagg):
    fit = rating.fit(*verbagg)

    assert fit.log_likelihood() >= -4101.549285 - 1e-6
    assert fit.theta == pytest.approx({"id": 1.373340823, "item": 1.129510794}, rel=1e-5)


def test_insteval_has_the_published_likelihood_and_the_search_its_optimum(insteval):
    published = {"s": 0.476983868, "d": 0.799449812}
    fit = rating.fit(*insteval)

    assert fit.log_likelihood(published) == pytest.approx(-46430.726447, rel=1e-9)
    assert fit.log_likelihood() >= -46430.726447 - 1e-5
    assert fit.theta == pytest.approx(published, rel=1e-5)
    assert fit.intercept == pytest.approx(-0.195388794, abs=1e-6)


def test_too_wide_for_a_matrix_insteval_has_its_likelihood_within_the_stated_error(insteval, monkeypatch):
    monkeypatch.setattr(wide, "WIDEST", 100)
    published = {"s": 0.476983868, "d": 0.799449812}

    there = rating.fit(*insteval, theta=published)
    optimum = rating.fit(*insteval)

    assert 0 < there.log_likelihood_error < 0.1
    assert there.log_likelihood() == pytest.approx(-46430.726447, abs=3 * there.log_likelihood_error)
    assert optimum.theta == pytest.approx(published, rel=0.01)
    assert optimum.log_likelihood() == pytest.approx(-46430.726447, abs=3 * optimum.log_likelihood_error)
