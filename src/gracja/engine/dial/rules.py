"""The situation rules as data: what each cue adds to the dial, why, and what it asks of staff.

Points are assumptions and the company's to change; the shape keeps them explainable and monotone: every cue
adds points of one sign, or sets a ceiling.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from gracja.engine.documents.frozen import FROZEN
from gracja.engine.edition.texts import Id, LocalText

Points = Annotated[int, Field(ge=-100, le=100)]
Closeness = Annotated[int, Field(ge=0, le=100)]
Kind = Literal["encounter", "relationship"]
Band = Literal["discreet", "attentive", "personal"]
BANDS: tuple[Band, ...] = ("discreet", "attentive", "personal")


class Frozen(BaseModel):
    model_config = FROZEN


class Start(Frozen):
    """Where the dial stands before any cue."""

    encounter: Closeness = 30
    relationship: Closeness = 60


class Bands(Frozen):
    """Discreet below the first limit, personal from the second, attentive between them."""

    attentive_from: Annotated[int, Field(ge=1, le=99)] = 35
    personal_from: Annotated[int, Field(ge=2, le=100)] = 65

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.attentive_from >= self.personal_from:
            raise PydanticCustomError("bands_out_of_order", "attentive before personal")
        return self

    def of(self, dial: int) -> Band:
        if dial < self.attentive_from:
            return "discreet"
        return "attentive" if dial < self.personal_from else "personal"


class Cue(Frozen):
    """Something that staff can see, hear or know of a customer at the start of a contact.

    counts: what is counted, of a cue with a number; its points are for each one beyond `over`, and together
    at most `at_most`. ceiling: the dial goes no higher, whatever else is true. do_from: what it asks to be
    done is advised only from this band on.
    """

    cue: Id
    title: LocalText
    why: LocalText
    points: Points = 0
    counts: LocalText | None = None
    over: Annotated[int, Field(ge=0, le=10_000)] = 0
    at_most: Annotated[int, Field(ge=1, le=100)] | None = None
    ceiling: Closeness | None = None
    do_from: Band = "discreet"
    do: list[LocalText] = []
    hold: list[LocalText] = []

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.points == 0 and self.ceiling is None:
            raise PydanticCustomError("cue_without_effect", "points or a ceiling")
        if self.counts is None and (self.over or self.at_most is not None):
            raise PydanticCustomError("cue_counts_nothing", "over and at_most need counts")
        if self.counts is not None and self.ceiling is not None:
            raise PydanticCustomError("cue_counts_to_ceiling", "a ceiling has no number")
        return self

    def adds(self, count: int) -> int:
        """Points that this cue adds when it is true `count` times (1, for one that is only true or not)."""
        amount = abs(self.points) * max(0, count - self.over)
        amount = amount if self.at_most is None else min(amount, self.at_most)
        return amount if self.points > 0 else -amount


class Occupation(Frozen):
    """What customers expect of an occupation. source: a key of the bundled sources, or `assumption`."""

    occupation: Id
    title: LocalText
    kind: Kind
    points: Annotated[int, Field(ge=-30, le=30)]
    source: Annotated[str, Field(min_length=1)] = "assumption"
    why: LocalText


class ByBand(Frozen):
    """An amount for each band, which never falls as service becomes more personal."""

    discreet: Annotated[int, Field(ge=0, le=240)]
    attentive: Annotated[int, Field(ge=0, le=240)]
    personal: Annotated[int, Field(ge=0, le=240)]

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if not self.discreet <= self.attentive <= self.personal:
            raise PydanticCustomError("amounts_fall", "discreet <= attentive <= personal")
        return self

    def of(self, band: Band) -> int:
        amount: int = getattr(self, band)
        return amount


class Overdose(Frozen):
    """How much closeness one contact can bear, and how often we may start one with a customer."""

    personal_moves: ByBand = ByBand(discreet=0, attentive=1, personal=3)
    contacts_started_in_30_days: Annotated[int, Field(ge=0, le=31)] = 2


class Load(Frozen):
    """Minutes that service takes longer than the shortest, by band."""

    extra_minutes: ByBand = ByBand(discreet=0, attentive=1, personal=4)


class SituationRules(Frozen):
    """One version of a company's rules. `name` (`bundled@1`) stands beside every advice given by it."""

    gracja_rules: Literal[1]
    id: Id
    version: Annotated[int, Field(ge=1)]
    start: Start = Start()
    bands: Bands = Bands()
    cues: Annotated[list[Cue], Field(min_length=1)]
    exclude: list[Annotated[list[Id], Field(min_length=2, max_length=2)]] = []
    occupations: list[Occupation] = []
    within_reach: Annotated[list[LocalText], Field(min_length=1)]
    overdose: Overdose = Overdose()
    load: Load = Load()

    @property
    def name(self) -> str:
        return f"{self.id}@{self.version}"

    def cue(self, cue: str) -> Cue | None:
        return next((one for one in self.cues if one.cue == cue), None)

    def occupation(self, occupation: str) -> Occupation | None:
        return next((one for one in self.occupations if one.occupation == occupation), None)
