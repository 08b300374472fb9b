"""What staff tapped at the counters of the salons over the last weeks."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Final

from django.utils import timezone

from gracja.app.fill.autumn import at, who
from gracja.app.fill.people import login_of
from gracja.app.service_mode.selectors.asking import Asked
from gracja.app.service_mode.services.recording import Done, record_advice
from gracja.demo.people import CENTRE, STAFF

SEED: Final = 2026
DAYS: Final = 28
MOST_OF_ONE: Final = 24  # in four weeks: it is tapped for the customers one is unsure of
# What was tapped -> how often, of a hundred
_TAPPED: Final[tuple[tuple[dict[str, int], int], ...]] = (
    ({"known": 4, "talkative": 1}, 18),
    ({"hurried": 1}, 16),
    ({"tired": 1, "known": 2}, 14),
    ({"asks_advice": 1}, 14),
    ({"browsing": 1}, 10),
    ({"queue": 4}, 9),
    ({"embittered": 1}, 7),
    ({"left_alone": 1, "known": 5}, 6),
    ({"uninterested": 1, "queue": 3}, 6),
)


def record_advised_contacts() -> None:
    """Each once, and without the person, as a company begins."""
    cues, weights = zip(*_TAPPED, strict=True)
    now = timezone.now()
    for employee in STAFF:
        if CENTRE in employee.places or employee.contacts < 5:
            continue
        random = Random(f"{SEED} advice {employee.name}")  # noqa: S311
        with at(now):
            by = who(login_of(employee))
            for number in range(random.randrange(8, MOST_OF_ONE)):
                moment = now - timedelta(days=random.uniform(0.1, DAYS))
                moment = moment.replace(hour=random.randrange(8, 17), minute=random.randrange(60))
                asked = Asked(edition="salon", cues=random.choices(cues, weights)[0])
                uid = f"demo-{by.login.replace('.', '-')}-{number:03}".ljust(16, "0")[:36]
                record_advice(by=by, done=Done(uid, asked, at=min(moment, now)))
