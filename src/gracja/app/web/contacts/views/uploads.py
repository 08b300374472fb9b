"""Files of conversations: given, explained, put in, followed; names mapped, rejected rows downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors import uploads as reading
from gracja.app.contacts.selectors.too_early import too_early_in
from gracja.app.contacts.services import uploads as services
from gracja.app.contacts.services.scoring import score_conversations
from gracja.app.organisation.access import may
from gracja.app.web.contacts.forms import GiveUpload, StartUpload
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.engine.errors import EngineInputError
from gracja.wording import say_error
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.contacts.models import Upload

AT_ONCE = 50


@require_http_methods(["GET", "POST"])
def uploads(request: SignedIn) -> HttpResponse:
    """The files given so far, and the way to give one more."""
    _or_404(request)
    form = GiveUpload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            given = services.give_upload(by=request.user, file_name=file.name, chunks=file.chunks())
        except Refused as refused:
            form.add_error("file", say_refusal(refused.code, reader(), **refused.facts))
        except EngineInputError as error:
            form.add_error("file", say_error(error, reader(), page=True))
        else:
            return redirect("upload", given.uid)
    page = Paginator(reading.uploads_of(by=request.user), AT_ONCE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "editions": reading.editions_to_score(by=request.user),
        "may_import": True,
        "here": "uploads",
    }
    return render(request, "contacts/uploads.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def upload(request: SignedIn, uid: str) -> HttpResponse:
    """One file: before it is put in, what its columns mean; then how far it is, and what came of it."""
    given = _upload(request, uid)
    if given.state == "given":
        return _explain(request, given)
    if request.method == "POST":
        raise Http404
    under_way = given.under_way or bool(given.scoring and given.scoring.under_way)
    context = {
        "upload": given,
        "reading": given.under_way,
        # somebody took it out of the data folder: trying again would not help
        "gone": {"code": "upload_gone"} if given.trouble.get("code") == "file_not_found" else None,
        "dead": given.dead or bool(given.scoring and given.scoring.dead),
        "under_way": under_way,
        "may_import": True,
        "here": "uploads",
    }
    # the page that asks says what it shows: once the file is read, its headline says something else
    same = request.GET.get("reading") == str(int(given.under_way))
    if request.headers.get("HX-Request") and under_way and same:
        return render(request, "contacts/upload_state.html", context)
    context |= _names_context(request, given) if given.state == "done" else {}
    response = render(request, "contacts/upload.html", context)
    if request.headers.get("HX-Request"):
        response.headers["HX-Refresh"] = "true"  # the whole page has more to say
    return response


def _explain(request: SignedIn, given: Upload) -> HttpResponse:
    try:
        sheet = reading.beginning(given) if given.kind == "csv" else None
    except Refused as refused:
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
        return redirect("uploads")
    editions = list(reading.editions_to_score(by=request.user))
    form = StartUpload(given, sheet, editions, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.start_upload(
                by=request.user, uid=given.uid, words=form.words, edition_uid=form.cleaned_data["edition"]
            )
        except Refused as refused:
            form.add_error(None, say_refusal(refused.code, reader(), **refused.facts))
        else:
            return redirect("upload", given.uid)
    context = {"upload": given, "form": form, "sheet": sheet, "rows": sheet.rows[:4] if sheet else ()}
    context |= {"may_import": True, "here": "uploads"}
    return render(request, "contacts/explain.html", context, status=422 if form.is_bound else 200)


def _names_context(request: SignedIn, given: Upload) -> dict[str, Any]:
    unknown = reading.unknown_names(by=request.user, upload=given)
    people, places = reading.people_and_places() if unknown else ([], [])
    return {"unknown": unknown, "people": people, "places": places, "early": too_early_in(given)}


@require_POST
def names(request: SignedIn, uid: str) -> HttpResponse:
    """Say who and which is meant by names in the conversations; a field left empty says nothing."""
    given = _upload(request, uid)
    chosen: dict[str, dict[str, str]] = {"person": {}, "place": {}}
    for number, one in enumerate(reading.unknown_names(by=request.user, upload=given)):
        name, ours = request.POST.get(f"name_{number}"), request.POST.get(f"ours_{number}")
        if ours and name == one.name:  # the list may have changed meanwhile
            chosen[one.kind][name] = ours
    said = services.name_in_uploads(by=request.user, people=chosen["person"], places=chosen["place"])
    told = ngettext(
        "%(n)s name is known from now on, in all conversations.",
        "%(n)s names are known from now on, in all conversations.",
        said,
    )
    tell(request, told % {"n": said})
    return redirect("upload", uid)


@require_POST
def retry(request: SignedIn, uid: str) -> HttpResponse:
    """Begin again where it failed."""
    _upload(request, uid)
    services.retry_upload(by=request.user, uid=uid)
    return redirect("upload", uid)


@require_POST
def drop(request: SignedIn, uid: str) -> HttpResponse:
    """Delete a file that was not put in."""
    given = _upload(request, uid)
    services.drop_upload(by=request.user, uid=uid)
    tell(request, _("The file “%(name)s” was deleted.") % {"name": given.file_name})
    return redirect("uploads")


@require_POST
def score(request: SignedIn) -> HttpResponse:
    """Score all conversations with an edition, in the background."""
    _or_404(request)
    try:
        scoring = score_conversations(by=request.user, edition_uid=request.POST.get("edition", ""))
    except Refused as refused:
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
    else:
        tell(request, _("Scoring with %(edition)s has begun.") % {"edition": scoring.edition.name})
    return redirect("uploads")


@require_GET
def rejected(request: SignedIn, uid: str) -> StreamingHttpResponse:
    """The rejected rows with their reasons, as CSV."""
    given = _upload(request, uid)
    heading = (_("Line"), _("Conversation"), _("Why, and what to do"), _("Row"))
    response = StreamingHttpResponse(
        reading.rejected_rows(given, heading, reader()), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="rejected-{uid}.csv"'
    return response


def _upload(request: SignedIn, uid: str) -> Upload:
    found = reading.uploads_of(by=request.user).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def _or_404(request: SignedIn) -> None:
    if not may(request.user, "conversation.import"):
        raise Http404
