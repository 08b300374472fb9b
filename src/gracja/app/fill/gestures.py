"""Gestures at the salons since October: policies, budgets by the month, what was given and what waits."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count, islice
from random import Random
from typing import Any, Final

from django.utils import timezone

from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.fill.autumn import GESTURES_FROM, LATELY, at, who
from gracja.app.fill.club import fill_the_shelf, somebody_at, still_coming
from gracja.app.fill.people import LEADS, MANAGER
from gracja.app.fill.regulars import customer_of, take_in
from gracja.app.gestures.club.models import Gift
from gracja.app.gestures.club.services.handing import hand_over_promised
from gracja.app.gestures.models import Gesture, Policy
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.granting import approve_gesture, give_gesture, grant_gesture
from gracja.app.gestures.services.policies import write_policy
from gracja.app.gestures.services.redeeming import redeem_code
from gracja.app.gestures.wish import Wish
from gracja.app.organisation.models import Place
from gracja.demo.regulars import SALONS, Regular, visit

SEED: Final = 2026
BUDGET_ZL: Final = 1_500  # a salon's month
HELD_OUT_SHARE: Final = 0.3
# How many come back within five weeks, with a code for the next visit and without
_RETURN_SHARES: Final = {True: 0.66, False: 0.45}
_POLICIES: Final[dict[str, dict[str, Any]]] = {
    "discount": {
        "title": {"pl": "15\u00a0% na następną wizytę", "en": "15% off the next visit"},
        "usual_minor": 40_00,
        "most_minor": 60_00,
        "held_out_share": HELD_OUT_SHARE,
        "lasts_days": 60,
        "return_days": 30,
        "discount": {"percent": 15, "above_minor": 80_00},
        "conditions": {"field": "earlier_visits", "comparison": "at_least", "value": 3},
        "caps": [{"of": "customer", "most": 1, "days": 60}],
    },
    "gift": {
        "title": {"pl": "Odżywka w podróżnej butelce", "en": "A travel-size conditioner"},
        "usual_minor": 18_00,
        "most_minor": 25_00,
        "conditions": {"field": "club_member", "comparison": "is", "value": True},
        "caps": [{"of": "customer", "most": 2, "days": 365}, {"of": "employee", "most": 10, "days": 30}],
    },
    "covered_cost": {
        "title": {"pl": "Taksówka po naszym opóźnieniu", "en": "A taxi after we ran late"},
        "usual_minor": 35_00,
        "most_minor": 90_00,
        "approve_above_minor": 50_00,
        "conditions": {"field": "purchases_total_minor", "comparison": "at_least", "value": 600_00},
        "caps": [{"of": "customer", "most": 1, "days": 180}],
    },
    "personal_contact": {
        "title": {"pl": "Kartka z podziękowaniem", "en": "A card to say thank you"},
        "usual_minor": 6_00,
        "most_minor": 10_00,
        "conditions": {"field": "earlier_visits", "comparison": "at_least", "value": 8},
        "caps": [{"of": "customer", "most": 2, "days": 365}],
    },
}
_CLOSED: Final = ("not_eligible", "held_out", "cap_reached", "over_budget", "contact_not_agreed")
_REASONS: Final = {
    "gift": ("Urodziny", "Dziesiąta wizyta w tym roku", "Przyprowadziła do nas córkę", "Rok w klubie"),
    "covered_cost": ("Wizyta zaczęła się 40 minut po czasie", "Poprawka koloru, drugi dojazd w tygodniu"),
    "personal_contact": ("Cztery lata u tej samej fryzjerki", "Poleciła nas trzem osobom"),
}


def give_gestures() -> None:
    """From the first of October's budgets to what waits for a yes today."""
    with at(GESTURES_FROM):
        by = who(MANAGER)
        policies = {
            kind: write_policy(by=by, document={"kind": kind, "currency": "PLN", **terms})
            for kind, terms in _POLICIES.items()
        }
    _open_budgets()
    _study(policies["discount"])
    gift = fill_the_shelf(policies["gift"])
    for kind, most in (("gift", 24), ("covered_cost", 5), ("personal_contact", 12)):
        _give(policies[kind], kind, most, gift)
    _wait(policies["covered_cost"])


