"""Contrasts as sparse matrices say what they say as plain ones; and a very wide company is measured whole."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from gracja.engine.measure import contrasts, findings, measure, wide
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.design import make_design
from gracja.engine.measure.simulated import Shape, edition_of, observations_of, simulated_company
from gracja.engine.measure.solve import find_mode

FACETS = ("employee", "evaluator", "standard", "place")


@cache
def fitted():
    drawn = simulated_company(np.random.default_rng(5), Shape(30, 6, 12, 4, (3, 6), place_spread=0.4))
    design = make_design(drawn.met, {name: getattr(drawn, name) for name in FACETS}, half_marks=1.0)
    theta = np.array([0.5, 0.4, 1.0, 0.3])
    return design, {"matrix": find_mode(design, theta), "draws": wide.wide_mode(design, theta)}


@st.composite
def entries(draw):
    design, _ = fitted()
    one = st.tuples(
        st.integers(0, 6), st.integers(0, design.n_columns - 1), st.floats(-2, 2, allow_subnormal=False)
    )
    return draw(st.lists(one, min_size=1, max_size=40))


def both(made):
    """What a function makes of plain contrasts and of sparse ones."""
    plain = made()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contrasts, "SMALL", 0)
        patch.setattr(contrasts, "_DENSE", 0)
        patch.setattr(contrasts, "_WIDE_AT_ONCE", 100)  # so that they come in parts
        return plain, made()


def changed(given_entries, other):
    """Each way in which contrasts are made from others."""
    design, _ = fitted()
    first = Contrasts.of_entries(design, 7, given_entries)
    second = Contrasts.of_entries(design, 7, other)
    standards = design.column_of("standard") + np.arange(6)
    employees = design.column_of("employee") + np.arange(5)
    times, amounts = np.linspace(-1, 2, 7), np.linspace(0, 1, 42).reshape(7, 6)
    parts = csr_array(np.tri(3, 7) / 7)
    return {
        "given": first,
        "with intercept": first.with_intercept(),
        "bent": first.with_intercept().bent(times, standards, amounts),
        "bent in the largest facet": first.bent(times, employees, amounts[:, :5]),
        "sum": first.plus(second),
        "mixed": first.mixed(parts),
        "around the average": first.around_average(),
    }


@settings(max_examples=40, deadline=None)
@given(entries(), entries(), st.sampled_from(["matrix", "draws"]))
def test_sparse_contrasts_say_what_plain_ones_say(one, other, kind):
    mode = fitted()[1][kind]

    def told():
        return {
            how: (
                made.values(mode),
                np.concatenate([part.variance(mode) for part in made.in_parts()]),
                made.covariance(mode),
            )
            for how, made in changed(one, other).items()
        }

    plain, sparse = both(told)

    for how, numbers in plain.items():
        for ours, theirs in zip(sparse[how], numbers, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-12, rtol=1e-12, err_msg=how)


def test_contrasts_are_sparse_where_that_is_asked_for():
    _, sparse = both(lambda: changed([(0, 0, 1.0)], [(1, 1, 1.0)])["around the average"])

    assert isinstance(sparse.big, csr_array)
    assert isinstance(sparse.rest, csr_array)
    assert sparse.less is not None


def test_a_very_wide_company_is_measured_whole(monkeypatch, rows):
    """Where nothing but sparse contrasts fits, and where all is plain: results, ranks, grades and misfit."""
    drawn = simulated_company(np.random.default_rng(6), Shape(60, 5, 8, 40, (4, 8), place_spread=0.3))
    company, standards = observations_of(drawn), edition_of(drawn.shape)
    for room in (wide, findings):
        monkeypatch.setattr(room, "WIDEST", 30)

    plain, sparse = both(lambda: measure(company, standards))

    assert "intervals_by_simulation" in {note.code for note in sparse.notes}
    assert sparse.fit_info.log_likelihood == pytest.approx(plain.fit_info.log_likelihood, abs=0.5)
    assert 0 < sparse.fit_info.log_likelihood_error < 0.1
    assert "wide_with_few_marks" not in {note.code for note in sparse.notes}
    assert sparse.model_fit.equals(plain.model_fit)
    for kind in ("employee", "place", "standard", "evaluator", "part"):
        ours, theirs = rows(kind, sparse), rows(kind, plain)
        assert ours.keys() == theirs.keys()
        for name, row in ours.items():
            numbers = [{k: v for k, v in of.items() if isinstance(v, float)} for of in (row, theirs[name])]
            assert numbers[0] == pytest.approx(numbers[1], abs=1e-9)
            assert {k: v for k, v in row.items() if k not in numbers[0]} == {
                k: v for k, v in theirs[name].items() if k not in numbers[0]
            }


def test_a_very_wide_company_with_a_mark_of_each_is_told_that_its_intervals_are_too_short(monkeypatch):
    drawn = simulated_company(np.random.default_rng(6), Shape(60, 1, 8, 40, (1, 1), place_spread=0.3))
    for room in (wide, findings):
        monkeypatch.setattr(room, "WIDEST", 30)

    told = measure(observations_of(drawn), edition_of(drawn.shape))

    assert {"intervals_by_simulation", "wide_with_few_marks"} <= {note.code for note in told.notes}
