"""What somebody chooses for themselves: language and theme, kept with the account, and their name.

Language and theme are not in the audit log: nothing that anybody else sees or may do depends on them.
"""

from __future__ import annotations

from django.db import transaction

from gracja.app.common import audit
from gracja.app.organisation.models import User


def choose_language(*, by: User, language: str) -> None:
    """Keep the language that this reader wants."""
    by.language = language
    by.save(update_fields=("language",))


def choose_theme(*, by: User, theme: str) -> None:
    """Keep `light`, `dark`, or nothing: as the system."""
    by.theme = theme
    by.save(update_fields=("theme",))


@transaction.atomic
def choose_name(*, by: User, name: str) -> None:
    """How colleagues read one's name. In the log, because they do."""
    person = by.person
    before = {"name": person.name}
    person.name = name.strip()
    person.save()
    audit.record(
        "person.rename_self",
        by=by,
        subject=("person", person.key),
        before=before,
        after={"name": person.name},
        personal=("name",),
    )
