"""What people typed, made fit to keep; and ids from titles: made once, never changed by a rename."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Any, Final

from gracja.app.common.refused import Refused

_LONGEST: Final = 40
_LONGEST_TEXT: Final = 4000
_OTHER: Final = re.compile(r"[^a-z0-9]+")
# Names of fields: an id like one of these would read as a field in a path.
_KEPT: Final = frozenset(
    (
        *("title", "service", "aspire", "signals", "sequence", "part", "enhancer", "standard", "enhancers"),
        *("standards", "evidence", "sources", "behaviour", "when", "channels", "rung", "service_mode"),
        *("measure", "weight", "critical", "na_when", "detect", "feeling", "thought", "customer_does"),
        *("employee_does", "place"),
    )
)


def id_from(text: Any, taken: Collection[str], *, otherwise: str) -> str:
    """An id from a title: English before Polish, without diacritics, unlike every one that is taken.

    otherwise: what stands where the title has no letter that an id may have.
    """
    if isinstance(text, dict):
        text = text.get("en") or text.get("pl") or next(iter(text.values()), "")
    plain = unicodedata.normalize("NFKD", str(text).lower().replace("ł", "l"))
    words = [word for word in _OTHER.split("".join(c for c in plain if not unicodedata.combining(c))) if word]
    while words and not words[0][0].isalpha():
        words.pop(0)
    name = ""
    for word in words:
        if name and len(name) + 1 + len(word) > _LONGEST:
            break
        name = f"{name}_{word}"[: _LONGEST + 1].lstrip("_")
    name = name or otherwise
    unique, count = name, 2
    while unique in taken or unique in _KEPT:
        unique = f"{name}_{count}"
        count += 1
    return unique


def cleaned(value: Any) -> Any:
    """Texts without what no database or page can hold, and without space around them.

    Raises Refused: text_too_long (most).
    """
    if isinstance(value, str):
        if len(value) > _LONGEST_TEXT:
            raise Refused("text_too_long", most=_LONGEST_TEXT)
        return value.replace("\x00", "").encode("utf-8", "ignore").decode().strip()
    if isinstance(value, dict):
        return {key: cleaned(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(one) for one in value]
    return value
