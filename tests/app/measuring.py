"""Fixtures of what there is to measure: a notice, visits, an archive."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from gracja.app.contacts.archive import company_archive
from gracja.app.observations.models import Mark, Visit
from gracja.app.organisation.models import StaffNotice
from gracja.archive import open_or_create
from gracja.archive.imports import import_conversations
from gracja.archive.scoring import score_archive
from gracja.demo import demo_company
from gracja.engine.detect.batch import BatchScorer
from gracja.engine.detect.name import DETECTOR
from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.model import Edition
from gracja.engine.edition.read import edition_from_json, read_edition
from gracja.engine.edition.write import as_json, edition_digest

SEPTEMBER = date(2026, 9, 1)


@cache
def salon() -> Edition:
    """The bundled edition: to read it takes longer than most tests."""
    return read_edition(bundled_text("salon")).edition


@pytest.fixture
def told(company):
    """Staff were told in August that visits and conversations are measured from September."""
    return StaffNotice.objects.create(
        text_pl="Od września mierzymy.",
        sources=["visit", "automatic"],
        given_at=datetime(2026, 8, 20, tzinfo=UTC),
        measured_from=SEPTEMBER,
    )


@pytest.fixture(scope="session")
def demo():
    return demo_company()


@pytest.fixture(scope="session")
def archive_made(demo, tmp_path_factory):
    """The folder of an archive with the demo company's conversations, scored with the salon."""
    folder = tmp_path_factory.mktemp("made") / "archive"
    archive = open_or_create(folder)
    import_conversations(archive, [demo.conversations.slice(0, 200)], on_changed=lambda _: None)
    score_archive(
        archive,
        BatchScorer(edition_from_json(as_json(salon())), "pl"),
        edition_digest=edition_digest(salon()),
        scored_by=DETECTOR,
    )
    return folder


@pytest.fixture
def archived(archive_made, edition, settings):
    """The same as the company's archive, scored with the edition."""
    shutil.copytree(archive_made, settings.HOME / "archive")
    return company_archive()


@pytest.fixture
def visits(edition, cast, rynek, galeria):
    """Forty visits by Borys: Darek does well what Edyta does half of the time."""
    standards = list(edition_from_json(edition.document).standards())
    marks = []
    for number in range(40):
        employee, place = ((cast.darek, rynek), (cast.edyta, galeria))[number % 2]
        visit = Visit.objects.create(
            contact=f"visit-{number}",
            edition=edition,
            place=place,
            employee=employee.person,
            evaluator=cast.borys.person,
            occurred_at=datetime(2026, 10, 1, 9, tzinfo=UTC) + timedelta(days=number),
        )
        marks += [
            Mark(
                visit=visit,
                standard=standard.standard,
                status="marked",
                value=1.0 if employee is cast.darek or (number // 2 + at) % 2 else 0.0,
            )
            for at, (_, _, standard) in enumerate(standards)
        ]
    Mark.objects.bulk_create(marks)
