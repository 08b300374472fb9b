"""What a customer is likely to buy in the next twelve months, and between which ends it will lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final

import numpy as np
import pyarrow as pa
from django.db.models import Count, F

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, Purchase, ValueFit
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.company import company_zone
from gracja.engine.gesture.value.history import summary_of

PERIOD: Final = "week"
YEAR: Final = 52  # periods
LEVEL: Final = 0.9
# An assumption: a year is foretold from half a year at least, twice as far as one has looked. CDNOW's own
# test foretells as long as it looked.
FEWEST_WEEKS: Final = 26
_AT_ONCE: Final = 5000  # a database takes only so many values at once
STALE: Final = timedelta(days=62)  # a file a month, and one forgotten


@dataclass(frozen=True, slots=True)
class Value:
    """The next twelve months. times: purchases expected (days with one), and the ends between which they will
    lie with LEVEL; spend alike. nothing: the chance that they never come again. usual: what is expected of a
    customer on average. bought: on how many days they bought so far.
    """

    times: float
    times_low: int
    times_high: int
    spend: Money
    low: Money
    high: Money
    nothing: float
    usual: Money | None
    bought: int
    customers: int  # on whose purchases it was fitted
    fitted_at: datetime


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """Why there is no value: a code with facts. Never zero.

    no_purchases; not_fitted_yet; too_few_repeaters (repeaters, fewest); value_not_converged; no_mean;
    history_too_short (weeks, fewest); purchases_stale (day: of the last one that is known).
    """

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def value_of(*, by: User, customer: Customer) -> Value | NotMeasured:
    """For whoever reads customers, or approves what another wants to give them.

    Raises Refused: not_permitted.
    """
    if not (may(by, "customer.read") or may_somewhere(by, "gesture.approve")):
        raise Refused("not_permitted", permission="customer.read")
    return worth_now(customer)


def worth_now(customer: Customer) -> Value | NotMeasured:
    """The same for the conditions of a policy, which tell nobody the amount."""
    at, fit = now(), ValueFit.objects.first()
    if fit is None:
        there = customer.purchases.filter(amount_minor__gt=F("refunded_minor")).exists()
        return NotMeasured("not_fitted_yet" if there else "no_purchases")
    bought = customer.purchases.filter(
        currency=fit.currency, amount_minor__gt=F("refunded_minor"), at__lte=at
    ).values_list("at", F("amount_minor") - F("refunded_minor"))
    rows = list(bought)
    if not rows:
        return NotMeasured("no_purchases")
    if fit.trouble:
        return NotMeasured(fit.trouble["code"], fit.trouble["facts"])
    until = known_until(fit.currency, at)
    if at - until > STALE:
        return NotMeasured("purchases_stale", {"day": until.astimezone(company_zone()).date()})
    given = {"customer": [customer.pk] * len(rows), "at": [one for one, _ in rows]}
    summary = summarised(given | {"minor": [minor for _, minor in rows]}, until).to_pylist()[0]
    return _worth(fit, summary)


def worths_now(customers: Sequence[int], currency: str) -> dict[int, int]:
    """Primary key -> what the next twelve months are worth in the smallest unit of this currency, as
    `worth_now` says of one; those of whom it is not measured are left out. For counts, which name nobody.
    """
    at, fit = now(), ValueFit.objects.first()
    if fit is None or fit.trouble or fit.currency != currency:
        return {}
    until = known_until(currency, at)
    if at - until > STALE:
        return {}
    given: dict[str, list[Any]] = {"customer": [], "at": [], "minor": []}
    for some in batched(customers, _AT_ONCE):
        bought = Purchase.objects.filter(
            customer__in=some, currency=currency, amount_minor__gt=F("refunded_minor"), at__lte=at
        ).order_by()
        for row in bought.values_list("customer", "at", F("amount_minor") - F("refunded_minor")):
            for column, value in zip(given.values(), row, strict=True):
                column.append(value)
    return _worths(fit, summarised(given, until)) if given["customer"] else {}


def _worths(fit: ValueFit, summary: pa.Table) -> dict[int, int]:
    from gracja.engine.gesture.value.buying import BuyingModel  # noqa: PLC0415  (scipy loads as long as a page)
    from gracja.engine.gesture.value.predict import expected_purchases  # noqa: PLC0415
    from gracja.engine.gesture.value.spending import SpendingModel  # noqa: PLC0415
    from gracja.engine.gesture.value.worth import expected_spend  # noqa: PLC0415

    buying, spending = BuyingModel(**_model(fit.buying)), SpendingModel(**_model(fit.spending))
    x, last, seen, mean = (
        summary[name].to_numpy(zero_copy_only=False).astype(np.float64)
        for name in ("frequency", "recency", "observed", "mean_spend")
    )
    yearly = expected_purchases(buying, x, last, seen, YEAR) * expected_spend(spending, x, mean)
    keys: list[Any] = summary["customer"].to_pylist()
    return {
        int(key): round(minor) for key, minor in zip(keys, yearly.tolist(), strict=True) if np.isfinite(minor)
    }


def _worth(fit: ValueFit, summary: Mapping[str, Any]) -> Value | NotMeasured:
    from gracja.engine.gesture.value.buying import BuyingModel  # noqa: PLC0415  (scipy loads as long as a page)
    from gracja.engine.gesture.value.predict import (  # noqa: PLC0415
        expected_purchases,
        purchases_interval,
    )
    from gracja.engine.gesture.value.spending import SpendingModel  # noqa: PLC0415
    from gracja.engine.gesture.value.worth import worth_of  # noqa: PLC0415

    buying, spending = BuyingModel(**_model(fit.buying)), SpendingModel(**_model(fit.spending))
    x, last, seen = float(summary["frequency"]), summary["recency"], summary["observed"]
    mean = float("nan") if summary["mean_spend"] is None else summary["mean_spend"]
    worth = worth_of(buying, spending, (x, last, seen, mean), YEAR, level=LEVEL)
    if not np.isfinite([worth.value, worth.low, worth.high]).all():
        return NotMeasured("no_mean")
    times = purchases_interval(buying, [x], [last], [seen], YEAR, level=LEVEL)
    spend, low, high = (Money(round(minor), fit.currency) for minor in (worth.value, worth.low, worth.high))
    return Value(
        times=float(expected_purchases(buying, [x], [last], [seen], YEAR)[0]),
        times_low=int(times.low[0]),
        times_high=int(times.high[0]),
        spend=spend,
        low=low,
        high=high,
        nothing=worth.nothing,
        usual=None if fit.usual_minor is None else Money(fit.usual_minor, fit.currency),
        bought=int(x) + 1,
        customers=fit.customers,
        fitted_at=fit.fitted_at,
    )


def usual_currency() -> str:
    """The one in which most purchases are; before any, our own country's."""
    counted = (
        Purchase.objects.order_by().values("currency").annotate(n=Count("pk")).order_by("-n", "currency")
    )
    found = counted.first()
    return str(found["currency"]) if found else "PLN"


def known_until(currency: str, at: datetime) -> datetime:
    """When the last purchase was that anybody brought in. Whoever bought nothing since a file ended has not
    stayed away: nobody told us.
    """
    known = Purchase.objects.filter(currency=currency, at__lte=at).order_by("-at")
    return known.values_list("at", flat=True).first() or at


def summarised(bought: Mapping[str, Sequence[Any]], at: datetime) -> pa.Table:
    """Columns customer, at, minor -> what each customer had bought by now, in the company's days; amounts in
    the smallest unit of the currency.
    """
    zone = company_zone()
    table = pa.table(
        {
            "customer": pa.array(bought["customer"]).cast(pa.string()),
            "at": pa.array(bought["at"], pa.timestamp("us", "UTC")),
            "amount": np.asarray(bought["minor"], np.float64),
        }
    )
    return summary_of(table, at.astimezone(zone).date(), PERIOD, zone=zone.key)


def _model(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {**kept, "covariance": np.array(kept["covariance"])}
