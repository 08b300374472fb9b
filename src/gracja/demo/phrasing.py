"""How a sentence of the tables becomes what somebody says or types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

# [woman|man] follows the customer's gender, <woman|man> the employee's: "chciał[abym|bym]", "zapisał<am|em>".
_OF_CUSTOMER: Final = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")
_OF_EMPLOYEE: Final = re.compile(r"<([^|>]*)\|([^>]*)>")
_WORD: Final = re.compile(r"[^\W\d_]{5,}")
_WITHOUT_TAILS: Final = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")


@dataclass(frozen=True)
class Typing:
    """How somebody types in a chat or message."""

    diacritics: bool = True
    capitals: bool = True
    full_stop: bool = True
    slips: float = 0.0  # the chance that a turn has a typing slip


CAREFUL: Final = Typing()


@dataclass(frozen=True)
class Address:
    """Pani or Pan in the cases that the tables need; small letters in transcripts of speech."""

    nom: str
    gen: str
    dat: str
    acc: str
    ins: str
    voc: str

    @classmethod
    def of(cls, vocative: str, *, female: bool, spoken: bool) -> Address:
        forms = ("Pani", "Pani", "Pani", "Panią", "Panią", "Pani") if female else (
            "Pan", "Pana", "Panu", "Pana", "Panem", "Panie")  # fmt: skip
        nom, gen, dat, acc, ins, voc = (form.lower() if spoken else form for form in forms)
        return cls(nom, gen, dat, acc, ins, f"{voc} {vocative}")


def fill(template: str, facts: Mapping[str, object], *, customer_female: bool, employee_female: bool) -> str:
    """The sentence with its facts, in the genders of both sides."""
    text = _OF_CUSTOMER.sub(lambda found: found[1 if customer_female else 2], template)
    text = _OF_EMPLOYEE.sub(lambda found: found[1 if employee_female else 2], text)
    text = text.format_map(facts)
    return text[:1].upper() + text[1:] if template.startswith("{") else text


def as_transcribed(text: str) -> str:
    """Speech as a transcript has it: sentences with a capital and an end."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", ":)")) or not text else ".")


def typed(text: str, typing: Typing, random: Random) -> str:
    """The text as this person types it."""
    if not typing.diacritics:
        text = text.translate(_WITHOUT_TAILS)
    if not typing.capitals:
        text = text.lower()
    if random.random() < typing.slips:
        text = _slipped(text, random)
    return text


def _slipped(text: str, random: Random) -> str:
    """One long word with two letters changed over, one missing or one doubled."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    word = random.choice(words)
    at = random.randrange(word.start() + 1, word.end() - 1)
    middle = random.choice((text[at + 1] + text[at], text[at + 1], text[at] * 2 + text[at + 1]))
    return text[:at] + middle + text[at + 2 :]
