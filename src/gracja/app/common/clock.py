"""Now, in one place, so that it can be stopped: by a test, and where the demo lives through its autumn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_stopped: ContextVar[datetime | None] = ContextVar("stopped", default=None)


def now() -> datetime:
    """The present moment, in UTC."""
    return _stopped.get() or timezone.now()


def today() -> date:
    """Today, UTC."""
    return now().date()


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Within it, this moment is the present: for this thread alone."""
    before = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(before)
