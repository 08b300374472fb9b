"""The log of every change."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET

from gracja.app.common.audit import HIDDEN
from gracja.app.common.spreadsheet import read_day, write_sheet
from gracja.app.organisation.access import may
from gracja.app.organisation.selectors import log as selectors
from gracja.app.organisation.selectors.places import in_order, tree
from gracja.app.web.organisation.frame import show
from gracja.app.web.organisation.logbook import SENTENCES, SUBJECTS, Line, in_words
from gracja.app.web.request import SignedIn
from gracja.app.web.templatetags.words import reader

AT_ONCE = 50
FILE_AT_ONCE = 1000


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """Newest first, narrowed by person, action, subject, place and days."""
    asked = _asked(request)
    page = Paginator(selectors.entries(by=request.user, asked=asked), AT_ONCE).get_page(
        request.GET.get("page")
    )
    names = selectors.names_in(page.object_list, reader())
    actions, subjects = selectors.actions_and_subjects(by=request.user)
    context = {
        "page": page,
        "lines": [in_words(entry, names) for entry in page.object_list],
        "asked": asked,
        "narrowed": asked != selectors.Asked(),
        "actions": sorted(((one, _action(one)) for one in actions), key=lambda one: one[1]),
        "subjects": sorted(((one, str(SUBJECTS.get(one, one))) for one in subjects), key=lambda one: one[1]),
        "places": in_order(tree(by=request.user, closed=True)),
    }
    return show(request, "log", "log", context)


@require_GET
def as_csv(request: SignedIn) -> StreamingHttpResponse:
    """The same, all of it, as a file; written while it is read."""
    shown = selectors.entries(by=request.user, asked=_asked(request))
    language = reader()

    def parts() -> Iterator[bytes]:
        with override(language):
            heading = (_("When (UTC)"), _("Who"), _("What"), _("Place"), _("Field"), _("Before"), _("After"))
        yield write_sheet([heading])
        for some in batched(shown.iterator(chunk_size=FILE_AT_ONCE), FILE_AT_ONCE):
            names = selectors.names_in(some, language)
            with override(language):  # written after the middleware has gone home
                rows = [row for entry in some for row in _rows(in_words(entry, names))]
            yield write_sheet(rows).removeprefix(b"\xef\xbb\xbf")

    return StreamingHttpResponse(
        parts(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="log.csv"'},
    )


def _asked(request: SignedIn) -> selectors.Asked:
    if not may(request.user, "audit.read"):
        raise Http404
    said = {name: request.GET.get(name, "").strip()[:120] for name in ("who", "action", "subject", "place")}
    first, last = (read_day(request.GET.get(name, "")) for name in ("first", "last"))
    return selectors.Asked(**said, first=first, last=last)


def _action(action: str) -> str:
    known = SENTENCES.get(action)
    return str(known).removesuffix(": {what}") if known else action


def _rows(line: Line) -> Iterator[tuple[object, ...]]:
    said = (f"{line.entry.at:%Y-%m-%d %H:%M:%S}", line.who, line.sentence, line.place)
    for one in line.details:
        yield (*said, one.name, one.before, one.after)
    for name in line.hidden:
        yield (*said, name, HIDDEN, HIDDEN)
    if not line.details and not line.hidden:
        yield (*said, "", "", "")
