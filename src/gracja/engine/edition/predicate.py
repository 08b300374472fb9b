"""What a detector looks for: a tree of predicates, each with one kind and the modifiers that narrow it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gracja.engine.edition.texts import Events, Frozen, Id, LocalText, Phrases

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
