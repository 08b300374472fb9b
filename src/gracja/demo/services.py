"""What the salons do and what it costs, in words."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

_HUNDREDS: Final = {0: "", 1: "sto", 2: "dwieście", 3: "trzysta", 4: "czterysta", 5: "pięćset"}
_TENS: Final = {
    0: "", 10: "dziesięć", 20: "dwadzieścia", 30: "trzydzieści", 40: "czterdzieści", 50: "pięćdziesiąt",
    60: "sześćdziesiąt", 70: "siedemdziesiąt", 80: "osiemdziesiąt", 90: "dziewięćdziesiąt",
}  # fmt: skip


@dataclass(frozen=True)
class Service:
    """`na`: what the customer comes for (na koloryzację); `nom`: as in the price list; prices in zł."""

    na: str
    nom: str
    from_zl: int
    to_zl: int
    colour: bool = False


WOMEN_PL: Final = (
    Service("strzyżenie", "strzyżenie damskie", 130, 160),
    Service("podcięcie końcówek", "podcięcie końcówek", 90, 120),
    Service("strzyżenie z modelowaniem", "strzyżenie z modelowaniem", 160, 190),
    Service("grzywkę i końcówki", "grzywka z końcówkami", 110, 140),
    Service("upięcie na wesele", "upięcie", 190, 260),
    Service("modelowanie", "mycie z modelowaniem", 80, 110),
)
MEN_PL: Final = (
    Service("strzyżenie męskie", "strzyżenie męskie", 80, 100),
    Service("strzyżenie i brodę", "strzyżenie z brodą", 120, 150),
    Service("ostrzyżenie na krótko", "strzyżenie męskie", 80, 100),
)
COLOUR_PL: Final = (
    Service("farbowanie odrostów", "odrosty", 180, 230, colour=True),
    Service("koloryzację", "koloryzacja z modelowaniem", 290, 380, colour=True),
    Service("balejaż", "balejaż", 360, 480, colour=True),
    Service("pasemka", "pasemka", 300, 400, colour=True),
    Service("rozjaśnianie", "rozjaśnianie z tonowaniem", 350, 450, colour=True),
    Service("farbowanie", "farbowanie całości", 240, 310, colour=True),
    Service("ombre", "ombre", 340, 420, colour=True),
    Service("zmianę koloru", "zmiana koloru", 320, 450, colour=True),
)
CUTS_EN: Final = (
    Service("a haircut", "a cut and blow-dry", 160, 190),
    Service("a trim", "a trim", 90, 120),
    Service("a men's cut", "a men's cut", 80, 100),
    Service("a cut and a beard trim", "a cut with a beard trim", 120, 150),
    Service("a blow-dry", "a blow-dry", 80, 110),
)
COLOUR_EN: Final = (
    Service("highlights", "highlights", 300, 400, colour=True),
    Service("my roots done", "roots", 180, 230, colour=True),
    Service("a full colour", "a full colour", 240, 310, colour=True),
    Service("balayage", "balayage", 360, 480, colour=True),
    Service("my hair dyed", "a full colour", 240, 310, colour=True),
)


@dataclass(frozen=True)
class Price:
    """A price as it is said: `zl` 140 zł (or what the speaker makes of it), `n`, `lo`, `hi` the figures."""

    zl: str
    n: str
    lo: str
    hi: str
    range_zl: str


def price_of(service: Service, random: Random, *, in_words: bool, english: bool, typed_fast: bool) -> Price:
    """One price inside the service's range, and the range itself, in this speaker's manner."""
    exact = random.randrange(service.from_zl, service.to_zl + 1, 10)
    low, high = str(service.from_zl), str(service.to_zl)
    figure = str(exact)
    if english:
        unit = random.choice((" zloty", " złoty", " zł", " PLN"))
    elif in_words:
        figure, low, high = spelled(exact), spelled(service.from_zl), spelled(service.to_zl)
        unit = " złotych"
    else:
        unit = (
            random.choice(("zł", " zl", " zł")) if typed_fast else random.choice((" zł", " zł", " złotych"))
        )
    return Price(
        f"{figure}{unit}",
        figure,
        low,
        high,
        f"{low}-{high}{unit}" if not in_words else f"{low} do {high}{unit}",
    )


def spelled(zl: int) -> str:
    """The number of złote in words, for full tens up to 590."""
    return f"{_HUNDREDS[zl // 100]} {_TENS[zl % 100]}".strip()
