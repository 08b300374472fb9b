"""What the club is: a document of one version, checked before it is kept."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from gracja.app.common.money import MOST_MINOR
from gracja.app.common.refused import Refused
from gracja.engine.documents.frozen import FROZEN
from gracja.engine.edition.texts import LocalText

MOST_LEVELS: Final = 4


class Level(BaseModel):
    """start_at: so many visits, or so much spent (in minor units), within the window. policy: uid of a
    policy of gestures that is meant for this level.
    """

    model_config = FROZEN
    title: LocalText
    start_at: Annotated[int, Field(ge=1, le=MOST_MINOR)]
    perks: list[LocalText] = []
    policy: str = ""


class Birthday(BaseModel):
    """What a member is entitled to around their birthday, on how many days before and after."""

    model_config = FROZEN
    perk: LocalText
    days_before: Annotated[int, Field(ge=0, le=30)] = 3
    days_after: Annotated[int, Field(ge=0, le=30)] = 3


class ClubDocument(BaseModel):
    """counts: visits are days with a purchase or with a visit noted at the counter; purchases are what was
    spent in `currency`, refunds taken off. window_months: only what happened in these counts. keep_months: a
    level, once deserved, lasts to the end of the month so many months on.
    """

    model_config = FROZEN
    title: LocalText
    counts: Literal["visits", "purchases"]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    window_months: Annotated[int, Field(ge=1, le=60)]
    keep_months: Annotated[int, Field(ge=1, le=24)]
    levels: Annotated[list[Level], Field(min_length=1, max_length=MOST_LEVELS)]
    birthday: Birthday | None = None
    consent: LocalText

    @model_validator(mode="after")
    def _rungs_rise(self) -> Self:
        starts = [level.start_at for level in self.levels]
        if any(later <= earlier for earlier, later in pairwise(starts)):
            raise PydanticCustomError("levels_rise", "each level starts above the one before")
        return self

    def rung(self, counted: int) -> int:
        """The level that so much deserves; 0: none yet."""
        return sum(counted >= level.start_at for level in self.levels)

    def level(self, rung: int) -> Level | None:
        """The level of a rung; of one above the top (rules that lost a level), the top."""
        return self.levels[min(rung, len(self.levels)) - 1] if rung else None


def check_rules(document: dict[str, Any]) -> ClubDocument:
    """Raises Refused: club_rules_wrong (field), club_levels_do_not_rise."""
    try:
        return ClubDocument.model_validate(document)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        if first["type"] == "levels_rise":
            raise Refused("club_levels_do_not_rise") from None
        raise Refused("club_rules_wrong", field=".".join(str(step) for step in first["loc"])) from None


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, _last(year, month + 1)))


def end_of_month(day: date, months: int) -> date:
    """The last day of the month so many months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, _last(year, month + 1))


def near_birthday(day: date, month: int, day_of_month: int, birthday: Birthday) -> bool:
    """Whether the birthday is near. One on 29 February is kept on 28 February in other years."""
    for year in (day.year - 1, day.year, day.year + 1):
        on = date(year, month, min(day_of_month, _last(year, month)))
        if on - timedelta(days=birthday.days_before) <= day <= on + timedelta(days=birthday.days_after):
            return True
    return False


def _last(year: int, month: int) -> int:
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return (first_of_next - timedelta(days=1)).day
