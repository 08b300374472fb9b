"""Names for addresses that nobody can guess."""

from __future__ import annotations

import secrets


def new_uid() -> str:
    """16 characters, 96 random bits: stands in addresses instead of a row's number."""
    return secrets.token_urlsafe(12)
