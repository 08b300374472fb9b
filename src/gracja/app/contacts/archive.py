"""The company's archive, in the data folder."""

from __future__ import annotations

from django.conf import settings

from gracja.archive import Archive, open_archive, open_or_create
from gracja.engine.errors import EngineInputError


def company_archive() -> Archive:
    """The archive, made at the first use. Raises EngineInputError as archive.open_or_create."""
    return open_or_create(settings.HOME / "archive")


def archive_if_there() -> Archive | None:
    """The archive, or None before anything was put into it."""
    try:
        return open_archive(settings.HOME / "archive")
    except EngineInputError as error:
        if error.code == "archive_not_found":
            return None
        raise
