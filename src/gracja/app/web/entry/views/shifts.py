"""When and where I serve customers."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gracja.app.common.clock import now
from gracja.app.common.spreadsheet import read_day
from gracja.app.organisation.selectors.own_shifts import own_shifts
from gracja.app.web.request import SignedIn

_YEARS = range(2000, 2100)  # beyond these no calendar is turned


@require_GET
def mine(request: SignedIn) -> HttpResponse:
    """The reader's own shifts of four weeks: days, hours and places."""
    today = timezone.localtime(now()).date()
    asked = read_day(request.GET.get("week", ""))
    day: date = asked if asked and asked.year in _YEARS else today
    roster = own_shifts(by=request.user, day=day)
    this_week = roster.weeks[0].monday <= today <= roster.weeks[0].sunday
    context = {"roster": roster, "today": today, "this_week": this_week}
    return render(request, "entry/my_shifts.html", context)
