"""Conversations, one of them, and the files they came in."""

from __future__ import annotations

import base64
import binascii

from django.urls import URLPattern, path, register_converter

from gracja.app.web.contacts.views import conversations, uploads


class Contact:
    """A contact's name, which may hold anything, as one piece of an address."""

    regex = r"[A-Za-z0-9_-]+"

    def to_python(self, value: str) -> str:
        """Raises ValueError for what is no name: the address leads nowhere."""
        try:
            return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise ValueError(value) from None

    def to_url(self, value: str) -> str:
        return base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")


register_converter(Contact, "contact")

urlpatterns: list[URLPattern] = [
    path("", conversations.conversations, name="conversations"),
    path("one/<contact:contact>/", conversations.conversation, name="conversation"),
    path("uploads/", uploads.uploads, name="uploads"),
    path("uploads/score/", uploads.score, name="score_conversations"),
    path("uploads/<str:uid>/", uploads.upload, name="upload"),
    path("uploads/<str:uid>/retry/", uploads.retry, name="retry_upload"),
    path("uploads/<str:uid>/drop/", uploads.drop, name="drop_upload"),
    path("uploads/<str:uid>/names/", uploads.names, name="upload_names"),
    path("uploads/<str:uid>/rejected.csv", uploads.rejected, name="upload_rejected"),
]
