"""Visits of a mystery shopper to the salons, on trial, brought in as a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from random import Random
from typing import Final

from django.utils import timezone

from gracja.app.fill.autumn import MEASURED_FROM, at, who
from gracja.app.fill.people import MANAGER, PLACES
from gracja.app.observations.services.imports import add_visits, give_file
from gracja.app.standards.models import Edition
from gracja.demo.people import CENTRE, STAFF
from gracja.engine.edition.model import Edition as Document
from gracja.engine.edition.read import edition_from_json

SEED: Final = 2026
VISITS: Final = 4  # to each employee of a salon, over the autumn
WEEKS: Final = 11
USUAL_SHARE: Final = 0.82
STRONG, WEAK = 0.95, 0.62
NOT_THERE: Final = 0.12  # how often a standard's situation does not arise, where that may be
EVALUATOR_NAME: Final = "Borys Kruk"
_SHARES: Final = {"Darek Wójcik": STRONG, "Agata Sikora": STRONG, "Marek Kowalczyk": WEAK, "Ewa Król": WEAK}


def bring_in_visits() -> None:
    """One file with every visit so far."""
    edition = Edition.objects.get(edition_id="salon", version=1)
    content = _sheet(edition_from_json(edition.document)).encode("utf-8-sig")
    with at(timezone.now()):
        by = who(MANAGER)
        given = give_file(by=by, edition_uid=edition.uid, file_name="wizyty-jesien.csv", content=content)
        add_visits(by=by, uid=given.uid)


def _sheet(document: Document) -> str:
    standards = [
        standard
        for _, _, standard in document.standards()
        if standard.measure == "yes_no" and "in_person" in standard.channels and standard.rung == "base"
    ]
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(
        ["Id wizyty", "Data i godzina", "Placówka", "Pracownik", "Oceniający"]
        + [one.standard for one in standards]
    )
    now = timezone.now().replace(tzinfo=None)
    for employee in STAFF:
        if CENTRE in employee.places or employee.contacts < 5:
            continue
        random = Random(f"{SEED} visits {employee.name}")  # noqa: S311
        for number in range(VISITS):
            moment = _moment(random, number)
            if moment < now:
                share = _SHARES.get(employee.name, USUAL_SHARE)
                marks = [_mark(random, share, may_not=bool(one.na_when)) for one in standards]
                place = PLACES[random.choice(employee.places)][1]
                rows.writerow(
                    [
                        f"W-{employee.name.split()[0]}-{number + 1}",
                        f"{moment:%d.%m.%Y %H:%M}",
                        place,
                        employee.name,
                        EVALUATOR_NAME,
                        *marks,
                    ]
                )
    return out.getvalue()


def _moment(random: Random, number: int) -> datetime:
    """Spread over the weeks, on a day when the salons are open."""
    start = datetime.combine(MEASURED_FROM, datetime.min.time())
    day = start + timedelta(weeks=number * WEEKS // VISITS, days=random.randrange(12))
    day += timedelta(days=day.weekday() == 6)
    return day.replace(hour=random.randrange(10, 18), minute=random.choice((0, 15, 30, 45)))


def _mark(random: Random, share: float, *, may_not: bool) -> str:
    if may_not and random.random() < NOT_THERE:
        return "nie dotyczy"
    return "tak" if random.random() < share else "nie"
