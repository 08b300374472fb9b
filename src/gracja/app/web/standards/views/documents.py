"""The edition document as a file, both ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.standards.selectors import documents as selectors
from gracja.app.standards.selectors import drafts
from gracja.app.standards.services import documents as services
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.edition_forms import UploadForm
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader
from gracja.engine.errors import EngineInputError, ManyInputErrors
from gracja.wording import say_error
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.standards.models import Draft

MOST_SHOWN = 40


@require_GET
def edition_yaml(request: SignedIn, uid: str) -> HttpResponse:
    return _file(*selectors.edition_as_yaml(by=request.user, uid=uid))


@require_GET
def draft_yaml(request: SignedIn, uid: str) -> HttpResponse:
    return _file(*selectors.draft_as_yaml(by=request.user, draft_uid=uid))


@require_http_methods(["GET", "POST"])
def start(request: SignedIn) -> HttpResponse:
    """A new draft from a file."""
    require(request.user, "edition.draft")
    form = UploadForm(*_sent(request))
    if form.is_bound:
        made, wrong = _taken(
            form,
            lambda name, content: services.start_draft_from_file(by=request.user, name=name, content=content),
        )
        if made:
            tell(request, _("The draft is made from your file."))
            return redirect("studio_draft", made.uid)
        return render(request, "standards/upload.html", {"form": form} | _told(wrong), status=422)
    return render(request, "standards/upload.html", {"form": UploadForm()})


@require_http_methods(["GET", "POST"])
def replace(request: SignedIn, uid: str) -> HttpResponse:
    """A draft as a file, and a file in its place; undo takes it back."""
    draft = drafts.draft(by=request.user, uid=uid)
    form = UploadForm(*_sent(request), initial={"seen": draft.revision})
    context = {"form": form, "draft": draft, "title": draft.document["title"]}
    if not form.is_bound:
        return render(request, "standards/upload.html", context)
    made, wrong = _taken(
        form,
        lambda name, content: services.replace_draft_from_file(
            by=request.user, draft_uid=uid, seen=form.cleaned_data["seen"] or 0, name=name, content=content
        ),
    )
    if made is None:
        return render(request, "standards/upload.html", context | _told(wrong), status=422)
    if made.revision == draft.revision:
        tell(request, _("The file says what the draft says already. Nothing was changed."))
    else:
        tell(request, _("The draft is now what your file says."), undo=reverse("studio_undo", args=[uid]))
    return redirect("studio_draft", uid)


def _taken(form: UploadForm, take: Callable[[str, bytes], Draft]) -> tuple[Draft | None, list[str]]:
    """The draft, or every sentence that says why not."""
    if not form.is_valid():
        return None, []
    given = form.cleaned_data["document"]
    lang = reader()
    try:
        # one byte more than is allowed: the service says that it is too much
        return take(given.name, given.read(services.MOST_BYTES + 1)), []
    except ManyInputErrors as many:
        return None, [say_error(one, lang, page=True) for one in many.errors]
    except EngineInputError as one:
        return None, [say_error(one, lang, page=True)]
    except Refused as no:
        if no.code == "not_permitted":
            raise
        return None, [say_refusal(no.code, lang, **no.facts)]


def _told(wrong: list[str]) -> dict[str, Any]:
    return {"wrong": wrong, "shown": wrong[:MOST_SHOWN], "more": len(wrong[MOST_SHOWN:])}


def _sent(request: SignedIn) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _file(name: str, text: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
