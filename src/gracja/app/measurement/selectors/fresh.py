"""Base with the contacts that came since the newest measurement: provisional, until the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gracja.app.measurement.models import Footing, Run
from gracja.engine.edition.model import Aspire
from gracja.report.model import Estimate


@dataclass(frozen=True, slots=True)
class Fresh:
    """contacts: new ones. of_visits: they are visits; else conversations. base: with them."""

    contacts: int
    of_visits: bool
    base: Estimate


def fresh_of(results: Iterable[int], run: Run, aspire: Aspire) -> dict[int, Fresh]:
    """Of these results of a run, by their numbers: those with new contacts. Only the newest run of an edition
    has any.
    """
    of_visits = run.basis.get("on") == "human"
    moved = Footing.objects.filter(result__in=list(results), contacts__gt=0)
    return {
        one.result_id: Fresh(one.contacts, of_visits, Estimate(one.base, one.low, one.high, aspire.base))
        for one in moved
    }
