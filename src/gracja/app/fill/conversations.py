"""The autumn's conversations: a file a month, named, scored with the edition of their time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.utils import timezone

from gracja.app.contacts.models import Wanted
from gracja.app.contacts.services.uploads import give_upload, name_in_uploads, start_upload
from gracja.app.contacts.services.wanted import record_wanted
from gracja.app.fill.autumn import at, who
from gracja.app.fill.people import MANAGER, PLACES, login_of
from gracja.app.fill.work import work_off
from gracja.app.organisation.models import Place, User
from gracja.app.standards.models import Edition
from gracja.demo import demo_company
from gracja.demo.people import STAFF
from gracja.engine.conversations.write import json_lines

MEASURED: Final = "salon@2"  # the edition that is measured now
# name, first day, day after the last, version of the edition
MONTHS: Final = (
    ("wrzesien", datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC), 1),
    ("pazdziernik", datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC), 1),
    ("listopad", datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC), 2),
)


def bring_in_conversations() -> None:
    """Say who is who, and upload each month; the last one has everything scored with the second edition."""
    company = demo_company()
    _say_who_is_who()
    for name, first, after, version in MONTHS:
        chosen = _between(company.conversations, first, min(after, timezone.now()))
        if chosen.num_rows:
            with at(after.replace(hour=6)):
                _upload(f"rozmowy-{name}.jsonl", chosen, version)
                work_off()
    known = _between(company.conversations, MONTHS[0][1], timezone.now())["contact"]
    ours: Any = pc.field("contact").isin(known)
    record_wanted(by=who(MANAGER), rows=list(_wanted(company.contacts.filter(ours))))


def _edition(version: int) -> Edition:
    return Edition.objects.get(edition_id="salon", version=version)


def _between(table: pa.Table, first: datetime, after: datetime) -> pa.Table:
    """Conversations of a month; none of the future."""
    at_: Any = table["started_at"]
    return table.filter(pc.and_(pc.greater_equal(at_, pa.scalar(first)), pc.less(at_, pa.scalar(after))))


def _upload(file_name: str, rows: pa.Table, version: int) -> None:
    by = who(MANAGER)
    upload = give_upload(by=by, file_name=file_name, chunks=json_lines(rows))
    start_upload(by=by, uid=upload.uid, words={}, edition_uid=_edition(version).uid)


def _say_who_is_who() -> None:
    people = dict(User.objects.values_list("login", "person__uid"))
    places = dict(Place.objects.exclude(code="").values_list("code", "uid"))
    name_in_uploads(
        by=who(MANAGER),
        people={employee.name: people[login_of(employee)] for employee in STAFF},
        places={code: places[code] for code in PLACES},
    )


def _wanted(contacts: pa.Table) -> Iterator[Wanted]:
    for row in contacts.to_pylist():
        yield Wanted(
            contact=row["contact"],
            segment=row["segment"],
            edition=MEASURED,
            service_kind=row["service_kind"],
            low=row["wanted_low"],
            high=row["wanted_high"],
            source=row["wanted_source"],
            recorded_at=row["wanted_recorded_at"],
            rules_version=row["rules_version"] or "",
        )
