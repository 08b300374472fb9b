"""Who calls and writes: invented customers, their mood, their manner, and how close a contact they want."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from gracja.demo.phrasing import CAREFUL, Typing

Mood = Literal["plain", "hurried", "quiet", "talkative", "browsing", "embittered"]
ENGLISH_SHARE: Final = 0.12
_MOODS: Final[dict[Mood, int]] = {
    "plain": 42, "hurried": 20, "quiet": 8, "talkative": 14, "browsing": 8, "embittered": 8,
}  # fmt: skip
_WOMEN: Final = (
    ("Anna", "Aniu"), ("Katarzyna", "Kasiu"), ("Maria", "Mario"), ("Joanna", "Joasiu"), ("Zuzanna", "Zuziu"),
    ("Barbara", "Basiu"), ("Hanna", "Haniu"), ("Ewelina", "Ewelino"), ("Krystyna", "Krysiu"),
    ("Monika", "Moniko"), ("Justyna", "Justyno"), ("Natalia", "Natalio"),
    ("Halina", "Halino"), ("Dorota", "Doroto"),
)  # fmt: skip
_MEN: Final = (
    ("Adam", "Adamie"), ("Jan", "Janku"), ("Tomasz", "Tomku"), ("Rafał", "Rafale"), ("Wojciech", "Wojtku"),
    ("Grzegorz", "Grzesiu"), ("Łukasz", "Łukaszu"), ("Kamil", "Kamilu"), ("Stefan", "Stefanie"),
)  # fmt: skip
_ENGLISH_WOMEN: Final = ("Emily", "Grace", "Olivia", "Ines", "Freya")
_ENGLISH_MEN: Final = ("Oliver", "Harry", "Noah", "Lars")


@dataclass(frozen=True)
class Customer:
    """One customer in one contact."""

    uid: str
    name: str
    vocative: str
    female: bool
    language: str
    mood: Mood
    earlier_visits: int
    first_names: bool  # a regular who says "cześć" and is answered so
    likes_quiet: bool  # what earlier visits have shown
    typing: Typing


@dataclass(frozen=True)
class Wanted:
    """How personal the contact should be, fixed from what is known before it goes well or badly."""

    source: str
    low: float | None = None
    high: float | None = None


UNKNOWN: Final = Wanted("none")
_OPENING: Final[dict[Mood, tuple[float, float]]] = {
    "hurried": (10, 34), "browsing": (10, 34), "embittered": (15, 34), "talkative": (65, 88),
}  # fmt: skip


def customer(random: Random) -> Customer:
    """A customer, somebody new or one of about 420 who come again."""
    english = random.random() < ENGLISH_SHARE
    female = random.random() < 0.7
    if english:
        name = vocative = random.choice(_ENGLISH_WOMEN if female else _ENGLISH_MEN)
    else:
        name, vocative = random.choice(_WOMEN if female else _MEN)
    visits = random.choice((0, 0, 0, 0, 1, 2, 4, 7, 11))
    return Customer(
        f"klient-{random.randrange(1, 421) if visits else random.randrange(1000, 9000):04}",
        name,
        vocative,
        female,
        "en" if english else "pl",
        random.choices(list(_MOODS), list(_MOODS.values()))[0],
        visits,
        not english and visits >= 4 and random.random() < 0.5,
        visits > 0 and random.random() < 0.3,
        _typing(random),
    )


def _typing(random: Random) -> Typing:
    if random.random() < 0.4:
        return CAREFUL
    return Typing(
        diacritics=random.random() < 0.55,
        capitals=random.random() < 0.6,
        full_stop=random.random() < 0.4,
        slips=random.choice((0.0, 0.1, 0.25)),
    )


def wanted_by(who: Customer, random: Random) -> Wanted:
    """What is known beforehand: the customer's own words go before history, history before the opening."""
    if who.mood == "quiet":
        return Wanted("customer_asked", 0, 20)
    if who.earlier_visits >= 2 and random.random() < 0.7:
        if who.likes_quiet:
            return Wanted("history", 10, 30)
        return Wanted("history", 65, 85) if who.earlier_visits >= 4 else Wanted("history", 45, 64)
    if who.mood in _OPENING and random.random() < 0.65:
        low, high = _OPENING[who.mood]
        return Wanted("opening_words", low, high)
    return UNKNOWN


def wants_talk(who: Customer) -> bool:
    """Whether personal talk pleases this customer today."""
    return who.mood == "talkative" or (who.mood == "plain" and who.first_names and not who.likes_quiet)
