"""People, places and the roster from a file: choose it, check columns and dry run, take it over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import ENCODINGS, MAX_BYTES, SEPARATORS, write_sheet
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.services.imports import files
from gracja.app.organisation.services.imports.plan import Fault, Found
from gracja.app.organisation.services.imports.reading import KINDS, mapping_of
from gracja.app.web.organisation import wordbook
from gracja.app.web.organisation.forms import FileForm, refuse
from gracja.app.web.organisation.frame import show
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.organisation.models import ImportFile

SAMPLES: Final = {
    "people": (
        ("Imię i nazwisko", "Kod", "E-mail", "Placówka", "Rola", "Data zatrudnienia", "W trakcie nauki do"),
        ("Anna Wilk", "A-17", "anna.wilk@firma.pl", "Rynek", "Kierownik placówki", "2024-03-01", ""),
        ("Darek Lis", "D-08", "", "Rynek", "Pracownik", "2026-11-02", "2027-01-31"),
    ),
    "places": (
        ("Nazwa", "Kod", "Region", "Rodzaj", "Strefa czasowa"),
        ("Kraków", "", "", "region", ""),
        ("Rynek", "KR-1", "Kraków", "placówka", "Europe/Warsaw"),
    ),
    "roster": (
        ("Pracownik", "Placówka", "Dzień", "Od", "Do"),
        ("D-08", "KR-1", "2026-11-23", "8:30", "16:30"),
        ("Anna Wilk", "Rynek", "23.11.2026", "12.00", "20.00"),
    ),
}


@require_GET
def choose(request: SignedIn) -> HttpResponse:
    """What a file may hold."""
    open_kinds = [
        (kind, title, [wordbook.column(kind, one.key) for one in KINDS[kind].columns])
        for kind, title in wordbook.KINDS.items()
        if may_somewhere(request.user, KINDS[kind].permission)
    ]
    if not open_kinds:
        raise Http404
    return show(
        request,
        "imports",
        "imports",
        {"kinds": open_kinds, "undoable": files.undoable_files(by=request.user)},
    )


@require_http_methods(["GET", "POST"])
def upload(request: SignedIn, kind: str) -> HttpResponse:
    """Choose the file."""
    _refuse_unknown(request, kind)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            file = files.take_file(
                by=request.user, kind=kind, file_name=given.name, content=given.read(MAX_BYTES + 1)
            )
        except Refused as refused:
            refuse(form, refused, dict.fromkeys((refused.code,), "file"))
        else:
            return redirect("import_check", kind, file.uid)
    needed = [wordbook.column(kind, one.key) for one in KINDS[kind].columns if one.required]
    context = {"kind": kind, "title": wordbook.KINDS[kind], "needed": needed, "rows": SAMPLES[kind]}
    return show(request, "import_upload", "imports", context, form=form)


@require_http_methods(["GET", "POST"])
def check(request: SignedIn, kind: str, uid: str) -> HttpResponse:
    """Which column is which, and what the file would do: nothing is written yet. Then, what came of it."""
    file = _file(request, kind, uid)
    if request.method == "POST":
        try:
            encoding, separator = _writing_said(request)
            files.map_file(
                by=request.user,
                file=file,
                mapping=_mapping_said(request),
                encoding=encoding,
                separator=separator,
            )
        except Refused as refused:
            warn(request, _sentence(kind, refused.code, refused.facts))
        return redirect("import_check", kind, uid)
    if file.under_way or file.applied_at:
        return _followed(request, file)
    if request.htmx:  # it was under way a moment ago: the whole page has more to say
        return HttpResponse(headers={"HX-Refresh": "true"})
    return _checked(request, file)


def _followed(request: SignedIn, file: ImportFile) -> HttpResponse:
    """How far it is, or what was taken over."""
    context = {"kind": file.kind, "title": wordbook.KINDS[file.kind], "file": file}
    context["undoable"] = KINDS[file.kind].told_file and not file.undone_at
    if file.state == "failed":
        context["trouble"] = _sentence(file.kind, file.trouble["code"], file.trouble["facts"])
    if request.htmx and file.under_way:
        return render(request, "organisation/import_state.html", context)
    response = show(request, "import_done", "imports", context)
    if request.htmx:
        response.headers["HX-Refresh"] = "true"
    return response


def _checked(request: SignedIn, file: ImportFile) -> HttpResponse:
    context = {"kind": file.kind, "title": wordbook.KINDS[file.kind], "file": file}
    context |= _writing(file) | _mapping(file)
    try:
        found = files.found_in(by=request.user, file=file)
    except Refused as refused:
        if refused.code == "not_permitted":
            raise
        context["trouble"] = _sentence(file.kind, refused.code, refused.facts)
        return show(request, "import_check", "imports", context, status=422)
    if file.state == "failed":
        context["trouble"] = _sentence(file.kind, file.trouble["code"], file.trouble["facts"])
    return show(request, "import_check", "imports", context | (_found(file.kind, found) if found else {}))


@require_POST
def apply(request: SignedIn, kind: str, uid: str) -> HttpResponse:
    """Take it over: all right rows, or nothing. Pressing twice takes it over once."""
    file = _file(request, kind, uid)
    try:
        counts = files.apply_file(
            by=request.user, file=file, leave_wrong=bool(request.POST.get("leave_wrong"))
        )
    except Refused as refused:
        if refused.code == "not_permitted":
            raise
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
        return redirect("import_check", kind, uid)
    if not counts:  # in the background
        return redirect("import_check", kind, uid)
    done = counts["add"] + counts["change"]
    said = ngettext("%(n)s row taken over.", "%(n)s rows taken over.", done) % {"n": done}
    if counts["wrong"]:
        left = ngettext("%(n)s row left out.", "%(n)s rows left out.", counts["wrong"]) % {
            "n": counts["wrong"]
        }
        said = f"{said} {left}"
    tell(request, said)
    return redirect(kind)


@require_POST
def undo(request: SignedIn, kind: str, uid: str) -> HttpResponse:
    """Take back what was taken over, all of it. Pressing twice takes it back once."""
    file = _file(request, kind, uid)
    try:
        files.undo_file(by=request.user, file=file)
    except Refused as refused:
        if refused.code == "not_permitted":
            raise
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
    return redirect("import_check", kind, uid)


@require_GET
def sample(request: SignedIn, kind: str) -> HttpResponse:
    """A file to begin with."""
    _refuse_unknown(request, kind)
    return HttpResponse(
        write_sheet(SAMPLES[kind]),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{kind}.csv"'},
    )


def _refuse_unknown(request: SignedIn, kind: str) -> None:
    if kind not in KINDS or not may_somewhere(request.user, KINDS[kind].permission):
        raise Http404


def _file(request: SignedIn, kind: str, uid: str) -> ImportFile:
    _refuse_unknown(request, kind)
    file = files.file_of(by=request.user, uid=uid)
    if file.kind != kind:
        raise Http404
    return file


def _mapping_said(request: SignedIn) -> dict[str, int]:
    """What was chosen in the form of the columns; -1: this file does not have it."""
    said = {
        name.removeprefix("column-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("column-")
    }
    return {key: int(at) for key, at in said.items() if at.isdecimal() and len(at) < 5}


def _writing_said(request: SignedIn) -> tuple[str, str]:
    """Encoding and separator as chosen; empty for what we do not know."""
    encoding, separator = request.POST.get("encoding", ""), request.POST.get("separator", "")
    known = (*ENCODINGS, "utf-16-le", "utf-16-be")
    return encoding if encoding in known else "", separator if separator in SEPARATORS else ""


def _writing(file: ImportFile) -> dict[str, object]:
    encodings = [*ENCODINGS, *([] if file.encoding in ENCODINGS else [file.encoding])]
    names = {";": _("semicolon ;"), ",": _("comma ,"), "\t": _("tabulator"), "|": _("bar |")}
    return {"encodings": encodings, "separators": [(one, names[one]) for one in SEPARATORS]}


def _mapping(file: ImportFile) -> dict[str, object]:
    """Our columns, the file's heading, and what stands in the first row of each."""
    mapping, first = mapping_of(file), file.head["first"]
    return {
        "heading": list(enumerate(file.head["heading"])),
        "columns": [
            {
                "key": one.key,
                "title": wordbook.column(file.kind, one.key),
                "required": one.required,
                "at": mapping.get(one.key, -1),
                "example": first[mapping[one.key]] if one.key in mapping else "",
            }
            for one in KINDS[file.kind].columns
        ],
    }


def _found(kind: str, found: Found) -> dict[str, object]:
    return {
        "counts": found.counts,
        "faults": [_fault(kind, one) for one in found.faults],
        "more_faults": found.n_faults - len(found.faults),
        "planned": [(row, [wordbook.column(kind, one) for one in row.details]) for row in found.planned],
        "more_planned": found.n_planned - len(found.planned),
        "ready": True,
        "anything": found.n_planned > 0,
    }


def _sentence(kind: str, code: str, facts: dict[str, Any]) -> str:
    """A refusal in the reader's words; a missing column is called as its field on the page is."""
    if code == "column_missing":
        key = next(one.key for one in KINDS[kind].columns if one.names[0] == facts["column"])
        facts = facts | {"column": wordbook.column(kind, key)}
    return say_refusal(code, reader(), **facts)


def _fault(kind: str, fault: Fault) -> tuple[Fault, object, str]:
    return (
        fault,
        wordbook.column(kind, fault.column),
        say_refusal(fault.code, reader(), **fault.facts),
    )
