"""Texts of an edition document: plain, or keyed by language; and what every part of it is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Discriminator, Field, Tag

from gracja.engine.documents.frozen import FROZEN

IDENTIFIER_PATTERN = r"^[a-z][a-z0-9_]{0,63}$"
LANGUAGE_PATTERN = r"^[a-z]{2}$"

Id = Annotated[str, Field(pattern=IDENTIFIER_PATTERN)]
Language = Annotated[str, Field(pattern=LANGUAGE_PATTERN)]
Sentence = Annotated[str, Field(min_length=1)]
Sentences = Annotated[list[Sentence], Field(min_length=1)]


def _by_language_or(plain: str) -> Discriminator:
    """A mapping is keyed by language; anything else is the plain form. One branch, so one error."""
    return Discriminator(lambda value: "by_language" if isinstance(value, dict) else plain)


LocalText = Annotated[
    Annotated[Sentence, Tag("plain")]
    | Annotated[dict[Language, Sentence], Field(min_length=1), Tag("by_language")],
    _by_language_or("plain"),
]
Phrases = Annotated[
    Annotated[Sentences, Tag("plain")]
    | Annotated[dict[Language, Sentences], Field(min_length=1), Tag("by_language")],
    _by_language_or("plain"),
]
Events = Annotated[
    Annotated[Sentence, Tag("one")] | Annotated[Sentences, Tag("several")],
    Discriminator(lambda value: "several" if isinstance(value, list) else "one"),
]


def in_language(text: LocalText, language: str) -> str:
    """The text in this language, else in English, else in the first language that it has."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get("en") or next(iter(text.values()))


class Frozen(BaseModel):
    model_config = FROZEN
