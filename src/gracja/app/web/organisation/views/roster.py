"""The roster: a week of a place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.clock import now, today
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import read_day, write_sheet
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.selectors.places import in_order, place_for, places_to, tree
from gracja.app.organisation.selectors.roster import shift_at, week_of
from gracja.app.organisation.services.roster import add_shift, remove_shift
from gracja.app.web.organisation.forms import ShiftForm, refuse
from gracja.app.web.organisation.frame import show
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell

if TYPE_CHECKING:
    from gracja.app.organisation.models import Place

PERMISSION = "roster.manage"


@require_GET
def choose(request: SignedIn) -> HttpResponse:
    """The one place that the reader plans, or a choice among several."""
    if not may_somewhere(request.user, PERMISSION):
        raise Http404
    planned = set(places_to(PERMISSION, by=request.user).values_list("pk", flat=True))
    rows = [
        (level, place)
        for level, place in in_order(tree(by=request.user))
        if place.pk in planned and place.kind == place.PLACE
    ]
    if len(rows) == 1:
        return redirect("roster_week", rows[0][1].uid)
    return show(request, "roster_places", "roster", {"places": [place for _, place in rows]})


@require_http_methods(["GET", "POST"])
def week(request: SignedIn, uid: str) -> HttpResponse:
    """Who serves when in one week, and a form for one shift more."""
    place = place_for(PERMISSION, by=request.user, uid=uid)
    day = _day(request)
    data = request.POST if request.method == "POST" else None
    initial = {"day": day, "begins": "09:00", "ends": "17:00"}
    form = ShiftForm(data, by=request.user, place=place, initial=initial)
    if form.is_valid():
        try:
            add_shift(by=request.user, place=place, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("Shift added."))
            return redirect(_address(place, form.cleaned_data["day"]))
    context = {"week": week_of(by=request.user, place=place, day=day), "place": place, "today": _today(place)}
    return show(request, "roster_week", "roster", context, form=form)


@require_POST
def remove(request: SignedIn, uid: str) -> HttpResponse:
    """One shift away."""
    place = place_for(PERMISSION, by=request.user, uid=uid)
    shift = shift_at(
        by=request.user,
        place=place,
        person_uid=request.POST.get("person", ""),
        starts_at=request.POST.get("starts_at", ""),
    )
    day = shift.starts_at.astimezone(ZoneInfo(place.zone)).date()
    remove_shift(by=request.user, shift=shift)
    tell(request, _("Shift removed."))
    return redirect(_address(place, day))


@require_GET
def as_csv(request: SignedIn, uid: str) -> HttpResponse:
    """The week as a file, which the import takes again."""
    place = place_for(PERMISSION, by=request.user, uid=uid)
    shown = week_of(by=request.user, place=place, day=_day(request))
    rows: list[tuple[object, ...]] = [(_("Person"), _("Code"), _("Place"), _("Day"), _("From"), _("To"))]
    for person, days in shown.rows:
        for on, cell in zip(shown.days, days, strict=True):
            rows.extend(
                (person.name, person.code, place.name, on, f"{one.begins:%H:%M}", f"{one.ends:%H:%M}")
                for one in cell
            )
    name = f"roster-{shown.days[0]}.csv"
    return HttpResponse(
        write_sheet(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _day(request: SignedIn) -> date:
    return read_day(request.GET.get("week", "")) or today()


def _today(place: Place) -> date:
    return now().astimezone(ZoneInfo(place.zone)).date()


def _address(place: Place, day: date) -> str:
    return f"{reverse('roster_week', args=(place.uid,))}?week={day.isoformat()}"
