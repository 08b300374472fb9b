"""Our codes in the reader's words."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SPEAKERS: Final[dict[str, Any]] = {
    "agent": pgettext_lazy("speaker", "Employee"),
    "customer": pgettext_lazy("speaker", "Customer"),
    "bot": pgettext_lazy("speaker", "Bot"),
    "system": pgettext_lazy("speaker", "System"),
}
COLUMNS: Final[dict[str, Any]] = {
    "contact": _("Conversation: its number or name"),
    "speaker": _("Who speaks"),
    "text": _("What was said"),
    "at": _("When it was said"),
    "employee": _("Employee of the conversation"),
    "turn_employee": _("Employee who spoke, if another"),
    "customer": _("Customer’s number"),
    "place": _("Place"),
    "channel": _("Channel"),
    "language": _("Language of the conversation"),
    "started_at": _("When the conversation began"),
    "event": _("Event of the system"),
    "complete": _("Is the conversation whole?"),
}
LANGUAGES: Final[dict[str, Any]] = {"pl": _("Polish"), "en": _("English")}
UNDATED: Final = _("without a date")
