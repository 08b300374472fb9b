"""Shapes that several words share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Final

from ninja import Field, Path, Schema
from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


def _of_characters(text: str) -> str:
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise PydanticCustomError("characters", "not text")
    return text


# Neither NUL nor halves of characters: no database keeps them.
Text = Annotated[str, AfterValidator(_of_characters)]
# Something to read: not only spaces.
Name = Annotated[Text, Field(min_length=1, max_length=120, pattern=r"\S")]
# No calendar reaches further, and no arithmetic on days falls off its end.
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
# As the document says: whatever zone a time was given in, it is answered in UTC.
Moment = Annotated[datetime, AfterValidator(lambda at: at.astimezone(UTC))]
UID: Final = r"^[A-Za-z0-9_-]{16,22}$"
Uid = Annotated[str, Field(pattern=UID, examples=["Zk3vXq0aB1cD2eF3"])]
UidInPath = Annotated[str, Path(pattern=UID, description="Its `uid`.")]


class Given(BaseModel):
    """What a caller sends: a field that nobody knows is an error, not a loss.

    Not ninja's Schema, which checks it a second time so that a model's row can be given as well.
    """

    model_config = ConfigDict(extra="forbid")


class Page[T](Schema):
    """A page of a list."""

    items: list[T]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")
