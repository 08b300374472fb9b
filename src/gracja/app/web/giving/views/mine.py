"""What somebody granted, and one gesture: its code to hand over, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gracja.app.common.refused import Refused
from gracja.app.gestures.selectors.given import gesture_for, own_gestures
from gracja.app.gestures.services.granting import release_gesture, return_gesture
from gracja.app.gestures.services.handing import hand_over
from gracja.app.organisation.access import may_somewhere
from gracja.app.web.giving.forms import TakeBack
from gracja.app.web.giving.showing import row_of
from gracja.app.web.giving.wordbook import why_refused
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell


@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """One's own gestures, the latest first."""
    if not may_somewhere(request.user, "gesture.grant"):
        raise Refused("not_permitted", permission="gesture.grant")
    rows = [row_of(one) for one in own_gestures(by=request.user)]
    context = {
        "rows": rows,
        "open": sum(one.shown.may_release for one in rows),
        "may_approve": may_somewhere(request.user, "gesture.approve"),
    }
    return render(request, "giving/mine.html", context)


@require_safe
def gesture(request: SignedIn, uid: str) -> HttpResponse:
    """One gesture, to print or to show the code of."""
    row = row_of(gesture_for(by=request.user, uid=uid))
    return render(request, "giving/gesture.html", {"row": row, "take_back": TakeBack()})


@require_POST
def give(request: SignedIn, uid: str) -> HttpResponse:
    """It was handed over."""
    return _done(request, uid, hand_over, _("Noted as given."))


@require_POST
def release(request: SignedIn, uid: str) -> HttpResponse:
    """It is not given after all."""
    return _done(request, uid, release_gesture, _("Taken back. Its cost is in the budget again."))


@require_POST
def take_back(request: SignedIn, uid: str) -> HttpResponse:
    """What was given comes back, and why: its money is free in the budget again."""
    shown = gesture_for(by=request.user, uid=uid)
    if not shown.may_approve:
        raise Refused("return_own" if shown.own else "not_permitted", permission="gesture.approve")
    form, refused = TakeBack(request.POST), ""
    if form.is_valid():
        try:
            return_gesture(by=request.user, gesture=shown.gesture, because=form.cleaned_data["because"])
        except Refused as why:
            refused = why_refused(why)
        else:
            tell(request, _("Taken back. Its cost is in the budget again."))
            return redirect("gesture", uid)
    row = row_of(gesture_for(by=request.user, uid=uid))
    context = {"row": row, "take_back": form, "refused": refused}
    return render(request, "giving/gesture.html", context, status=409 if refused else 422)


def _done(request: SignedIn, uid: str, do: Callable[..., Any], said: str) -> HttpResponse:
    shown = gesture_for(by=request.user, uid=uid)
    refused = ""
    try:
        do(by=request.user, gesture=shown.gesture)
    except Refused as why:
        if why.code == "not_permitted":
            raise
        refused = why_refused(why)
    if request.htmx:
        row = row_of(gesture_for(by=request.user, uid=uid))
        return render(
            request, "giving/granted.html", {"row": row, "refused": refused}, status=409 if refused else 200
        )
    if refused:
        row = row_of(gesture_for(by=request.user, uid=uid))
        return render(request, "giving/gesture.html", {"row": row, "refused": refused}, status=409)
    tell(request, said)
    return redirect("my_gestures")
