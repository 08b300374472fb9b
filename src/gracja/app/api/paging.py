"""Lists a page at a time: a cursor says where the last page ended, whatever came or went since."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Final

from django.db.models import Model, QuerySet
from ninja import Field, Schema

from gracja.app.api.problems import CursorUnknown
from gracja.app.api.shapes import Text

AT_MOST: Final = 200


class Paging(Schema):
    cursor: Text | None = Field(
        None, max_length=300, description="`next` of the page before; nothing for the first page."
    )
    limit: int = Field(50, ge=1, le=AT_MOST, description="How many at most.")


def page_of_rows[M: Model](
    rows: QuerySet[M], paging: Paging, *, newest_first: bool = False, key: str = "pk"
) -> dict[str, Any]:
    """A page in the order in which the rows came to be, or in that of a text that no two of them share."""
    after = _opened(paging.cursor, int if key == "pk" else str)
    if after is not None:
        rows = rows.filter(**{f"{key}__lt" if newest_first else f"{key}__gt": after})
    found = list(rows.order_by(f"-{key}" if newest_first else key)[: paging.limit + 1])
    return _page(found, paging, attrgetter(key))


def page_of_list[T](items: Sequence[T], paging: Paging, key: Callable[[T], str]) -> dict[str, Any]:
    """A page of what a selector gives whole, in the order of a key that no two share."""
    after = _opened(paging.cursor, str)
    ordered = sorted(items, key=key)
    left = [item for item in ordered if after is None or key(item) > after]
    return _page(left[: paging.limit + 1], paging, key)


def _page(found: Sequence[Any], paging: Paging, key: Callable[[Any], Any]) -> dict[str, Any]:
    shown = found[: paging.limit]
    more = len(found) > paging.limit
    return {"items": shown, "next": _sealed(key(shown[-1])) if more else None}


def _sealed(key: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _opened(cursor: str | None, kind: type[int | str]) -> Any:
    """Raises CursorUnknown."""
    if not cursor:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise CursorUnknown from None
    if type(key) is not kind or (isinstance(key, int) and not 0 < key < 2**63):
        raise CursorUnknown
    return key
