"""Conversations of days that are not measured: before the edition was in force, or before staff were told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from gracja.app.contacts.models import Upload
from gracja.app.organisation.access import may
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.notices import measured_from
from gracja.app.standards.models import Edition

LOOKED_AT: Final = 200  # files, the newest


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
    return _found([upload.counts.get("days", {})], _first_day())


def too_early(*, by: User) -> TooEarly | None:
    """Of the newest files together, for those who may measure or put conversations in."""
    if not (may(by, "measurement.run") or may(by, "conversation.import")):
        return None
    files = Upload.objects.filter(state="done").values_list("counts__days", flat=True)[:LOOKED_AT]
    return _found([days for days in files if days], _first_day())


def _first_day() -> date | None:
    """The first day of which conversations are measured; None before staff were told, or before an edition.

    Each edition measures from its own first day on, so that what lies before the first of them never counts.
    """
    told = measured_from("automatic")
    in_force = Edition.objects.order_by("effective_from").values_list("effective_from", flat=True).first()
    return max(told, in_force) if told and in_force else None


def _found(files: Iterable[Mapping[str, int]], first_day: date | None) -> TooEarly | None:
    if first_day is None:
        return None
    n = every = 0
    for days in files:
        every += sum(days.values())
        n += sum(count for day, count in days.items() if day < first_day.isoformat())
    return TooEarly(n, every, first_day) if n else None
