"""Customers who come to the salons again and again, and what they paid; all of it invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

from gracja.demo.people import CENTRE, PLACES

SALONS: Final = tuple(place for place in PLACES if place != CENTRE)
HOW_MANY: Final = 240
FIRST_DAY: Final = date(2025, 9, 1)
_SUNDAY: Final = 6
_NAMELESS_SHARE: Final = 0.3  # known to the till by their number only
_ENGLISH_SHARE: Final = 0.08
_LEAVES_SHARE: Final = 0.3
_WOMEN: Final = (
    "Alicja", "Beata", "Danuta", "Elżbieta", "Gabriela", "Irena", "Jadwiga", "Karolina", "Lucyna",
    "Małgorzata", "Olga", "Renata", "Sylwia", "Teresa", "Urszula", "Wanda",
)  # fmt: skip
_MEN: Final = ("Andrzej", "Bartosz", "Dawid", "Filip", "Jerzy", "Konrad", "Mirosław", "Sebastian", "Zbigniew")
_ENGLISH: Final = ("Alice", "Erin", "Hugh", "Megan", "Owen", "Ruth")
_SURNAMES: Final = (
    "Adamiec", "Baran", "Chmiel", "Dąb", "Fornal", "Gawron", "Jodła", "Kalina", "Łoś", "Maciejka",
    "Niedźwiedź", "Olcha", "Pokrzywa", "Rumianek", "Sosna", "Trzmiel", "Wierzba", "Zięba", "Żbik", "Żuraw",
)  # fmt: skip
_PRICES_ZL: Final = (60, 80, 90, 110, 130, 160, 190, 240, 320, 420)


@dataclass(frozen=True)
class Regular:
    """number: on the till's card. agrees: purposes of consents. comes_until: then never again."""

    number: str
    name: str
    phone: str
    language: str
    birthday: tuple[int, int] | None
    agrees: tuple[str, ...]
    place: str
    since: date
    comes_until: date | None
    days_between: float
    price_minor: int


@dataclass(frozen=True)
class Bought:
    """One visit as the till wrote it down. at: UTC."""

    document: str
    regular: Regular
    at: datetime
    amount_minor: int


def regulars(seed: int = 2026) -> tuple[Regular, ...]:
    """All of them, each drawn for itself: one more changes nobody else."""
    return tuple(_regular(Random(f"{seed} regular {number}"), number) for number in range(1, HOW_MANY + 1))  # noqa: S311


def visits(regular: Regular, last: date, seed: int = 2026) -> list[Bought]:
    """What they paid from their first visit to this day, in order."""
    random = Random(f"{seed} visits {regular.number}")  # noqa: S311
    day, found = regular.since, []
    while day <= min(last, regular.comes_until or last):
        found.append(visit(regular, day, random))
        day += timedelta(days=max(7, round(random.gammavariate(4, regular.days_between / 4))))
    return found


def visit(regular: Regular, day: date, random: Random) -> Bought:
    """One visit on this day, or the day after a Sunday."""
    if day.weekday() == _SUNDAY:
        day += timedelta(days=1)
    at = datetime.combine(day, time(random.randrange(8, 17), random.randrange(0, 60, 5)), tzinfo=UTC)
    amount_minor = max(30_00, round(regular.price_minor * random.lognormvariate(0, 0.3) / 500) * 500)
    return Bought(f"P/{day:%Y%m%d}/{regular.number}", regular, at, amount_minor)


def _regular(random: Random, number: int) -> Regular:
    named = random.random() >= _NAMELESS_SHARE
    english = random.random() < _ENGLISH_SHARE
    names = _ENGLISH if english else random.choices((_WOMEN, _MEN), (0.75, 0.25))[0]
    since = FIRST_DAY + timedelta(days=random.randrange(360))
    leaves = random.random() < _LEAVES_SHARE
    return Regular(
        number=f"K-{1000 + number}",
        name=f"{random.choice(names)} {random.choice(_SURNAMES)}" if named else "",
        phone=f"+48 100 20{number // 100} 0{number % 100:02}" if named else "",  # an area that does not exist
        language="en" if english else "pl",
        birthday=(random.randrange(1, 13), random.randrange(1, 29))
        if named and random.random() < 0.6
        else None,
        agrees=tuple(one for one, share in _AGREES if named and random.random() < share),
        place=random.choice(SALONS),
        since=since,
        comes_until=since + timedelta(days=random.randrange(20, 300)) if leaves else None,
        days_between=random.gammavariate(6, 7),
        price_minor=random.choice(_PRICES_ZL) * 100,
    )


_AGREES: Final = (("club", 0.65), ("call", 0.4), ("card", 0.5), ("study", 0.5))
