"""Spreadsheets of visits: given, mapped, tried, put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.kept_sheets import sheet_of
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import MAX_BYTES
from gracja.app.observations.selectors import imports as reading
from gracja.app.observations.services import imports as services
from gracja.app.observations.services.reading import NOBODY as OF_NOBODY
from gracja.app.organisation.access import may_somewhere
from gracja.app.web.given_files import faults_as_csv, followed
from gracja.app.web.observations.forms import Columns, GiveVisits
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.observations.models import VisitImport

AT_ONCE = 50
NOBODY = "-"  # chosen for a name that is nobody of ours


@require_http_methods(["GET", "POST"])
def files(request: SignedIn) -> HttpResponse:
    """The way to give a spreadsheet of visits, its template, and the files so far."""
    _or_404(request)
    editions = list(reading.editions_to_mark(by=request.user))
    form = GiveVisits(editions, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            given = services.give_file(
                by=request.user,
                edition_uid=form.cleaned_data["edition"],
                file_name=file.name,
                content=file.read(MAX_BYTES + 1),
            )
        except Refused as refused:
            form.add_error("file", say_refusal(refused.code, reader(), **refused.facts))
        else:
            return redirect("visit_file", given.uid)
    page = Paginator(reading.imports_of(by=request.user), AT_ONCE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "editions": editions, "may_import": True, "here": "files"}
    return render(request, "observations/files.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def file(request: SignedIn, uid: str) -> HttpResponse:
    """One file: what its columns are, what would be added, what cannot be read; POST corrects the columns."""
    given = _given(request, uid)
    if given.state != "given":
        return _followed(request, given)
    try:
        sheet = sheet_of(given)
    except Refused as refused:
        return _followed(request, given, {"code": refused.code, "facts": refused.facts})
    form = Columns(given, sheet, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.map_columns(by=request.user, uid=uid, columns=form.columns)
        except Refused as refused:
            form.add_error(None, say_refusal(refused.code, reader(), **refused.facts))
        else:
            return redirect("visit_file", uid)
    unknown = reading.unknown_of(given)
    people, places = reading.choices_of(by=request.user, given=given) if unknown else ([], [])
    context = {
        "given": given,
        "found": given.outcome,
        "to_add": sum(given.outcome.get(name, 0) for name in ("new", "second", "changed")),
        "form": form,
        "faults": reading.shown_faults(given, reader()),
        "unknown": unknown,
        "people": people,
        "places": places,
        "nobody": NOBODY,
        "may_import": True,
        "here": "files",
    }
    return render(request, "observations/file.html", context, status=422 if form.is_bound else 200)


def _followed(
    request: SignedIn, given: VisitImport, unreadable: dict[str, object] | None = None
) -> HttpResponse:
    context = {"may_import": True}
    return followed(request, given, room="observations", context=context, unreadable=unreadable)


@require_POST
def names(request: SignedIn, uid: str) -> HttpResponse:
    """Say who or which is meant by names in the file; a field left empty says nothing."""
    given = _given(request, uid)
    chosen: dict[str, dict[str, str]] = {"place": {}, "employee": {}}
    for number, one in enumerate(reading.unknown_of(given)):
        name, ours = request.POST.get(f"name_{number}"), request.POST.get(f"ours_{number}")
        if ours and name == one.name:  # the list may have changed meanwhile
            chosen[one.kind][name] = OF_NOBODY if ours == NOBODY else ours
    try:
        services.name_unknown(by=request.user, uid=uid, chosen=chosen)
    except Refused as refused:
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
    return redirect("visit_file", uid)


@require_POST
def add(request: SignedIn, uid: str) -> HttpResponse:
    """Put in what can be read."""
    _given(request, uid)
    try:
        services.add_visits(by=request.user, uid=uid)
    except Refused as refused:
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
    return redirect("visit_file", uid)


@require_POST
def drop(request: SignedIn, uid: str) -> HttpResponse:
    """Delete a file that was not put in."""
    given = _given(request, uid)
    services.drop_import(by=request.user, uid=uid)
    tell(request, _("The file “%(name)s” was deleted.") % {"name": given.file_name})
    return redirect("visit_files")


@require_GET
def template(request: SignedIn, edition_uid: str) -> HttpResponse:
    """An empty spreadsheet of an edition to fill in."""
    edition = reading.editions_to_mark(by=request.user).filter(uid=edition_uid).first()
    if edition is None:
        raise Http404
    response = HttpResponse(reading.template_of(edition, reader()), content_type="text/csv; charset=utf-8")
    name = f"{_('visits')}-{edition.edition_id}-{edition.version}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def faults(request: SignedIn, uid: str) -> HttpResponse:
    """Everything that cannot be read in a file, as CSV."""
    given = _given(request, uid)
    return faults_as_csv(given, lambda one: reading.sentence_of(one.code, one.facts, reader()))


def _given(request: SignedIn, uid: str) -> VisitImport:
    found = reading.imports_of(by=request.user).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def _or_404(request: SignedIn) -> None:
    if not may_somewhere(request.user, "visit.import"):
        raise Http404
