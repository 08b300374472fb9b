"""The situation rules: change, see the effect, publish; and what is kept of advice."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.service_mode.selectors import effects
from gracja.app.service_mode.selectors.changes import changes_between
from gracja.app.service_mode.selectors.keeping import kept
from gracja.app.service_mode.selectors.rules import draft_of_rules, published, rules_as_document
from gracja.app.service_mode.services import drafting
from gracja.app.service_mode.services.keeping import change_keeping
from gracja.app.web.request import SignedIn
from gracja.app.web.service_mode.forms import Keep, Publish
from gracja.app.web.service_mode.sheet import Read, fields_of, read_sheet
from gracja.app.web.service_mode.shown import Sheet, customers, titles_of, told
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader
from gracja.engine.dial.read import check_rules
from gracja.engine.dial.rules import SituationRules
from gracja.wording.refusals import say_refusal


@require_http_methods(["GET", "POST"])
def rules(request: SignedIn) -> HttpResponse:
    """The sheet. Saved only over what its writer saw; what was typed stays, whatever comes of it."""
    draft = draft_of_rules(by=request.user)
    if request.method == "GET":
        return _sheet(request, read_sheet(draft.document, {}), draft.revision)
    typed = request.POST.dict()
    seen = int(typed["seen"]) if typed.get("seen", "").isdecimal() else -1
    read = read_sheet(draft.document, typed)
    if "look" in typed or read.rules is None:
        return _sheet(request, read, seen, typed=typed, status=200 if read.rules else 422)
    try:
        drafting.save_draft(by=request.user, document=read.document, revision=seen)
    except Refused as refused:
        if refused.code == "not_permitted":
            raise
        said = say_refusal(refused.code, reader(), **refused.facts)
        return _sheet(request, read, seen, typed=typed, refused=said, status=409)
    tell(request, _("Saved as a draft. Nobody is advised by it before it is published."))
    return redirect("rules")


@require_POST
def look(request: SignedIn) -> HttpResponse:
    """What the sheet as it is typed would change: a fragment."""
    draft = draft_of_rules(by=request.user)
    read = read_sheet(draft.document, request.POST.dict())
    return render(request, "service_mode/effects.html", _effects(request, read))


@require_POST
def undo(request: SignedIn) -> HttpResponse:
    seen = request.POST.get("seen", "")
    drafting.undo_step(by=request.user, revision=int(seen) if seen.isdecimal() else -1)
    tell(request, _("The last change is taken back."))
    return redirect("rules")


@require_POST
def drop(request: SignedIn) -> HttpResponse:
    drafting.drop_draft(by=request.user)
    tell(request, _("The draft is discarded. The rules in force stay as they are."))
    return redirect("rules")


@require_http_methods(["GET", "POST"])
def publish(request: SignedIn) -> HttpResponse:
    """What would change, in words; a note; then everybody is advised by it."""
    draft = draft_of_rules(by=request.user)
    form = Publish(request.POST if request.method == "POST" else None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen", "")
        revision = int(seen) if seen.isdecimal() else -1
        try:
            made = drafting.publish_rules(by=request.user, note=form.cleaned_data["note"], revision=revision)
        except Refused as no:
            if no.code == "not_permitted":
                raise
            refused = say_refusal(no.code, reader(), **no.facts)
        else:
            tell(
                request, _("Published: version %(version)s advises from now on.") % {"version": made.version}
            )
            return redirect("rules")
    after = check_rules(draft.document)
    context = _effects(request, Read(draft.document, after, {})) | {
        "form": form,
        "draft": draft,
        "refused": refused,
    }
    return render(
        request, "service_mode/publish.html", context, status=409 if refused else 422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def keeping(request: SignedIn) -> HttpResponse:
    """What is kept of advice, for how long, and where the panel may stand."""
    published(by=request.user)  # whether one may see it at all
    row = kept()
    start = {
        "keep": row.keep,
        "keep_days": row.keep_days,
        "read_words": row.read_words,
        "panel_origins": "\n".join(row.panel_origins),
    }
    form = Keep(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        origins = form.cleaned_data["panel_origins"].splitlines()
        given = form.cleaned_data | {"panel_origins": origins}
        try:
            change_keeping(by=request.user, **given)
        except Refused as refused:
            if refused.code == "not_permitted":
                raise
            form.add_error("panel_origins", say_refusal(refused.code, reader(), **refused.facts))
        else:
            tell(request, _("Saved. What was kept for too long is deleted now."))
            return redirect("rules_keeping")
    return render(request, "service_mode/keeping.html", {"form": form}, status=422 if form.errors else 200)


def _sheet(
    request: SignedIn,
    read: Read,
    seen: int,
    *,
    typed: dict[str, str] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    draft = draft_of_rules(by=request.user)
    fields = fields_of(draft.document) | (typed or {})
    context = _effects(request, read) | {
        "sheet": Sheet(draft.document, fields, read.errors),
        "draft": draft,
        "seen": seen,
        "refused": refused,
        "in_force": rules_as_document(by=request.user),
        "versions": list(published(by=request.user)[:20]),
    }
    return render(request, "service_mode/rules.html", context, status=status)


def _effects(request: SignedIn, read: Read) -> dict[str, Any]:
    """Effects of what was typed; where it cannot be read yet, none."""
    in_force = rules_as_document(by=request.user)
    changes = changes_between(in_force, read.document) if read.rules else []
    titles = titles_of(in_force, read.document) if read.rules else {}
    after: SituationRules | None = read.rules
    named = customers()
    return {
        "after": after,
        "changes": [told(one, titles) for one in changes],
        "gallery": [(*named[one.typical.slug], one) for one in effects.gallery(by=request.user, after=after)]
        if after
        else [],
        "compared": effects.compare_with_recorded(by=request.user, after=after) if after else None,
        "unread": len(read.errors),
    }
