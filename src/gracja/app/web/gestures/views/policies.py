"""Policies: all of them, and one: its terms in words, its versions, its end."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gracja.app.gestures.club.selectors.stock import gifts_given_by
from gracja.app.gestures.selectors import policies as selectors
from gracja.app.gestures.selectors.forbidding import services_that_forbid
from gracja.app.gestures.services.policies import close_policy
from gracja.app.organisation.access import require
from gracja.app.organisation.selectors.company import today_here
from gracja.app.web.gestures.frame import show
from gracja.app.web.gestures.shown import in_words, shown_policies, state_of, versions_in_words
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader
from gracja.engine.edition.texts import in_language

AT_ONCE: Final = 50


@require_safe
def policies(request: SignedIn) -> HttpResponse:
    """Open ones first."""
    first = today_here().replace(day=1)
    rows = shown_policies(
        selectors.policies(by=request.user),
        selectors.given_since(by=request.user, first=first),
        services_that_forbid(),
        reader(),
    )
    page = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    open_ = sum(one.state == "open" for one in rows)
    forbidden = any(one.state == "forbidden" for one in rows) or bool(services_that_forbid())
    return show(
        request, "policies", "gesture_policies", {"page": page, "open": open_, "forbidden": forbidden}
    )


@require_safe
def policy(request: SignedIn, uid: str) -> HttpResponse:
    """What it says now, and what it said before."""
    written = selectors.policy(by=request.user, uid=uid)
    names = selectors.names_in_terms(reader())
    given = selectors.given_since(by=request.user, first=today_here().replace(day=1))
    context = {
        "written": written,
        "title": in_language(written.document.title, reader()),
        "state": state_of(written, services_that_forbid()),
        "said": in_words(written.document, names, reader()),
        "versions": versions_in_words(written, names, reader()),
        "given": given.get(written.policy.pk),
        "gifts": gifts_given_by(written.policy),
    }
    return show(request, "policy", "gesture_policies", context)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedIn, uid: str) -> HttpResponse:
    """Ask first; then nothing more is granted by it."""
    written = selectors.policy(by=request.user, uid=uid)
    require(request.user, "gesture.manage")
    title = in_language(written.document.title, reader())
    if request.method == "POST":
        close_policy(by=request.user, policy=written.policy)
        tell(request, _("Closed: %(title)s.") % {"title": title})
        return redirect("gesture_policy", uid)
    context = {
        "question": _("Close “%(title)s”?") % {"title": title},
        "consequence": _(
            "Nothing more is granted by it, for ever. What was granted stays good, and what is known of its "
            "effect stays readable."
        ),
        "action": _("Close the policy"),
        "back": reverse("gesture_policy", args=[uid]),
        "danger": True,
    }
    return render(request, "common/confirm.html", context)