def _open_budgets() -> None:
    salons = Place.objects.filter(code__in=SALONS)
    with at(GESTURES_FROM):
        by = who(MANAGER)
        for first, last in _months():
            for place in salons:
                amount = Money(BUDGET_ZL * 100, "PLN")
                open_budget(by=by, place=place, first_day=first, last_day=last, amount=amount)


def _months() -> Iterator[tuple[date, date]]:
    """October 2026 to the present month, at least to November."""
    until = max(timezone.now(), LATELY).date()
    for months in count(GESTURES_FROM.month - 1):
        first = date(GESTURES_FROM.year + months // 12, months % 12 + 1, 1)
        if first > until:
            return
        yield first, first.replace(day=monthrange(first.year, first.month)[1])


def _study(policy: Policy) -> None:
    """The code for the next visit, with those held out: who comes back, and what they spend then."""
    until = min(LATELY, timezone.now())
    for regular in still_coming():
        random = Random(f"{SEED} study {regular.number}")  # noqa: S311
        first = visit(regular, GESTURES_FROM.date() + timedelta(days=random.randrange(1, 30)), random)
        if first.at > until:
            continue
        take_in([first])
        gesture = _granted(policy, regular, first.at + timedelta(minutes=5), "Stała klientka, stały klient")
        later = visit(regular, first.at.date() + timedelta(days=random.randrange(10, 36)), random)
        if random.random() >= _RETURN_SHARES[gesture is not None] or later.at > until:
            continue
        take_in([later])
        if gesture is not None and later.amount_minor >= 80_00:
            with at(later.at):
                amount = Money(later.amount_minor, "PLN")
                redeem_code(
                    by=somebody_at(regular.place, random),
                    place=gesture.place,
                    given=gesture.code.code,
                    purchase=amount,
                )


def _give(policy: Policy, kind: str, most: int, gift: Gift) -> None:
    """Given on the spot, to those for whom it is open, up to so many."""
    given = 0
    for regular in still_coming():
        random = Random(f"{SEED} {kind} {regular.number}")  # noqa: S311
        moment = GESTURES_FROM + timedelta(days=random.randrange(1, 44), hours=random.randrange(9))
        if random.random() > 0.4 or given == most or moment > timezone.now():
            continue
        gesture = _granted(policy, regular, moment, random.choice(_REASONS[kind]))
        if gesture is None:
            continue
        given += 1
        with at(moment + timedelta(minutes=10)):
            by = somebody_at(regular.place, random)
            if kind == "gift":
                customer = customer_of(regular.number)
                hand_over_promised(by=by, gesture=gesture, gift=gift, customer=customer)
            else:
                give_gesture(by=by, gesture=gesture)


def _wait(policy: Policy) -> None:
    """Above the limit: one that was allowed, one that waits for a yes."""
    asked = (
        _granted(
            policy, regular, LATELY, "Dowóz po drugiej poprawce, z drugiego końca miasta", Money(80_00, "PLN")
        )
        for regular in reversed(still_coming())
        if regular.place == "salon_rynek"
    )
    waiting = list(islice((gesture for gesture in asked if gesture), 2))
    with at(LATELY + timedelta(hours=1)):
        for gesture in waiting[1:]:
            approve_gesture(by=who(LEADS["salon_rynek"]), gesture=gesture)


def _granted(
    policy: Policy, regular: Regular, moment: datetime, reason: str, cost: Money | None = None
) -> Gesture | None:
    """The gesture, if it is open to this customer then."""
    random = Random(f"{SEED} {policy.kind} {regular.number} {moment}")  # noqa: S311
    with at(moment):
        wish = Wish(
            policy=policy,
            place=Place.objects.get(code=regular.place),
            customer=customer_of(regular.number),
            reason=reason,
            cost=cost,
        )
        key = f"demo-{policy.kind}-{regular.number}-{moment:%Y%m%d}"
        try:
            return grant_gesture(by=somebody_at(regular.place, random), wish=wish, key=key)
        except Refused as refused:
            if refused.code in _CLOSED:
                return None
            raise
