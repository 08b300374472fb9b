"""To whom a gesture may be given: plain conditions as data, and what they say of one customer.

A condition names a fact (`facts.py`), a comparison and a value; conditions form a tree of `all`, `any` and
`not`. What is not known is never guessed: a condition on it is neither met nor failed, but unknown, and then
the gesture is not open to the customer.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from gracja.engine.documents.frozen import FROZEN
from gracja.engine.gesture.facts import CHOICES, COMPARISONS, FORMS, OPPOSITES

Comparison = Literal[
    "at_least", "at_most", "under", "over", "one_of", "none_of", "is", "includes", "excludes"
]
Facts = Mapping[str, Any]
OWN_FAULTS: Final = ("condition_field", "condition_comparison", "condition_value", "condition_choice")


class Condition(BaseModel):
    """One thing asked of one fact, such as {field: earlier_visits, comparison: at_least, value: 3}.

    value: a whole number, true or false, or a list of names, as the fact's form wants it.
    """

    model_config = FROZEN

    field: str
    comparison: Comparison
    value: bool | int | list[str]

    @model_validator(mode="after")
    def _fits_its_fact(self) -> Self:
        form = FORMS.get(self.field)
        if form is None:
            nearest = ", ".join(get_close_matches(self.field, FORMS, n=3, cutoff=0.4))
            raise PydanticCustomError(
                "condition_field", "unknown", {"given": self.field, "nearest": nearest or ", ".join(FORMS)}
            )
        if self.comparison not in COMPARISONS[form]:
            raise PydanticCustomError(
                "condition_comparison",
                "not of this form",
                {"field": self.field, "known": ", ".join(COMPARISONS[form])},
            )
        wanted = {"number": int, "flag": bool, "choice": list, "set": list}[form]
        if type(self.value) is not wanted or self.value == []:
            raise PydanticCustomError("condition_value", "another type", {"field": self.field, "form": form})
        if isinstance(self.value, list) and (choices := CHOICES.get(self.field)):
            for one in self.value:
                if one not in choices:
                    raise PydanticCustomError(
                        "condition_choice", "no choice", {"given": one, "known": ", ".join(choices)}
                    )
        return self

    def opposite(self) -> Condition:
        """The condition that is met exactly where this one is not, and the fact is known."""
        if isinstance(self.value, bool):
            return self.model_copy(update={"value": not self.value})
        return self.model_copy(update={"comparison": OPPOSITES[self.comparison]})


class AllOf(BaseModel):
    model_config = FROZEN
    all: Annotated[list[Node], Field(min_length=1)]


class AnyOf(BaseModel):
    model_config = FROZEN
    any: Annotated[list[Node], Field(min_length=1)]


class NotThis(BaseModel):
    model_config = FROZEN
    not_: Annotated[Node, Field(alias="not")]


def _which(value: Any) -> str:
    for tag, model in (("all", AllOf), ("any", AnyOf), ("not", NotThis)):
        if isinstance(value, model) or (isinstance(value, dict) and tag in value):
            return tag
    return "one"


Node = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NotThis, Tag("not")]
    | Annotated[Condition, Tag("one")],
    Discriminator(_which),
]
Conditions = AllOf | AnyOf | NotThis | Condition
for _model in (AllOf, AnyOf, NotThis):
    _model.model_rebuild()


@dataclass(frozen=True, slots=True)
class Decision:
    """met: whether the gesture is open. failed: the conditions that stand in the way, as they would have to
    be; unknown: those whose fact is not known.
    """

    met: bool
    failed: tuple[Condition, ...] = ()
    unknown: tuple[Condition, ...] = ()


def eligible(facts: Facts, conditions: Conditions) -> Decision:
    """What the conditions say of these facts.

    facts: name -> value, as in `facts.py`; one that is missing or None is not known. Names that no condition
    asks for do no harm. All conditions that stand in the way are told, not only the first.
    """
    state, failed, unknown = _read(facts, conditions, wanted=True)
    met = state is True
    return Decision(met, () if met else tuple(failed), () if met else tuple(unknown))


def names_in(node: Conditions) -> frozenset[str]:
    """The facts that these conditions ask for."""
    if isinstance(node, Condition):
        return frozenset({node.field})
    below = [node.not_] if isinstance(node, NotThis) else (node.all if isinstance(node, AllOf) else node.any)
    return frozenset().union(*(names_in(one) for one in below))


_Answer = tuple[bool | None, list[Condition], list[Condition]]


def _read(facts: Facts, node: Conditions, *, wanted: bool) -> _Answer:
    """Met, failed or not known (None), and the conditions in the way; wanted: False inside an odd `not`."""
    if isinstance(node, Condition):
        asked = node if wanted else node.opposite()
        given = facts.get(asked.field)
        if given is None:
            return None, [], [asked]
        return (True, [], []) if _holds(given, asked) else (False, [asked], [])
    if isinstance(node, NotThis):
        return _read(facts, node.not_, wanted=not wanted)
    below = node.all if isinstance(node, AllOf) else node.any
    answers = [_read(facts, one, wanted=wanted) for one in below]
    failed = [one for answer in answers for one in answer[1]]
    unknown = [one for answer in answers for one in answer[2]]
    states = [answer[0] for answer in answers]
    # inside a `not`, all and any change places
    if isinstance(node, AllOf) == wanted:
        state = False if False in states else (None if None in states else True)
    else:
        state = True if True in states else (None if None in states else False)
    return (True, [], []) if state else (state, failed, unknown)


def _holds(given: Any, asked: Condition) -> bool:
    return bool(_HOLDS[asked.comparison](given, asked.value))


def _touches(given: Collection[str], value: Collection[str]) -> bool:
    return not set(given).isdisjoint(value)


_HOLDS: Final[dict[Comparison, Callable[[Any, Any], bool]]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "under": operator.lt,
    "over": operator.gt,
    "is": operator.is_,
    "one_of": lambda given, value: given in value,
    "none_of": lambda given, value: given not in value,
    "includes": _touches,
    "excludes": lambda given, value: not _touches(given, value),
}
