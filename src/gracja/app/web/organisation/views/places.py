"""Places: the tree, and what is done to it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.selectors.places import place_managed, tree
from gracja.app.organisation.services import places as services
from gracja.app.web.organisation.forms import COMPANY, PlaceForm, refuse
from gracja.app.web.organisation.frame import ask, show
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """The tree of regions and places."""
    if not may_somewhere(request.user, "person.read"):
        raise Http404
    closed = bool(request.GET.get("closed"))
    branches = tree(by=request.user, closed=closed)
    context = {
        "branches": branches,
        "closed": closed,
        "may_manage": may(request.user, "place.manage"),
        "may_plan": may_somewhere(request.user, "roster.manage"),
    }
    return show(request, "places", "places", context)


@require_http_methods(["GET", "POST"])
def add(request: SignedIn) -> HttpResponse:
    """A new region or place."""
    if not may(request.user, "place.manage"):
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = PlaceForm(data, by=request.user, initial={"parent": request.GET.get("in", COMPANY)})
    if form.is_valid():
        try:
            place = services.add_place(by=request.user, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("%(name)s is added.") % {"name": place.name})
            return redirect("places")
    return show(request, "place_form", "places", {}, form=form)


@require_http_methods(["GET", "POST"])
def change(request: SignedIn, uid: str) -> HttpResponse:
    """Rename a place, or move it with everything below."""
    place = place_managed(by=request.user, uid=uid)
    initial = {name: getattr(place, name) for name in ("name", "kind", "code", "zone")}
    initial["parent"] = place.parent.uid if place.parent else COMPANY
    data = request.POST if request.method == "POST" else None
    form = PlaceForm(data, by=request.user, of=place, initial=initial)
    if form.is_valid():
        said = dict(form.cleaned_data)
        parent = said.pop("parent")
        try:
            services.move_and_change_place(by=request.user, place=place, parent=parent, **said)
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("Saved."))
            return redirect("places")
    return show(request, "place_form", "places", {"place": place}, form=form)


@require_http_methods(["GET", "POST"])
def close(request: SignedIn, uid: str) -> HttpResponse:
    """No longer in use, with everything below."""
    place = place_managed(by=request.user, uid=uid)
    if request.method == "POST":
        services.close_place(by=request.user, place=place)
        tell(
            request, _("%(name)s is closed.") % {"name": place.name}, undo=reverse("place_open", args=(uid,))
        )
        return redirect("places")
    return ask(
        request,
        question=_("Close %(name)s?") % {"name": place.name},
        consequence=_("It is no longer offered, nor is anything below it. What happened there stays."),
        action=_("Close the place"),
        back=reverse("place", args=(uid,)),
        danger=True,
    )


@require_POST
def reopen(request: SignedIn, uid: str) -> HttpResponse:
    """In use again."""
    place = place_managed(by=request.user, uid=uid)
    services.open_place(by=request.user, place=place)
    tell(request, _("%(name)s is open again.") % {"name": place.name})
    return redirect("places")
