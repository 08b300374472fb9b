from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from gracja.app.contacts.archive import company_archive
from gracja.app.contacts.models import ExternalId
from gracja.archive.imports import import_conversations
from gracja.engine.tables import CONVERSATIONS


def turn(speaker: str, text: str, employee: str | None = None) -> dict[str, Any]:
    return {"speaker": speaker, "employee": employee, "text": text, "event": None, "at": None}


def conversation(contact: str, **fields: Any) -> dict[str, Any]:
    """A phone call at Rynek, served by whom the export calls D.L. (Darek)."""
    return {
        "contact": contact,
        "employee": "D.L.",
        "customer": None,
        "place": "KR-1",
        "channel": "phone",
        "language": "pl",
        "started_at": datetime(2026, 10, 5, 9, tzinfo=UTC),
        "complete": True,
        "turns": [
            turn("agent", "Dzień dobry, w czym mogę pomóc?"),
            turn("customer", "Chcę umówić strzyżenie."),
            turn("agent", "Zapraszam w czwartek o 17.30."),
        ],
        **fields,
    }


@pytest.fixture
def talks(cast, named_in_exports):
    """Conversations of both places, one that Darek took over at Galeria, and one of an unknown place."""
    ExternalId.objects.create(system="upload", value="D.L.", person=cast.darek.person)
    ExternalId.objects.create(system="upload", value="E.K.", person=cast.edyta.person)
    taken_over = [turn("agent", "Łączę z salonem."), turn("agent", "Dzień dobry, salon Rynek.", "D.L.")]
    november = datetime(2026, 11, 2, 9, tzinfo=UTC)
    rows = [
        conversation("rynek 1"),
        conversation("rynek 2", started_at=november, employee="darek", channel="chat"),
        conversation("galeria 1", place="KR-2", employee="E.K."),
        conversation("galeria/2?#", place="KR-2", employee="E.K.", turns=taken_over, started_at=november),
        conversation("unknown 1", place="Wieliczka", employee="ktoś", started_at=None),
    ]
    archive = company_archive()
    import_conversations(
        archive, [pa.Table.from_pylist(rows, schema=CONVERSATIONS)], on_changed=lambda _: None
    )
    return archive
