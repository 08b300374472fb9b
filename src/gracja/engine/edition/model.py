"""The edition document as data: a company's service sequence, its parts, enhancers and standards.

The shape is the one people write in YAML; `read.py` makes it from a file, `write.py` writes it back, and
`schema.py` publishes it as JSON Schema. Everything is frozen: a published edition never changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from datetime import date as date_
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from gracja.engine.documents.frozen import FROZEN
from gracja.engine.edition.language_model import LanguageModel

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
Share = Annotated[float, Field(ge=0, le=1)]
Channel = Literal["in_person", "phone", "video", "chat", "message", "email", "letter"]

KINDS = (
    "all",
    "any",
    "not",
    "agent_says",
    "customer_says",
    "system_event",
    "like",
    "judge",
    "first_reply_seconds",
    "longest_silence_seconds",
)


def in_language(text: LocalText, language: str) -> str:
    """The text in this language, else in English, else in the first language that it has."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get("en") or next(iter(text.values()))


class Frozen(BaseModel):
    model_config = FROZEN


class Where(Frozen):
    """Only in the first (or last) n turns of one side: to the end of the n-th (or from the n-th last)."""

    first: Annotated[int, Field(ge=1)] | None = None
    last: Annotated[int, Field(ge=1)] | None = None
    of: Literal["agent", "customer"] = "agent"

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.first is None) == (self.last is None):
            raise PydanticCustomError("where_needs_first_or_last", "either first or last")
        return self


class Timed(Frozen):
    """A timed measure; `unless` names a signal that excuses a silence (a hold message)."""

    unless: Id | None = None


