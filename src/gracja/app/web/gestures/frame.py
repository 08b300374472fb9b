"""What every page of gestures stands in: the doors between them, and the answer to a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gracja.app.organisation.access import may, may_somewhere
from gracja.app.web.request import SignedIn

# title, address, permissions of which one opens it somewhere
_DOORS: Final = (
    (_("Overview"), "gestures", ("gesture.read", "gesture.manage", "gesture.approve")),
    (_("Policies"), "gesture_policies", ("gesture.read", "gesture.manage")),
    (_("Budgets"), "gesture_budgets", ("gesture.read", "gesture.manage")),
    (_("Statement"), "statement", ("gesture.read", "gesture.manage")),
    (_("Questions"), "gesture_questions", ("gesture.read", "gesture.manage")),
    (_("Approvals"), "approvals", ("gesture.approve",)),
    (_("Club"), "club", ("gesture.grant",)),
    (_("Gift stock"), "stock", ("gesture.grant",)),
    (_("Calls and cards"), "calls", ("gesture.grant",)),
    (_("Failures put right"), "recovery", ("gesture.grant",)),
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
    """A page of gestures; 422 where `form` was sent and is wrong."""
    doors = [
        Door(title, address, name == here)
        for title, name, permissions in _DOORS
        if any(may_somewhere(request.user, one) for one in permissions) and (address := _address(name))
    ]
    wrong = form is not None and form.is_bound and bool(form.errors)
    return render(
        request,
        f"gestures/{template}.html",
        {
            **context,
            "form": form,
            "subdoors": doors,
            "may_manage": may(request.user, "gesture.manage"),
        },
        status=422 if wrong else status,
    )


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
