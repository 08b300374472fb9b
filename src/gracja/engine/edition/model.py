"""The edition document as data: a company's service sequence, its parts, enhancers and standards.

The shape is the one people write in YAML; `read.py` makes it from a file, `write.py` writes it back, and
`schema.py` publishes it as JSON Schema. Everything is frozen: a published edition never changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from datetime import date as date_
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from gracja.engine.edition.language_model import LanguageModel
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.texts import (
    Frozen,
    Id,
    LocalText,
    Sentence,
)

Share = Annotated[float, Field(ge=0, le=1)]
Channel = Literal["in_person", "phone", "video", "chat", "message", "email", "letter"]


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

    good: list[LocalText] = Field(default=[])
    bad: list[LocalText] = Field(default=[])


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
    standards: list[Standard] = Field(default=[])


class Part(Frozen):
    part: Id
    title: LocalText
    customer_does: LocalText | None = None
    employee_does: LocalText | None = None
    feeling: Annotated[int, Field(ge=-100, le=100)] | None = None  # of the customer, as the author drew it
    thought: LocalText | None = None  # what the customer thinks here
    enhancers: list[Enhancer] = Field(default=[])


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
    signals: dict[Id, Predicate] = Field(default={})
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
