"""Review a draft and publish it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gracja.app.common.clock import today
from gracja.app.common.refused import Refused
from gracja.app.standards.selectors.publishing import ToPublish, to_publish
from gracja.app.standards.selectors.reading import document_in
from gracja.app.standards.services.publishing import publish_draft
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.edition_forms import PublishForm
from gracja.app.web.standards.spoken import ShownFinding, shown_changes, shown_findings
from gracja.app.web.standards.views.frame import frame
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

ASKED_AT_FIRST = ("employee",)


@require_http_methods(["GET", "POST"])
def publish(request: SignedIn, uid: str) -> HttpResponse:
    """Show what an edition would change and what stands in its way; publish it."""
    ready = to_publish(by=request.user, draft_uid=uid)
    document, lang = document_in(ready.draft.document), reader()
    warnings = shown_findings(ready.warnings, document, lang)
    form = _form(request, ready, warnings)
    refused = ""
    if form.is_bound and form.is_valid():
        try:
            edition = publish_draft(
                by=request.user,
                draft_uid=uid,
                seen=form.cleaned_data["seen"],
                effective_from=form.cleaned_data["effective_from"],
                reasons=form.reasons,
                must_acknowledge=form.cleaned_data["must_acknowledge"],
            )
        except Refused as no:
            refused = say_refusal(no.code, lang, **no.facts)
        else:
            tell(request, _("Edition %(version)s is published.") % {"version": edition.version})
            return redirect("edition", edition.uid)
    context = frame(request, ready.draft, phase="publish") | {
        "ready": ready,
        "changes": shown_changes(ready.changes, lang),
        "errors": shown_findings(ready.errors, document, lang),
        "form": form,
        "refused": refused,
    }
    return render(request, "standards/publish.html", context, status=422 if form.is_bound else 200)


def _form(request: SignedIn, ready: ToPublish, warnings: list[ShownFinding]) -> PublishForm:
    first: dict[str, Any] = {
        "seen": ready.draft.revision,
        "effective_from": today(),
        "must_acknowledge": ready.last.must_acknowledge if ready.last else ASKED_AT_FIRST,
    }
    roles = [(role.slug, role.title(reader())) for role in ready.roles]
    return PublishForm(
        request.POST if request.method == "POST" else None,
        initial=first,
        roles=roles,
        warnings=warnings,
        first=ready.last is None,
    )
