"""One contact while it happens: who talks, in which words, when; and what was meant to be met."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from gracja.demo import aftercare_pl, customers_en, customers_pl, moves_en, moves_pl
from gracja.demo.customers import Customer
from gracja.demo.diary import CLOSES, OPENS, Slot, as_utc, free_slots
from gracja.demo.people import CENTRE, NOBODY_KNOWN, STAFF, Employee, Skill
from gracja.demo.phrasing import Address, Typing, as_transcribed, fill, typed
from gracja.demo.services import COLOUR_EN, COLOUR_PL, CUTS_EN, MEN_PL, WOMEN_PL, Service, price_of

_MOVES: Final = {"pl": moves_pl.BOOKING_PL | aftercare_pl.AFTERCARE_PL, "en": moves_en.MOVES_EN}
_ANSWERS: Final = {"pl": aftercare_pl.ANSWERS_PL, "en": moves_en.ANSWERS_EN}
_SAID: Final = {"pl": customers_pl.SAID_PL, "en": customers_en.SAID_EN}
_QUESTIONS: Final = {"pl": customers_pl.QUESTIONS_PL, "en": customers_en.QUESTIONS_EN}
_SALON: Final = {"salon_rynek": "Rynek", "salon_podgorze": "Podgórze", "salon_ursynow": "Ursynów"}
_HAIRDRESSERS: Final = [e for e in STAFF if CENTRE not in e.places and e.contacts > 4]

# Seconds before somebody speaks, and characters spoken or typed in a second.
_PAUSE: Final = {
    ("phone", "agent"): (0.5, 3), ("phone", "customer"): (0.5, 4),
    ("chat", "agent"): (8, 55), ("chat", "customer"): (6, 70),
    ("message", "agent"): (40, 700), ("message", "customer"): (45, 1500),
}  # fmt: skip
_HOLD: Final = {"phone": (20, 130), "chat": (30, 170), "message": (60, 600)}
_CHARACTERS_PER_SECOND: Final = {"phone": 14, "chat": 5, "message": 4}
_LATE_SECONDS: Final = (3_700, 16_000)


@dataclass(frozen=True)
class Meant:
    """What the generator meant: this standard was due in this contact, and met or not."""

    contact: str
    standard: str
    met: bool


@dataclass
class Scene:
    """A contact in the making. `now` is the wall clock in Poland."""

    contact: str
    random: Random
    customer: Customer
    skill: Skill
    place: str
    channel: str
    now: datetime
    colour: bool = False
    complete: bool = True
    turns: list[dict[str, Any]] = field(default_factory=list)
    due: list[tuple[str, bool, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.started = self.now
        self.lead: list[str] = []  # said at the beginning of the employee's next turn
        self.spoken = self.channel == "phone"
        self.in_words = self.spoken and self.random.random() < 0.3
        self._quick_hand = not self.spoken and self.random.random() < 0.35
        self.service = self._service()
        self.facts: dict[str, object] = {}
        self._set_facts()

    @property
    def employee(self) -> Employee:
        return self.skill.employee

    @property
    def employee_id(self) -> str | None:
        return None if self.employee is NOBODY_KNOWN else self.employee.name

    def hand_over(self, skill: Skill, place: str) -> None:
        """From here on another employee talks, at another place."""
        self.skill, self.place = skill, place
        self._set_facts()

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def does(self, standard: str, *, at_least: float = 0.0) -> bool:
        """Whether the employee does, in the turn that comes next, what this standard asks; remembered."""
        met = self.chance(max(self.skill.share(standard), at_least))
        self.due.append((standard, met, len(self.turns)))
        return met

    def move(self, name: str) -> str:
        """The employee's words for a move."""
        return self._words(_MOVES[self.customer.language], name, self._employee_typing())

    def says(self, name: str) -> str:
        """The customer's words."""
        return self._words(_SAID[self.customer.language], name, self._customer_typing())

    def question(self) -> tuple[str, str]:
        """A question of the customer's and the employee's answer to it."""
        language = self.customer.language
        topic = self.random.choice(list(_QUESTIONS[language]))
        return (
            self._words(_QUESTIONS[language], topic, self._customer_typing()),
            self._words(_ANSWERS[language], topic, self._employee_typing()),
        )

    def agent(self, *texts: str, after_seconds: float | None = None) -> None:
        self._turn("agent", [*self.lead, *texts], after_seconds)
        self.lead = []

    def client(self, *texts: str) -> None:
        self._turn("customer", list(texts), None)

    def system(self, event: str, text: str) -> None:
        self.turns.append({"speaker": "system", "text": text, "event": event, "at": self._moment()})

    def wait(self, seconds: float) -> None:
        """Time passes; the next morning "tomorrow" is another day."""
        today = self.now.date()
        self.now += timedelta(seconds=seconds)
        if self.now.date() != today:
            self._set_slots(free_slots(self.random, self.now.date(), 3))

    def hold(self) -> None:
        """The employee asks for a moment and takes it."""
        self.agent(self.move("hold"))
        self.now += timedelta(seconds=self.random.uniform(*_HOLD[self.channel]))

    def first_reply_seconds(self) -> float:
        """How long the first reply takes; remembered as the standard asks for it."""
        usual = self.skill.share("reply_to_message")
        quick = self.does("reply_to_message", at_least=0.7 + 0.3 * usual if self.channel == "chat" else 0.0)
        if not quick:
            seconds = self.random.uniform(*_LATE_SECONDS)
            closes = self.now.replace(hour=CLOSES, minute=0, second=0)
            return seconds if self.now + timedelta(seconds=seconds) < closes else self.until_morning()
        return (
            self.random.uniform(12, 170) if self.channel == "chat" else 3400 * self.random.random() ** 2 + 60
        )

    def until_morning(self) -> float:
        """Seconds until some time after the salon opens again."""
        days = 2 if self.now.weekday() == 5 else 1
        opens = self.now.replace(hour=OPENS, minute=0, second=0) + timedelta(days=days)
        return (opens - self.now).total_seconds() + self.random.uniform(120, 4_500)

    def cut_off(self) -> None:
        """The recording ends before the conversation does; what was not yet due is not known."""
        keep = self.random.randrange(2, max(3, len(self.turns) - 1))
        self.turns, self.complete = self.turns[:keep], False
        self.due = [(standard, met, turn) for standard, met, turn in self.due if met and turn < keep]

    def meant(self) -> list[Meant]:
        return [Meant(self.contact, standard, met) for standard, met, _ in self.due]

    def _turn(self, speaker: str, texts: list[str], after: float | None) -> None:
        text = " ".join(text for text in texts if text)
        typing = self._employee_typing() if speaker == "agent" else self._customer_typing()
        if typing is not None and not typing.full_stop:
            text = text.removesuffix(".")
        pause = self.random.uniform(*_PAUSE[self.channel, speaker])
        effort = len(text) / _CHARACTERS_PER_SECOND[self.channel]
        if after is not None:
            self.wait(after)
        elif self.spoken:
            self.now += timedelta(seconds=pause)
        else:
            self.now += timedelta(seconds=pause + effort)
        turn = {"speaker": speaker, "text": text, "at": self._moment()}
        self.turns.append(turn | {"employee": self.employee_id} if speaker == "agent" else turn)
        self.now += timedelta(seconds=1 + (effort if self.spoken else 0))

    def _moment(self) -> datetime:
        return as_utc(self.now.replace(microsecond=0))

    def _words(self, table: dict[str, tuple[str, ...]], name: str, typing: Typing | None) -> str:
        template = self.random.choice(_to_choose_from(table, name, first_names=self.customer.first_names))
        text = fill(
            template, self.facts, customer_female=self.customer.female, employee_female=self.employee.female
        )
        return as_transcribed(text) if typing is None else typed(text, typing, self.random)

    def _employee_typing(self) -> Typing | None:
        if self.spoken:
            return None
        return Typing(
            self.employee.diacritics, full_stop=not self._quick_hand, slips=0.05 if self._quick_hand else 0.0
        )

    def _customer_typing(self) -> Typing | None:
        return None if self.spoken else self.customer.typing

    def _service(self) -> Service:
        if self.customer.language == "en":
            return self.random.choice(COLOUR_EN if self.colour else CUTS_EN)
        if self.colour:
            return self.random.choice(COLOUR_PL)
        return self.random.choice(WOMEN_PL if self.customer.female else MEN_PL)

    def _set_facts(self) -> None:
        english = self.customer.language == "en"
        hairdresser = self.employee if self.employee in _HAIRDRESSERS else self.random.choice(_HAIRDRESSERS)
        hotline = "helpline" if english else "infolinia"
        price = price_of(
            self.service, self.random, in_words=self.in_words, english=english, typed_fast=self._quick_hand
        )
        self.facts |= {
            "e": self.employee, "who": hairdresser.genitive, "who_en": hairdresser.first,
            "s": self.service, "p": price,
            "salon": _SALON.get(self.place, hotline), "name": self.customer.name,
            "voc": self.customer.vocative,
            "P": Address.of(self.customer.vocative, female=self.customer.female, spoken=self.spoken),
            "E": Address.of("", female=self.employee.female, spoken=self.spoken),
        }  # fmt: skip
        self._set_slots(free_slots(self.random, self.now.date(), 3))

    def _set_slots(self, slots: list[Slot]) -> None:
        english = self.customer.language == "en"
        today, separator = self.now.date(), "." if self._quick_hand else ":"
        for name, slot in zip("abc", slots, strict=True):
            self.facts[name] = (
                slot.english(today)
                if english
                else slot.polish(today, in_words=self.in_words, separator=separator)
            )


def _to_choose_from(table: dict[str, tuple[str, ...]], name: str, *, first_names: bool) -> list[str]:
    """The templates of a move for this customer: no Pani and Pan among first names."""
    shared = table.get(name, ())
    if not first_names:
        return [*shared, *table.get(f"{name}_pan", ())]
    familiar = [template for template in shared if "{P." not in template and "{E." not in template]
    return [*familiar, *table.get(f"{name}_ty", ())] or list(shared)
