"""How customers come back and what they spend, fitted anew once a day on the company's own purchases."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.db.models import F

from gracja.app.common.clock import now
from gracja.app.contacts.models import Purchase, ValueFit
from gracja.app.contacts.selectors.value import FEWEST_WEEKS, YEAR, known_until, summarised, usual_currency
from gracja.engine.errors import EngineInputError

if TYPE_CHECKING:
    from gracja.engine.gesture.value.buying import BuyingModel
    from gracja.engine.gesture.value.spending import SpendingModel

log = logging.getLogger(__name__)
KEPT: Final = 30  # fits: enough to see whether the company's customers change
AGAIN_AFTER: Final = timedelta(hours=20)


def refit_value_daily() -> None:
    """Once a day, however often it is called."""
    last = ValueFit.objects.first()
    if last is None or last.fitted_at < now() - AGAIN_AFTER:
        refit_value()


def refit_value() -> ValueFit | None:
    """Fit on all purchases in the company's usual currency, what was given back taken off; None where there
    are none. What cannot be fitted is kept with the reason.
    """
    from gracja.engine.gesture.value.buying import fit_buying  # noqa: PLC0415  (scipy loads as long as a page)
    from gracja.engine.gesture.value.predict import expected_purchases  # noqa: PLC0415
    from gracja.engine.gesture.value.spending import fit_spending  # noqa: PLC0415
    from gracja.engine.gesture.value.worth import expected_spend  # noqa: PLC0415

    at, currency = now(), usual_currency()
    rows = _bought(currency)
    if not rows["customer"]:
        return None
    summary = summarised(rows, known_until(currency, at))
    x, last, seen, mean = (
        summary[name].to_numpy(zero_copy_only=False)
        for name in ("frequency", "recency", "observed", "mean_spend")
    )
    fit = ValueFit(fitted_at=at, currency=currency, customers=len(x), repeaters=int(np.count_nonzero(x > 0)))
    try:
        buying, spending = fit_buying(x, last, seen), fit_spending(x, mean)
    except EngineInputError as error:
        fit.trouble = {"code": error.code, "facts": dict(error.facts)}
    else:
        fit.buying, fit.spending = _as_json(buying), _as_json(spending)
        yearly = expected_purchases(buying, x, last, seen, YEAR) * expected_spend(spending, x, mean)
        usual = float(np.mean(yearly))
        fit.usual_minor = round(usual) if np.isfinite(usual) else None
        if (weeks := int(seen.max())) < FEWEST_WEEKS:
            fit.trouble = {"code": "history_too_short", "facts": {"weeks": weeks, "fewest": FEWEST_WEEKS}}
    fit.save()
    ValueFit.objects.exclude(pk__in=ValueFit.objects.values("pk")[:KEPT]).delete()
    log.info("value fitted", extra={"facts": {"customers": fit.customers, "repeaters": fit.repeaters}})
    return fit


def _bought(currency: str) -> dict[str, list[Any]]:
    there = Purchase.objects.filter(currency=currency, amount_minor__gt=F("refunded_minor"))
    found: dict[str, list[Any]] = {"customer": [], "at": [], "minor": []}
    rows = there.order_by().values_list("customer_id", "at", F("amount_minor") - F("refunded_minor"))
    for customer, at, minor in rows.iterator(chunk_size=20_000):
        found["customer"].append(customer)
        found["at"].append(at)
        found["minor"].append(minor)
    return found


def _as_json(model: BuyingModel | SpendingModel) -> dict[str, Any]:
    return {**asdict(model), "covariance": model.covariance.tolist()}
