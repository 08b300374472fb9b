"""The statement of a month: every entry of the ledger, and what they come to."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from gracja.app.gestures.models import KINDS, Entry, Terms
from gracja.app.gestures.selectors.reading import places_read, require_reading
from gracja.app.organisation.models import Place, User
from gracja.app.organisation.selectors.company import company_zone
from gracja.engine.edition.texts import LocalText


@dataclass(frozen=True, slots=True)
class Line:
    """The sums of one kind of gesture in one currency, in minor units. kind empty: all kinds together.

    asked_for: how many were asked for in the month, whatever became of them.
    """

    kind: str
    currency: str
    asked_for: int = 0
    reserve: int = 0
    commit: int = 0
    release: int = 0
    expire: int = 0
    returned: int = 0

    @property
    def spent(self) -> int:
        """What was spent in the month, less what came back of spent money."""
        return self.commit - self.returned


@dataclass(frozen=True, slots=True)
class Statement:
    """first, last: the days of the month. entries: oldest first. lines: by currency and kind, each currency
    with its total last. earlier: by currency, what of the spent came out of budgets whose last day was over
    before this month began.
    """

    first: date
    last: date
    place: Place | None
    entries: QuerySet[Entry]
    lines: tuple[Line, ...]
    earlier: dict[str, int]


def statement(*, by: User, month: date, place_uid: str = "") -> Statement:
    """Of the month in which this day lies, by each place's own clock; of one place and all below it, or of
    all where one reads gestures.

    A place that one does not read has none. Raises Refused: not_permitted.
    """
    require_reading(by)
    first = month.replace(day=1)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    readable = Place.objects.filter(places_read(by))
    chosen = None
    if place_uid:
        chosen = readable.filter(uid=place_uid).first()
        readable = readable.filter(path__startswith=chosen.path) if chosen else readable.none()
    during = Q(pk__in=())
    for zone in readable.order_by("zone").values_list("zone", flat=True).distinct():
        during |= Q(budget__place__zone=zone, at__gte=_start(first, zone), at__lt=_after(last, zone))
    entries = (
        Entry.objects.filter(during, budget__place__in=readable)
        .select_related("gesture__terms__policy", "gesture__given_by", "budget__place")
        .order_by("at", "pk")
    )
    return Statement(first, last, chosen, entries, tuple(_lines(entries)), _earlier(entries, first))


class Written(NamedTuple):
    """An entry with all that a file says of it. at: by the clock of its place; title: of the policy."""

    at: datetime
    place: str
    kind: str
    policy_kind: str
    policy: int
    title: LocalText
    amount_minor: int
    currency: str
    customer_key: str
    given_by: str
    reason: str
    gesture: str


def written(found: Statement) -> list[Written]:
    """Every entry, oldest first: as plain values, since a month of a large company has tens of thousands."""
    rows = list(
        found.entries.values_list(
            "at", "budget__place__zone", "budget__place__name", "kind", "gesture__terms__policy__kind",
            "gesture__terms__policy", "gesture__terms", "amount_minor", "budget__currency",
            "gesture__customer_key", "gesture__given_by__name", "gesture__reason", "gesture__uid",
        )
    )  # fmt: skip
    terms = Terms.objects.filter(pk__in={row[6] for row in rows}).values_list("pk", "document")
    titles = {pk: document["title"] for pk, document in terms}
    zones = {row[1]: ZoneInfo(row[1]) for row in rows}
    return [
        Written(
            at.astimezone(zones[zone]), place, kind, policy_kind, policy, titles[version], amount, currency,
            customer, given_by or "", reason, gesture,
        )
        for at, zone, place, kind, policy_kind, policy, version, amount, currency, customer, given_by, reason,
        gesture in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfDay:
    """What one policy's entries of one day come to, in minor units. n: how many entries."""

    day: date
    title: LocalText
    n: int
    sums: Line


def by_day(entries: Iterable[Written]) -> list[OfDay]:
    """Summed up by day and policy, by each place's own clock, the earliest first."""
    groups: dict[tuple[date, int, str], list[Written]] = {}
    for one in entries:
        groups.setdefault((one.at.date(), one.policy, one.currency), []).append(one)
    found = []
    for (day, _, currency), group in sorted(groups.items(), key=lambda item: item[0]):
        sums: dict[str, int] = {}
        for one in group:
            name = "returned" if one.kind == "return" else one.kind
            sums[name] = sums.get(name, 0) + one.amount_minor
        asked = sum(one.kind == "reserve" for one in group)
        line = Line(group[-1].policy_kind, currency, asked_for=asked, **sums)
        found.append(OfDay(day, group[-1].title, len(group), line))
    return found


def months_of(*, by: User, until: date) -> list[date]:
    """The first days of the months from the first entry where one reads them to this month, and on to the
    last one, newest first.
    """
    require_reading(by)
    readable = Place.objects.filter(places_read(by))
    ends = Entry.objects.filter(budget__place__in=readable).aggregate(first=Min("at"), last=Max("at"))
    zone = company_zone()
    days = [until, *(at.astimezone(zone).date() for at in ends.values() if at)]
    first, last = min(days), max(days)
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(month // 12, month % 12 + 1, 1) for month in reversed(months)]


def _lines(entries: QuerySet[Entry]) -> Iterable[Line]:
    rows = (
        entries.order_by()
        .values_list("budget__currency", "gesture__terms__policy__kind", "kind")
        .annotate(total=Sum("amount_minor"), n=Count("pk"))
    )
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for currency, kind, what, total, n in rows:
        name = "returned" if what == "return" else what
        for of in (kind, ""):
            line = sums.setdefault((currency, of), {})
            line[name] = line.get(name, 0) + total
            if what == "reserve":
                line["asked_for"] = line.get("asked_for", 0) + n
    order = {kind: at for at, kind in enumerate((*KINDS, ""))}
    for currency, kind in sorted(sums, key=lambda one: (one[0], order[one[1]])):
        yield Line(kind, currency, **sums[currency, kind])


def _earlier(entries: QuerySet[Entry], first: date) -> dict[str, int]:
    spent = (
        entries.order_by()
        .filter(budget__last_day__lt=first, kind__in=("commit", "return"))
        .values_list("budget__currency", "kind")
        .annotate(total=Sum("amount_minor"))
    )
    found: dict[str, int] = {}
    for currency, kind, total in spent:
        found[currency] = found.get(currency, 0) + (total if kind == "commit" else -total)
    return {currency: total for currency, total in sorted(found.items()) if total}


def _start(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _after(day: date, zone: str) -> datetime:
    return _start(day + timedelta(days=1), zone)
