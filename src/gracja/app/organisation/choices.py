"""What somebody chose for their own eyes alone: language and theme, kept with the account.

Not in the audit log: nothing that anybody else sees or may do depends on it.
"""

from __future__ import annotations

from gracja.app.organisation.models import User


def choose_language(*, by: User, language: str) -> None:
    """Keep the language that this reader wants."""
    by.language = language
    by.save(update_fields=("language",))


def choose_theme(*, by: User, theme: str) -> None:
    """Keep `light`, `dark`, or nothing: as the system."""
    by.theme = theme
    by.save(update_fields=("theme",))
