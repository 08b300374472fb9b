"""How many gestures, or how much, one customer or one employee may have in a period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from gracja.engine.documents.frozen import FROZEN

Kind = Literal["gift", "discount", "covered_cost", "personal_contact"]


class Cap(BaseModel):
    """At most so much in any `days` days: gestures, or their cost in minor units.

    of: whose gestures are counted. kinds: of these kinds only; of all, where none are named.
    """

    model_config = FROZEN

    of: Literal["customer", "employee"]
    counts: Literal["gestures", "cost_minor"] = "gestures"
    most: Annotated[int, Field(ge=0)]
    days: Annotated[int, Field(ge=1, le=3660)]
    kinds: list[Kind] = []


@dataclass(frozen=True, slots=True)
class Grant:
    """One gesture given, or asked for; not taken back, not expired. cost_minor: in the place's currency."""

    employee: str
    customer: str
    place: str
    kind: Kind
    cost_minor: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """A cap that one more gesture would break. used: so far; left: what still fits under it."""

    cap: Cap
    used: int
    left: int


def within_caps(grants: Iterable[Grant], caps: Sequence[Cap], asked: Grant) -> tuple[Broken, ...]:
    """The caps that this gesture would break, none if it may be given.

    grants: those given before, in any order, of anybody; what the gesture asked for is counted on top. A
    period is the last `days` days up to the moment asked; what is dated later is left out.
    """
    before = [grant for grant in grants if grant.at <= asked.at]
    broken = []
    for cap in caps:
        if cap.kinds and asked.kind not in cap.kinds:
            continue
        since = asked.at - timedelta(days=cap.days)
        used = sum(
            _amount(grant, cap)
            for grant in before
            if grant.at > since
            and getattr(grant, cap.of) == getattr(asked, cap.of)
            and (not cap.kinds or grant.kind in cap.kinds)
        )
        if used + _amount(asked, cap) > cap.most:
            broken.append(Broken(cap, used, max(0, cap.most - used)))
    return tuple(broken)


def _amount(grant: Grant, cap: Cap) -> int:
    return 1 if cap.counts == "gestures" else grant.cost_minor
