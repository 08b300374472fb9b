"""Conversations that a program sends, straight into the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from gracja.app.common import audit
from gracja.app.contacts.archive import company_archive
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.archive.imports import import_conversations
from gracja.engine.conversations.check import conversation_in
from gracja.engine.conversations.outcome import Conversation, WrongError
from gracja.engine.conversations.table import to_table
from gracja.engine.errors import EngineInputError, ManyInputErrors, Where

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Received:
    """How many were new, were there word for word, or are there with other words and stay as they were."""

    new: int
    known: int
    changed: int


def receive_conversations(*, by: User, records: Sequence[Any]) -> Received:
    """Put these in, all or none. Sending them again is harmless: each contact is in the archive once.

    Raises Refused: not_permitted. Raises ManyInputErrors with all that is wrong, as `conversation_in`, each
    with the place in the list as its field; EngineInputError as `import_conversations`.
    """
    require(by, "conversation.import")
    found: dict[str, Conversation] = {}
    wrong = []
    for number, record in enumerate(records):
        place = f"conversations[{number}]"
        try:
            conversation = conversation_in(record)[0]
        except WrongError as error:
            field = f"{place}.{path}" if (path := error.path()) else place
            wrong.append(EngineInputError(error.code, Where(field=field), **error.facts))
            continue
        contact = conversation.contact
        if found.setdefault(contact, conversation) != conversation:
            first = f"conversations[{[*found].index(contact)}]"
            where = Where(field=f"{place}.contact")
            wrong.append(EngineInputError("contact_twice", where, contact=contact, first=first))
    if wrong:
        raise ManyInputErrors(wrong)
    done = import_conversations(company_archive(), [to_table([*found.values()])], on_changed=_stays)
    audit.record(
        "conversations.receive",
        by=by,
        subject=("archive", ""),
        after={"new": done.new, "known": done.known, "changed": done.changed},
    )
    return Received(done.new, done.known, done.changed)


def _stays(_: pa.Table) -> None:
    """What is in the archive stays; how often that happened is counted."""
