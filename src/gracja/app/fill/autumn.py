"""When what happened: a year of visits, then the autumn of 2026 through which the demo company lived."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Final

from django.utils import timezone

from gracja.app.common.clock import stopped_at
from gracja.app.organisation.models import User

FOUNDED: Final = datetime(2025, 8, 11, 8, tzinfo=UTC)
FIRST_EDITION: Final = datetime(2025, 8, 20, 9, tzinfo=UTC)
VISITED_FROM, VISITED_TO = date(2025, 10, 1), date(2026, 8, 31)
CONVERSATIONS_TOLD: Final = datetime(2026, 8, 20, 9, tzinfo=UTC)
FIRST_RUN: Final = datetime(2026, 9, 1, 7, tzinfo=UTC)
MEASURED_FROM: Final = date(2026, 9, 1)
GESTURES_FROM: Final = datetime(2026, 10, 5, 7, tzinfo=UTC)
SECOND_EDITION: Final = datetime(2026, 10, 26, 9, tzinfo=UTC)
SECOND_IN_FORCE: Final = date(2026, 11, 2)
VISITS_TOLD: Final = datetime(2026, 11, 16, 8, tzinfo=UTC)
VISITED_AGAIN_FROM: Final = date(2026, 12, 1)
LATELY: Final = datetime(2026, 11, 19, 14, tzinfo=UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Live at this moment; at the present one, if it has not come yet."""
    with stopped_at(min(moment, timezone.now())):
        yield


def who(login: str) -> User:
    """Somebody of the demo, with the roles that they hold by now."""
    return User.objects.select_related("person").get(login=login)
