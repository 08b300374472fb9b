"""A customer who was erased is not contacted, and what was noted of them goes."""

from __future__ import annotations

from collections.abc import Iterable

from gracja.app.common.clock import now
from gracja.app.common.names import Names
from gracja.app.gestures.calls.models import Call


def forget_customers(keys: Iterable[str]) -> None:
    """End what was proposed; notes and reasons are emptied, that there was a contact stays."""
    theirs = Call.objects.filter(customer_key__in=list(keys))
    theirs.filter(state="proposed").update(state="ended", outcome="withdrawn", ended_at=now())
    theirs.update(note="", text="", why={})


def forget_names(names: Names) -> None:
    """A name in a note, or in what was to be said, is masked."""
    written = Call.objects.exclude(note="", text="").values_list("pk", "note", "text")
    for pk, *kept in written.iterator():
        masked = [names.masked_text(one) for one in kept]
        if masked != kept:
            Call.objects.filter(pk=pk).update(note=masked[0], text=masked[1])
