"""The edition's permission to ask a language model: where texts may go, which model, what it costs."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from gracja.engine.documents.frozen import FROZEN

# no user, key or question mark: a key in an address would be in every copy of the edition
_ADDRESS: Final = re.compile(r"https?://[^\s/@?#]+(?:/[^\s@?#]*)?")


def _address(given: str) -> str:
    if not _ADDRESS.fullmatch(given):
        raise PydanticCustomError("endpoint_unreadable", "an http(s) address", {"given": given})
    return given


class Prices(BaseModel):
    """What the endpoint asks for a million tokens, in one currency."""

    model_config = FROZEN

    currency: Annotated[str, Field(min_length=1)]
    input_per_million: Annotated[float, Field(ge=0)]
    output_per_million: Annotated[float, Field(ge=0)]


class LanguageModel(BaseModel):
    """Without this block no text leaves the machine, and `judge` abstains."""

    model_config = FROZEN

    texts_may_leave_to: Annotated[str, AfterValidator(_address)]
    model: Annotated[str, Field(min_length=1)]
    mask_names: bool = True
    prices: Prices | None = None
