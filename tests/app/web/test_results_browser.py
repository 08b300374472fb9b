"""The pages of results and of planned visits in a real browser: axe, and no page wider than its window."""

from __future__ import annotations

from datetime import timedelta

import pytest
from app.web.test_over_time_pages import AGREEMENT, course

from gracja.app.common.clock import now, today
from gracja.app.measurement.models import PartFit, Result
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.services.planned import Order, plan_visit

pytestmark = pytest.mark.browser

PAGES = (
    "",
    "places/",
    "standards/",
    "fit/",
    "over-time/",
    "over-time/course/?standard=greet",
    "evaluators/",
    "plan/",
    "plan/?ask=apart",
    "runs/",
)


@pytest.fixture
def run(cast, edition, rynek, told, visits):
    """A measurement with something on each page: also what two places and forty visits do not tell."""
    made = carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))
    made.agreement = AGREEMENT
    made.save()
    course(made, standard="greet")
    course(made, rynek, change={"period": 5, "before": 0.6, "after": 0.9, "p": 0.001})
    made.part_fits.all().delete()
    for of in ("", "welcome"):
        PartFit.objects.create(run=made, place=rynek, part=of, judged=40, distant=4, close=6, unknown=3)
    fit = {
        "marks": 200, "infit": 1.4, "infit_low": 0.9, "infit_high": 1.1,
        "slope": 0.1, "slope_low": -0.2, "slope_high": 0.3,
    }  # fmt: skip
    Result.objects.filter(run=made).update(model_fit=fit)
    return made


@pytest.fixture
def ordered(cast, edition, rynek):
    return plan_visit(
        by=cast.filip,
        order=Order(
            place=rynek,
            edition_uid=edition.uid,
            evaluator=cast.borys.person,
            due_on=today() + timedelta(days=7),
            scenario="Klient z książką. Odpowiada jednym słowem.",
            wanted="discreet",
        ),
    )


def seen(page, address, width, violations):
    """Open a page with all that it folds, and look for what is wrong."""
    page.go(address)
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")

    assert violations(page) == [], address
    assert page.evaluate("document.documentElement.scrollWidth") == width, address


LOOKS = [(390, "light", "pl"), (390, "dark", "en"), (1440, "light", "en"), (1440, "dark", "pl")]


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_axe_finds_nothing_on_the_pages_of_results(window, cast, run, violations, width, scheme, language):
    page = window(cast.filip, width=width, scheme=scheme, language=language)
    for address in PAGES:
        seen(page, f"/results/{address}", width, violations)

    seen(page, f"/results/people/{cast.darek.person.uid}/", width, violations)


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_axe_finds_nothing_on_ones_own_results(window, cast, run, violations, width, scheme, language):
    page = window(cast.darek, width=width, scheme=scheme, language=language)

    seen(page, "/results/mine/", width, violations)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_axe_finds_nothing_before_anything_is_measured(window, cast, edition, violations, width, scheme):
    page = window(cast.filip, width=width, scheme=scheme)
    for address in PAGES:
        if "course" not in address:
            seen(page, f"/results/{address}", width, violations)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_axe_finds_nothing_where_no_evaluator_counts(window, cast, edition, run, violations, width, scheme):
    run.results.filter(subject_kind="evaluator").delete()
    run.finished_at = now()
    run.save()

    seen(window(cast.filip, width=width, scheme=scheme), "/results/evaluators/", width, violations)


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_axe_finds_nothing_on_planned_visits(window, cast, ordered, violations, width, scheme, language):
    page = window(cast.filip, width=width, scheme=scheme, language=language)
    for address in ("", "?show=made", "new/"):
        seen(page, f"/visits/planned/{address}", width, violations)
