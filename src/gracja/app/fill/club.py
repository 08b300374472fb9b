"""The club of the salons, its members, and the shelf of gifts."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any, Final

from django.utils import timezone

from gracja.app.common.money import Money
from gracja.app.fill.autumn import GESTURES_FROM, at, who
from gracja.app.fill.people import MANAGER, login_of
from gracja.app.fill.regulars import customer_of
from gracja.app.gestures.club.models import Gift
from gracja.app.gestures.club.services.members import Agreed, join_club
from gracja.app.gestures.club.services.settings import write_club
from gracja.app.gestures.club.services.stock import Named, receive_gifts, save_gift
from gracja.app.gestures.models import Policy
from gracja.app.organisation.models import Place, User
from gracja.demo.people import STAFF
from gracja.demo.regulars import SALONS, Regular, regulars

SEED: Final = 2026
MEMBERS: Final = 80
ON_THE_SHELF: Final = 12
_CLUB: Final[dict[str, Any]] = {
    "title": {"pl": "Klub Trzech Grzebieni", "en": "The Three Combs Club"},
    "counts": "visits",
    "currency": "PLN",
    "window_months": 12,
    "keep_months": 6,
    "levels": [
        {
            "title": {"pl": "Brązowy", "en": "Bronze"},
            "start_at": 1,
            "perks": [{"pl": "Kawa i woda bez pytania o rachunek", "en": "Coffee and water on the house"}],
        },
        {
            "title": {"pl": "Srebrny", "en": "Silver"},
            "start_at": 5,
            "perks": [{"pl": "Podcięcie grzywki między wizytami", "en": "A fringe trim between visits"}],
        },
        {
            "title": {"pl": "Złoty", "en": "Gold"},
            "start_at": 10,
            "perks": [
                {"pl": "Termin w sobotę trzymany do piątku", "en": "A Saturday slot held until Friday"},
                {"pl": "Odżywka podróżna raz na pół roku", "en": "A travel conditioner every half-year"},
            ],
        },
    ],
    "birthday": {
        "perk": {"pl": "Masaż głowy przy myciu", "en": "A head massage with the wash"},
        "days_before": 3,
        "days_after": 7,
    },
    "consent": {
        "pl": "Trzy Grzebienie zapisują moje wizyty, żeby liczyć poziom w klubie. Mogę odejść zawsze.",
        "en": "Three Combs keeps my visits to count my level in the club. I can leave at any time.",
    },
}


def open_the_club() -> None:
    """Rules, and members who join at their own counter over six weeks."""
    with at(GESTURES_FROM):
        rules = write_club(by=who(MANAGER), document=_CLUB, version=0)
    willing = [one for one in regulars() if "club" in one.agrees][:MEMBERS]
    for regular in willing:
        random = Random(f"{SEED} club {regular.number}")  # noqa: S311
        with at(GESTURES_FROM + timedelta(days=random.randrange(42), hours=random.randrange(9))):
            join_club(
                by=somebody_at(regular.place, random),
                customer=customer_of(regular.number),
                agreed=Agreed(rules.version, regular.language, regular.birthday),
            )


def fill_the_shelf(policy: Policy) -> Gift:
    """A dozen of the gift in every salon; one of them has nearly run out."""
    with at(GESTURES_FROM):
        by = who(MANAGER)
        named = Named("Odżywka podróżna, 50 ml", "Travel conditioner, 50 ml", Money(18_00, "PLN"), policy.uid)
        gift = save_gift(by=by, named=named)
        for place in Place.objects.filter(code__in=SALONS):
            receive_gifts(by=by, gift=gift, place=place, count=ON_THE_SHELF, key=f"demo-{place.code}")
    return gift


def somebody_at(place: str, random: Random) -> User:
    """An employee who serves there."""
    there = [one for one in STAFF if place in one.places and one.contacts > 5]
    return who(login_of(random.choice(there)))


def still_coming() -> list[Regular]:
    """The regulars who had not left when gestures began."""
    day = min(GESTURES_FROM, timezone.now()).date()
    return [one for one in regulars() if one.since < day and (one.comes_until or day) >= day]
