"""Teams."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.selectors.places import place_for
from gracja.app.organisation.selectors.roles import team_for, teams
from gracja.app.organisation.services.teams import delete_team, save_team
from gracja.app.web.organisation.forms import PlaceChoiceForm, TeamForm, refuse
from gracja.app.web.organisation.frame import ask, show
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """Teams by place."""
    if not may_somewhere(request.user, "person.read"):
        raise Http404
    context = {"teams": teams(by=request.user), "may_add": may_somewhere(request.user, "person.manage")}
    return show(request, "teams", "teams", context)


@require_http_methods(["GET", "POST"])
def add(request: SignedIn) -> HttpResponse:
    """First the place, then who belongs to it."""
    if not may_somewhere(request.user, "person.manage"):
        raise Http404
    uid = request.GET.get("place", "")
    if not uid:
        choice = PlaceChoiceForm(by=request.user, permission="person.manage")
        return show(request, "team_place", "teams", {}, form=choice)
    place = place_for("person.manage", by=request.user, uid=uid)
    form = TeamForm(request.POST if request.method == "POST" else None, by=request.user, place=place)
    if form.is_valid():
        try:
            team = save_team(by=request.user, team=None, place=place, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("The team %(name)s is made.") % {"name": team.name})
            return redirect("teams")
    return show(request, "team_form", "teams", {"place": place}, form=form)


@require_http_methods(["GET", "POST"])
def change(request: SignedIn, uid: str) -> HttpResponse:
    """Another name, other people."""
    team = team_for(by=request.user, uid=uid)
    if not may(request.user, "person.manage", place=team.place):
        raise Refused("not_permitted", permission="person.manage")
    form = TeamForm.of(team, by=request.user, data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            save_team(by=request.user, team=team, place=team.place, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("Saved."))
            return redirect("teams")
    return show(request, "team_form", "teams", {"place": team.place, "team": team}, form=form)


@require_http_methods(["GET", "POST"])
def delete(request: SignedIn, uid: str) -> HttpResponse:
    """The people stay."""
    team = team_for(by=request.user, uid=uid)
    if not may(request.user, "person.manage", place=team.place):
        raise Refused("not_permitted", permission="person.manage")
    if request.method == "POST":
        delete_team(by=request.user, team=team)
        tell(request, _("The team is dissolved."))
        return redirect("teams")
    return ask(
        request,
        question=_("Dissolve the team %(name)s?") % {"name": team.name},
        consequence=_("Its people stay where they are."),
        action=_("Dissolve the team"),
        back=reverse("team", args=(uid,)),
        danger=True,
    )
