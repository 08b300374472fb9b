"""Channels in the reader's words: what they are called, and how one is served in them."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CHANNELS: Final[dict[str, Any]] = {
    "in_person": _("in person"),
    "phone": _("phone"),
    "video": _("video"),
    "chat": _("chat"),
    "message": _("message"),
    "email": _("e-mail"),
    "letter": _("letter"),
}
SERVED: Final[dict[str, Any]] = {
    "in_person": pgettext_lazy("how it is served", "in person"),
    "phone": _("by phone"),
    "video": _("by video"),
    "chat": _("by chat"),
    "message": _("by message"),
    "email": _("by e-mail"),
    "letter": _("by letter"),
}