class Predicate(Frozen):
    """One node of a detect tree: exactly one kind, with the modifiers that narrow it."""

    all: Annotated[list[Predicate], Field(min_length=1)] | None = None
    any: Annotated[list[Predicate], Field(min_length=1)] | None = None
    not_: Predicate | None = Field(default=None, alias="not")
    agent_says: Phrases | None = None
    customer_says: Phrases | None = None
    system_event: Events | None = None
    like: Phrases | None = None
    judge: LocalText | None = None
    first_reply_seconds: Timed | None = None
    longest_silence_seconds: Timed | None = None

    within: Literal["turn", "segment", "contact"] | None = None
    where: Where | None = None
    after: Id | None = None
    before: Id | None = None
    each: Id | None = None
    within_turns: Annotated[int, Field(ge=1)] | None = None
    within_seconds: Annotated[float, Field(gt=0)] | None = None
    applies_if: Id | None = None

    @model_validator(mode="before")
    @classmethod
    def _exactly_one_kind(cls, value: Any) -> Any:
        if isinstance(value, dict):
            given = [kind for kind in KINDS if kind in value]
            if len(given) != 1:
                said = given or [str(key)[:40] for key in [*value][:5]] or ["{}"]
                raise PydanticCustomError(
                    "predicate_needs_one_kind", "exactly one kind", {"given": said, "kinds": list(KINDS)}
                )
        return value

    @model_validator(mode="after")
    def _limits_have_an_occurrence(self) -> Self:
        if (self.within_turns or self.within_seconds) and not (self.each or self.after or self.before):
            raise PydanticCustomError("limit_without_start", "within_turns needs each, after or before")
        return self

    @property
    def kind(self) -> str:
        return next(kind for kind in KINDS if getattr(self, "not_" if kind == "not" else kind) is not None)

    @property
    def children(self) -> list[Predicate]:
        if self.not_ is not None:
            return [self.not_]
        return list(self.all or self.any or [])

    def nodes(self) -> Iterator[Predicate]:
        """The node itself and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.nodes()

    @property
    def names(self) -> list[tuple[str, str]]:
        """(modifier, id) of every standard or signal that this node itself refers to."""
        timed = self.first_reply_seconds or self.longest_silence_seconds
        given = {
            "after": self.after,
            "before": self.before,
            "each": self.each,
            "applies_if": self.applies_if,
            "unless": timed.unless if timed else None,
        }
        return [(modifier, name) for modifier, name in given.items() if name is not None]


class ScaleMeasure(Frozen):
    """Ordered anchors, worst first; the value of step k of n is k / (n - 1)."""

    scale: Annotated[list[LocalText], Field(min_length=2)]


class CountMeasure(Frozen):
    count_at_least: Annotated[int, Field(ge=1)]


class SecondsMeasure(Frozen):
    seconds_at_most: Annotated[float, Field(gt=0)]


def _which_measure(value: Any) -> str:
    for tag, model in (("scale", ScaleMeasure), ("count", CountMeasure), ("seconds", SecondsMeasure)):
        if isinstance(value, model) or (isinstance(value, dict) and set(value) & set(model.model_fields)):
            return tag
    return "yes_no"


Measure = Annotated[
    Annotated[Literal["yes_no"], Tag("yes_no")]
    | Annotated[ScaleMeasure, Tag("scale")]
    | Annotated[CountMeasure, Tag("count")]
    | Annotated[SecondsMeasure, Tag("seconds")],
    Discriminator(_which_measure),
]
Detect = Annotated[
    Annotated[Literal["none"], Tag("none")] | Annotated[Predicate, Tag("predicate")],
    Discriminator(lambda value: "predicate" if isinstance(value, dict | Predicate) else "none"),
]
UNION_TAGS = frozenset(
    ("plain", "by_language", "one", "several", "yes_no", "scale", "count", "seconds", "none", "predicate")
)


class Examples(Frozen):
    """How it looks when the standard is met, and when it is not; words in quotes are spoken."""

    good: list[LocalText] = []
    bad: list[LocalText] = []


class Standard(Frozen):
    """A measurable behaviour in a named situation."""

    standard: Id
    behaviour: LocalText
    when: LocalText | None = None
    channels: Annotated[list[Channel], Field(min_length=1)]
    rung: Literal["base", "initiative"] = "base"
    service_mode: Literal["any", "discreet", "personal"] = "any"
    measure: Measure = "yes_no"
    weight: Annotated[int, Field(ge=1, le=10)] = 1
    critical: bool = False
    na_when: LocalText | None = None
    examples: Examples | None = None
    detect: Detect = "none"


class Source(Frozen):
    """One thing that we know an enhancer from: who or what said it, how much, when."""

    source: LocalText
    number: Sentence | None = None  # as people write it: 14/20, 31 %
    date: date_ | None = None


class Enhancer(Frozen):
    """What makes a part a good experience, with its evidence; where `sources` are given, in their words."""

    enhancer: Id
    title: LocalText
    evidence: LocalText | None = None
    sources: Annotated[list[Source], Field(min_length=1)] | None = None
    standards: list[Standard] = []


class Part(Frozen):
    part: Id
    title: LocalText
    customer_does: LocalText | None = None
    employee_does: LocalText | None = None
    feeling: Annotated[int, Field(ge=-100, le=100)] | None = None  # of the customer, as the author drew it
    thought: LocalText | None = None  # what the customer thinks here
    enhancers: list[Enhancer] = []


class Service(Frozen):
    kind: Literal["encounter", "relationship"]
    occupation: Id | None = None
    begins: LocalText | None = None  # where a contact begins
    ends: LocalText | None = None
    channels: Annotated[list[Channel], Field(min_length=1)] | None = None  # in which it is served


class Aspire(Frozen):
    """The level aspired to: shares from 0 to 1."""

    base: Share = 0.85
    fit: Share = 0.90
    initiative: Share = 0.20
    exceptional: Share = 0.05
    critical_at_most: Share = 0.01


class Edition(Frozen):
    """A published, immutable version of a company's sequence and standards."""

    gracja: Literal[1]
    id: Id
    version: Annotated[int, Field(ge=1)]
    effective_from: date | None = None
    title: LocalText
    service: Service
    aspire: Aspire = Aspire()
    language_model: LanguageModel | None = None
    gestures: Literal["allowed", "forbidden"] | None = None  # None: allowed, and no older digest changes
    signals: dict[Id, Predicate] = {}
    new_segment_at: Id | None = None
    sequence: Annotated[list[Part], Field(min_length=1)]

    @property
    def name(self) -> str:
        """How rows name this edition: `salon@3`."""
        return f"{self.id}@{self.version}"

    @property
    def allows_gestures(self) -> bool:
        """Whether gifts, discounts, covered costs and kind contacts may be given at all."""
        return self.gestures != "forbidden"

    def standards(self) -> Iterator[tuple[Part, Enhancer, Standard]]:
        """Every standard with the enhancer and the part it belongs to, in the order of the sequence."""
        for part in self.sequence:
            for enhancer in part.enhancers:
                for standard in enhancer.standards:
                    yield part, enhancer, standard

    def standard(self, standard_id: str) -> Standard:
        """The standard of this id. Raises KeyError."""
        return self._by_id[standard_id]

    @property
    def _by_id(self) -> dict[str, Standard]:
        return {standard.standard: standard for _, _, standard in self.standards()}
