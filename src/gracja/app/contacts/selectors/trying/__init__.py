"""Trying a standard's detector on the company's own conversations, before anybody is measured by it."""

from __future__ import annotations

from gracja.app.contacts.selectors.trying.trial import Near, Shown, Trial, missed, try_standard
from gracja.app.contacts.selectors.trying.typed import try_words

__all__ = ["Near", "Shown", "Trial", "missed", "try_standard", "try_words"]
