"""Opening hours, free times and how they are said. Autumn 2026, without a clock or time zone files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

FIRST_DAY: Final = date(2026, 9, 1)
LAST_DAY: Final = date(2026, 11, 28)
OPENS, CLOSES = 9, 19
_SUMMER_TIME_ENDS: Final = datetime(2026, 10, 25, 3)  # noqa: DTZ001  the wall clock in Poland
_SUNDAY: Final = 6

_DAYS_PL: Final = (
    ("poniedziałek", "w poniedziałek", "poniedziałek"), ("wtorek", "we wtorek", "wtorek"),
    ("środa", "w środę", "środę"), ("czwartek", "w czwartek", "czwartek"), ("piątek", "w piątek", "piątek"),
    ("sobota", "w sobotę", "sobotę"), ("niedziela", "w niedzielę", "niedzielę"),
)  # fmt: skip
_MONTHS_PL: Final = {9: "września", 10: "października", 11: "listopada", 12: "grudnia"}
_DAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN: Final = {9: "September", 10: "October", 11: "November", 12: "December"}
_HOURS_PL: Final = {
    9: "dziewiąt", 10: "dziesiąt", 11: "jedenast", 12: "dwunast", 13: "trzynast", 14: "czternast",
    15: "piętnast", 16: "szesnast", 17: "siedemnast", 18: "osiemnast",
}  # fmt: skip
_MINUTES_PL: Final = {0: "", 15: " piętnaście", 30: " trzydzieści", 45: " czterdzieści pięć"}


@dataclass(frozen=True)
class SlotWords:
    """A free time as it is said: `nom` środa, `w` w środę, `acc` środę, `day` 18 listopada, `num` 18.11,
    `h` 17:30, `o` o 17:30 (o siedemnastej trzydzieści), `na` na 17:30.
    """

    nom: str
    w: str
    acc: str
    day: str
    num: str
    h: str
    o: str
    na: str


@dataclass(frozen=True)
class Slot:
    """A free time in the book."""

    day: date
    at: time

    def polish(self, today: date, *, in_words: bool, separator: str = ":") -> SlotWords:
        """As said on `today`; `in_words` spells the hour, as a transcript of speech may have it."""
        nom, w, acc = _DAYS_PL[self.day.weekday()]
        if (self.day - today).days == 1:
            nom = w = acc = "jutro"
        digits = f"{self.at.hour}{separator}{self.at.minute:02}"
        hour, rest = _HOURS_PL[self.at.hour], _MINUTES_PL[self.at.minute]
        return SlotWords(
            nom, w, acc,
            f"{self.day.day} {_MONTHS_PL[self.day.month]}", f"{self.day.day}.{self.day.month:02}",
            f"{hour}a{rest}" if in_words else digits,
            f"o {hour}ej{rest}" if in_words else f"o {digits}",
            f"na {hour}ą{rest}" if in_words else f"na {digits}",
        )  # fmt: skip

    def english(self, today: date) -> SlotWords:
        """`w` carries "on", `o` carries "at"."""
        name = _DAYS_EN[self.day.weekday()]
        on = f"on {name}"
        if (self.day - today).days == 1:
            name = on = "tomorrow"
        hour = self.at.hour if self.at.hour <= 12 else self.at.hour - 12
        half = "am" if self.at.hour < 12 else "pm"
        said = f"{hour}:{self.at.minute:02} {half}" if self.at.minute else f"{hour} {half}"
        day = f"{self.day.day} {_MONTHS_EN[self.day.month]}"
        return SlotWords(name, on, name, day, f"{self.day.day}.{self.day.month:02}", said, f"at {said}", said)


def opening_moment(random: Random) -> datetime:
    """A moment when the salons are open, on the wall clock in Poland."""
    while True:
        day = FIRST_DAY + timedelta(days=random.randrange((LAST_DAY - FIRST_DAY).days + 1))
        if day.weekday() != _SUNDAY:
            break
    minutes = random.randrange((CLOSES - OPENS) * 60)
    return datetime.combine(day, time(OPENS)) + timedelta(minutes=minutes, seconds=random.randrange(60))


def as_utc(wall: datetime) -> datetime:
    """Polish wall clock to UTC: two hours ahead until 25 October 2026, one hour after."""
    return (wall - timedelta(hours=2 if wall < _SUMMER_TIME_ENDS else 1)).replace(tzinfo=UTC)


def free_slots(random: Random, today: date, count: int) -> list[Slot]:
    """Free times of the next days, earliest first, on different days."""
    days = [today + timedelta(days=ahead) for ahead in range(1, 8)]
    open_days = [day for day in days if day.weekday() != _SUNDAY]
    return [
        Slot(day, time(random.randrange(OPENS, CLOSES), random.choice((0, 0, 15, 30, 30, 45))))
        for day in sorted(random.sample(open_days, count))
    ]
