"""The club's front page, and its settings."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gracja.app.common.refused import Refused
from gracja.app.gestures.club.selectors import members, rules
from gracja.app.gestures.club.services.settings import write_club
from gracja.app.organisation.access import may, may_somewhere, require
from gracja.app.web.club.forms import refuse
from gracja.app.web.club.settings_form import ClubForm, typed_of
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell


@require_safe
def club(request: SignedIn) -> HttpResponse:
    """What the club is, how many belong to it, and where to go from here."""
    by = request.user
    found = rules.club(by=by)
    held = members.how_many(by=by) if found and may_somewhere(by, "customer.find") else {}
    top = len(found.document.levels) if found else 0
    rungs = [
        (level, sum(n for rung, n in held.items() if rung == at or (at == top and rung > top)))
        for at, level in enumerate(found.document.levels if found else [], 1)
    ]
    context = {
        "club": found,
        "rungs": rungs,
        "without": held.get(0, 0),
        "all": sum(held.values()),
        "may_manage": may(by, "gesture.manage"),
        "may_serve": may_somewhere(by, "customer.find"),
        "may_give": may_somewhere(by, "gesture.grant"),
        "may_read": may(by, "gesture.read"),
    }
    return render(request, "club/club.html", context)


@require_http_methods(["GET", "POST"])
def settings(request: SignedIn) -> HttpResponse:
    """The club set up or changed."""
    require(request.user, "gesture.manage")
    found = rules.club(by=request.user)
    initial = typed_of(found.kept.document, found.kept.version) if found else {}
    posted = request.POST if request.method == "POST" else None
    form = ClubForm(posted, initial=initial, policies=members.policies_to_link(by=request.user))
    if form.is_valid():
        try:
            write_club(by=request.user, document=form.document(), version=form.cleaned_data["version"] or 0)
        except Refused as refused:
            refuse(form, refused)
        else:
            tell(request, _("The club is saved. Members keep the text that they agreed to."))
            return redirect("club")
    context = {"form": form, "levels": list(form.levels()), "club": found}
    return render(request, "club/settings.html", context, status=422 if form.is_bound else 200)
