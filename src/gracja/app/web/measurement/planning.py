"""Plan reviews: how many are enough, the next as a list for evaluators, and what connects groups."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from gracja.app.common.spreadsheet import write_sheet
from gracja.app.measurement.models import Run
from gracja.app.measurement.selectors import results
from gracja.app.measurement.selectors.planning import Wanted, enough_for, plan_of
from gracja.app.organisation.access import may
from gracja.app.web.measurement.views import frame_of
from gracja.app.web.request import SignedIn
from gracja.app.web.templatetags.words import local

_MOST_POINTS = 40
_MOST_PERCENT = 99


class WantedForm(forms.Form):
    """An interval, or two shares to tell apart."""

    WITHIN, APART = "within", "apart"

    ask = forms.ChoiceField(
        label=gettext_lazy("What should be known?"),
        choices=(
            (WITHIN, gettext_lazy("How well somebody serves")),
            (APART, gettext_lazy("Which of two people serves better")),
        ),
        widget=forms.RadioSelect,
    )
    within = forms.IntegerField(
        label=gettext_lazy("To within so many points, to either side"),
        required=False,
        min_value=1,
        max_value=_MOST_POINTS,
    )
    low = forms.IntegerField(
        label=gettext_lazy("One meets, %"), required=False, min_value=1, max_value=_MOST_PERCENT
    )
    high = forms.IntegerField(
        label=gettext_lazy("The other meets, %"), required=False, min_value=1, max_value=_MOST_PERCENT
    )

    NEEDED: ClassVar = {WITHIN: ("within",), APART: ("low", "high")}

    def clean(self) -> dict[str, Any]:
        """What the question needs is there, and the two shares differ."""
        cleaned = super().clean() or {}
        for name in self.NEEDED.get(cleaned.get("ask", ""), ()):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("Write a number."))
        low, high = cleaned.get("low"), cleaned.get("high")
        if cleaned.get("ask") == self.APART and low is not None and low == high:
            self.add_error("high", _("The two must differ."))
        return cleaned

    @property
    def wanted(self) -> Wanted:
        given = self.cleaned_data
        if given["ask"] == self.WITHIN:
            return Wanted(within=given["within"])
        return Wanted(
            within=None, low=min(given["low"], given["high"]), high=max(given["low"], given["high"])
        )


ASSUMED: Final[dict[str, Any]] = {
    "employee": gettext_lazy("how much employees differ"),
    "standard": gettext_lazy("how much standards differ"),
    "evaluator": gettext_lazy("how much evaluators differ"),
    "place": gettext_lazy("how much places differ"),
    "intercept": gettext_lazy("what share is met"),
    "dispersion": gettext_lazy("how much marks of one contact hang together"),
    "repeat": gettext_lazy("how much two evaluators of one contact agree"),
}
_FIRST: Final = {"ask": WantedForm.WITHIN, "within": 5, "low": 75, "high": 85}


@require_GET
def plan(request: SignedIn) -> HttpResponse:
    """The question, its answer in numbers, the next reviews."""
    run = _run(request)
    context = frame_of(request, run, "plan")
    if run is None:
        return render(request, "measurement/none_yet.html", context)
    form = WantedForm(request.GET if "ask" in request.GET else _FIRST)
    found = plan_of(by=request.user, run=run)
    asked = form.wanted if form.is_valid() else None
    return render(
        request,
        "measurement/plan.html",
        context
        | {
            "form": form,
            "plan": found,
            "enough": asked and enough_for(found, asked),
            "assumed": [ASSUMED[name] for name in found.grounds.assumed],
        },
        status=200 if asked else 422,
    )


@require_GET
def as_csv(request: SignedIn) -> HttpResponse:
    """The next reviews, and those that connect, as a sheet for evaluators."""
    run = _run(request)
    if run is None:
        raise Http404
    found = plan_of(by=request.user, run=run)
    rows: list[list[object]] = [
        [_("Evaluator"), _("Employee"), _("Place"), _("Contacts"), _("Watch most"), _("Done on")]
    ]
    for step in (*found.reviews, *found.links):
        watch = ", ".join(local(text) for text in step.standards)
        rows.append([step.evaluator, step.employee, step.place or "", step.contacts, watch, ""])
    response = HttpResponse(write_sheet(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="reviews.csv"'
    return response


def _run(request: SignedIn) -> Run | None:
    if not may(request.user, "result.read"):
        raise Http404
    return results.latest_run(uid=request.GET.get("run", ""))
