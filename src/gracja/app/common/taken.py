"""What the database's own rules refuse, as refusals: another request may come between a look and a write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from gracja.app.common.refused import Refused


@contextmanager
def unless_taken(**refusals: Refused) -> Iterator[None]:
    """Around a write that a double click or a second tab may have made a moment before.

    refusals: part of a constraint's or a unique column's name -> what is refused where that one is violated.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violated:
        said = str(violated)
        for name, refused in refusals.items():
            if name in said:
                raise refused from None
        raise
