"""How allauth works here: nobody signs up; whoever signs in finds their own language and theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from gracja.app.web.reader import remember

if TYPE_CHECKING:
    from gracja.app.organisation.models import User

_WRONG = _("Login or password is not right. Check both; capitals count in the password.")


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by invitation, in the organisation's own services."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _WRONG,
        "email_password_mismatch": _WRONG,
        "incorrect_password": _("This is not your password. Try again."),
        "enter_current_password": _("This is not your present password. Try again."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        """Whoever signs in on a new device finds the language and theme of their account."""
        response: HttpResponse = super().post_login(request, user, **facts)
        if user.language:
            remember(response, settings.LANGUAGE_COOKIE_NAME, user.language)
        remember(response, "theme", user.theme)
        return response
