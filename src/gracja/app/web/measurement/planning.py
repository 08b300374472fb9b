"""Plan reviews: how many are enough, the next as a list for evaluators, and what connects groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from gracja.app.common.spreadsheet import write_sheet
from gracja.app.measurement.selectors.newest import latest_run
from gracja.app.measurement.selectors.planning import Wanted, enough_for, plan_of
from gracja.app.organisation.access import may
from gracja.app.web.measurement.views import frame_of
from gracja.app.web.request import SignedIn
from gracja.app.web.templatetags.words import local

if TYPE_CHECKING:
    from gracja.app.measurement.models import Run

_MOST_POINTS = 40
_MOST_PERCENT = 99


class WithinForm(forms.Form):
    """How exactly one employee should be known."""

    within = forms.IntegerField(
        label=gettext_lazy("Points to either side"), min_value=1, max_value=_MOST_POINTS, initial=5
    )

    @property
    def wanted(self) -> Wanted:
        return Wanted(within=self.cleaned_data["within"])


class ApartForm(forms.Form):
    """Whom it should be possible to tell apart."""

    low = forms.IntegerField(
        label=gettext_lazy("One meets, %"), min_value=1, max_value=_MOST_PERCENT, initial=75
    )
    high = forms.IntegerField(
        label=gettext_lazy("The other meets, %"), min_value=1, max_value=_MOST_PERCENT, initial=85
    )

    def clean(self) -> dict[str, Any]:
        """The two differ."""
        cleaned = super().clean() or {}
        if cleaned.get("low") is not None and cleaned.get("low") == cleaned.get("high"):
            self.add_error("high", _("The two must differ."))
        return cleaned

    @property
    def wanted(self) -> Wanted:
        low, high = sorted((self.cleaned_data["low"], self.cleaned_data["high"]))
        return Wanted(within=None, low=low, high=high)


FORMS: Final[dict[str, type[WithinForm | ApartForm]]] = {"within": WithinForm, "apart": ApartForm}
ASSUMED: Final[dict[str, Any]] = {
    "employee": gettext_lazy("how much employees differ"),
    "standard": gettext_lazy("how much standards differ"),
    "evaluator": gettext_lazy("how much evaluators differ"),
    "place": gettext_lazy("how much places differ"),
    "intercept": gettext_lazy("what share is met"),
    "dispersion": gettext_lazy("how much marks of one contact hang together"),
    "repeat": gettext_lazy("how much two evaluators of one contact agree"),
}


@require_GET
def plan(request: SignedIn) -> HttpResponse:
    """The question, its answer in numbers, the next reviews."""
    run = _run(request)
    context = frame_of(request, run, "plan") | {"may_draw": may(request.user, "visit.plan")}
    if run is None:
        return render(request, "measurement/none_yet.html", context)
    ask = request.GET.get("ask", "within")
    kind = FORMS.get(ask, WithinForm)
    fresh = {name: field.initial for name, field in kind.base_fields.items()}
    form = kind(request.GET if fresh.keys() & request.GET.keys() else fresh)
    found = plan_of(by=request.user, run=run)
    asked = form.wanted if form.is_valid() else None
    return render(
        request,
        "measurement/plan.html",
        context
        | {
            "form": form,
            "ask": "apart" if kind is ApartForm else "within",
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
    return latest_run(uid=request.GET.get("run", ""))
