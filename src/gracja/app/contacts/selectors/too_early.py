"""Conversations of days that are not measured: before the edition was in force, or before staff were told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.models import Upload
from gracja.app.organisation.access import may
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.notices import measured_from
from gracja.app.standards.models import Edition
from gracja.archive.layout import UNKNOWN
from gracja.engine.errors import EngineInputError


@dataclass(frozen=True, slots=True)
class TooEarly:
    """n: how many conversations; every: of how many; first_day: from when they count."""

    n: int
    every: int
    first_day: date

    @property
    def all_of_them(self) -> bool:
        return self.n == self.every


def too_early_in(upload: Upload) -> TooEarly | None:
    """Of one file; None where all count, or where no day is set yet."""
    return _found(upload.counts.get("days", {}), _first_day())


def too_early(*, by: User) -> TooEarly | None:
    """Of the whole archive, however they came in, for those who may measure or put conversations in."""
    if not (may(by, "measurement.run") or may(by, "conversation.import")):
        return None
    first_day = _first_day()
    if first_day is None:
        return None
    try:
        n, every = _archived(first_day)
    except EngineInputError:  # somebody is being erased from it just now: it is said the next time
        return None
    return TooEarly(n, every, first_day) if n else None


def _first_day() -> date | None:
    """The first day of which conversations are measured; None before staff were told, or before an edition.

    Each edition measures from its own first day on, so that what lies before the first of them never counts.
    """
    told = measured_from("automatic")
    in_force = Edition.objects.order_by("effective_from").values_list("effective_from", flat=True).first()
    return max(told, in_force) if told and in_force else None


def _found(days: Mapping[str, int], first_day: date | None) -> TooEarly | None:
    if first_day is None:
        return None
    n = sum(count for day, count in days.items() if day < first_day.isoformat())
    return TooEarly(n, sum(days.values()), first_day) if n else None


def _archived(first_day: date) -> tuple[int, int]:
    """How many began before this day, UTC, and of how many. Of files of other months the number of rows is
    known; only that month is looked into. Those of no known month are left out.
    """
    archive = archive_if_there()
    if archive is None:
        return 0, 0
    month, begins = f"{first_day:%Y-%m}", datetime.combine(first_day, time(), UTC)
    n = every = 0
    with archive.shared():
        stored = archive.conversation_files()
        for file in stored.files():
            if file.month == UNKNOWN:
                continue
            every += file.rows
            if file.month < month:
                n += file.rows
            elif file.month == month:
                for rows in stored.read(file, ["started_at"]):
                    earlier: Any = pc.less(rows["started_at"], pa.scalar(begins))
                    n += pc.sum(earlier).as_py() or 0
    return n, every
