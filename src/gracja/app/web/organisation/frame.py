"""What every page of the organisation stands in: the doors between them, and the answer to a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gracja.app.organisation.access import may_somewhere
from gracja.app.web.request import SignedIn

# title, address, permission that opens it somewhere (empty: everybody)
_DOORS: Final = (
    (_("People"), "people", "person.read"),
    (_("Places"), "places", "person.read"),
    (_("Teams"), "teams", "person.read"),
    (_("Roster"), "roster", "roster.manage"),
    (_("Roles"), "roles", "role.manage"),
    (_("From files"), "imports", "person.manage"),
    (_("Notices to staff"), "notices", ""),
    (_("Company"), "company", "company.manage"),
    (_("Log"), "log", "audit.read"),
    (_("Tokens"), "tokens", "token.manage"),
)


@dataclass(frozen=True, slots=True)
class Door:
    title: str | Promise
    address: str
    here: bool


def show(
    request: SignedIn,
    template: str,
    here: str,
    context: dict[str, Any],
    *,
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of the organisation; 422 where `form` was sent and is wrong."""
    doors = [
        Door(title, reverse(name), name == here)
        for title, name, permission in _DOORS
        if not permission or may_somewhere(request.user, permission)
    ]
    wrong = form is not None and form.is_bound
    return render(
        request,
        f"organisation/{template}.html",
        {**context, "form": form, "subdoors": doors if len(doors) > 1 else []},
        status=422 if wrong else status,
    )


def ask(
    request: SignedIn, *, question: str, consequence: str, action: str, back: str, danger: bool = False
) -> HttpResponse:
    """The page that asks before something is done; the same address does it by POST."""
    context = {
        "question": question,
        "consequence": consequence,
        "action": action,
        "back": back,
        "danger": danger,
    }
    return render(request, "common/confirm.html", context)
