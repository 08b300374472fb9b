"""The invented staff of "Trzy Grzebienie": where they work, how they write, how often they do what is due."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log
from random import Random
from typing import Final, Literal

CENTRE: Final = "centrum_kontaktu"
PLACES: Final = ("salon_rynek", "salon_podgorze", "salon_ursynow", CENTRE)

# How often an average employee of the chain does it, when it is due.
USUAL_SHARE: Final = {
    "reply_to_message": 0.91,
    "greets_on_the_line": 0.94,
    "two_times": 0.84,
    "names_price": 0.86,
    "reads_time_back": 0.86,
    "confirms_quiet": 0.78,
    "asks_about_allergy": 0.96,
    "says_what_is_impossible": 0.84,
    "apologises": 0.88,
    "offers_free_correction": 0.80,
    "asks_how_it_falls": 0.60,
}
OWN_SPREAD_LOGITS: Final = 0.15  # how much middling employees differ: too little to tell them apart
STANDARD_SPREAD_LOGITS: Final = 0.20  # and each of them from standard to standard


@dataclass(frozen=True)
class Employee:
    """Invented. `first`, `genitive`: as colleagues say it (Darek, u Darka)."""

    name: str
    genitive: str
    gender: Literal["f", "m"]
    places: tuple[str, ...]
    contacts: int = 78
    strength_logits: float = 0.0
    weak_shares: dict[str, float] = field(default_factory=dict)  # standard -> share, where clearly weaker
    small_talk: float = 0.15  # how often personal talk is started
    discretion: float = 0.9  # how often it is left out with those who do not want it
    diacritics: bool = True

    @property
    def female(self) -> bool:
        return self.gender == "f"

    @property
    def first(self) -> str:
        return self.name.split(" ")[0]


STAFF: Final = (
    Employee("Darek Wójcik", "Darka", "m", ("salon_rynek",), 82, 2.6, small_talk=0.3),
    Employee("Celina Mazur", "Celiny", "f", ("salon_rynek",), 79),
    Employee("Ola Nowak", "Oli", "f", ("salon_rynek",), 84, weak_shares={"names_price": 0.12}),
    Employee("Basia Wrona", "Basi", "f", ("salon_rynek", "salon_podgorze"), 88, small_talk=0.2),
    Employee("Piotr Zając", "Piotra", "m", ("salon_podgorze",), 74, diacritics=False),
    Employee("Iga Lis", "Igi", "f", ("salon_podgorze",), 77),
    Employee("Marek Kowalczyk", "Marka", "m", ("salon_podgorze",), 81, small_talk=0.55, discretion=0.15),
    Employee("Tomek Dudek", "Tomka", "m", ("salon_ursynow",), 75, diacritics=False),
    Employee(
        "Ewa Król", "Ewy", "f", ("salon_ursynow",), 92,
        weak_shares={"apologises": 0.10, "offers_free_correction": 0.08},
    ),
    Employee("Agata Sikora", "Agaty", "f", (CENTRE,), 84, 2.6, small_talk=0.2, discretion=0.97),
    Employee("Michał Zięba", "Michała", "m", (CENTRE,), 76),
    Employee("Julia Kaczmarek", "Julii", "f", (CENTRE, "salon_ursynow"), 80, small_talk=0.4, discretion=0.4),
    Employee("Paweł Bednarz", "Pawła", "m", (CENTRE,), 73, diacritics=False),
    Employee("Kuba Sowa", "Kuby", "m", ("salon_rynek",), 4),
    Employee("Nina Bąk", "Niny", "f", ("salon_podgorze",), 3),
    Employee("Zofia Pawlak", "Zofii", "f", ("salon_ursynow",), 2),
)  # fmt: skip
NOBODY_KNOWN_CONTACTS: Final = 16  # picked up at the desk by someone who was not logged in
NOBODY_KNOWN: Final = Employee("Asia", "Asi", "f", PLACES[:3], NOBODY_KNOWN_CONTACTS)


@dataclass(frozen=True)
class Skill:
    """How probably one employee does what a standard asks."""

    employee: Employee
    shares: dict[str, float]

    def share(self, standard: str) -> float:
        return self.shares[standard]


def skill_of(employee: Employee, seed: int) -> Skill:
    """The latent shares of one employee; the same for the same seed, whoever else is employed."""
    random = Random(f"{seed} skill {employee.name}")  # noqa: S311
    own = random.gauss(0, OWN_SPREAD_LOGITS) + employee.strength_logits
    shares = {}
    for standard, usual in USUAL_SHARE.items():
        logit = log(usual / (1 - usual)) + own + random.gauss(0, STANDARD_SPREAD_LOGITS)
        shares[standard] = employee.weak_shares.get(standard, 1 / (1 + exp(-logit)))
    return Skill(employee, shares)
