"""Many people invited at once: pasted or from a file, looked at first, then each gets a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import MAX_BYTES, find_encoding
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.services.imports.invited import Invited, invite_many, plan_invitations
from gracja.app.organisation.services.imports.plan import Found
from gracja.app.web.organisation import wordbook
from gracja.app.web.organisation.forms import InviteManyForm, refuse
from gracja.app.web.organisation.frame import show
from gracja.app.web.organisation.views.invitations import send
from gracja.app.web.request import SignedIn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.organisation.models import Person


@dataclass(frozen=True, slots=True)
class Link:
    person: Person
    address: str
    sent: bool


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: SignedIn) -> HttpResponse:
    """Say whom, see what would happen, then invite; the links are shown this once."""
    if not may_somewhere(request.user, "person.manage"):
        raise Http404
    if request.method != "POST":
        return show(request, "invite_many", "people", {}, form=InviteManyForm(by=request.user))
    given = request.POST.copy()
    form = InviteManyForm(given, request.FILES, by=request.user)
    found: dict[str, Any] = {}
    if form.is_valid():
        try:
            said = _said(form, given)
            if request.POST.get("do") == "invite" and not form.cleaned_data["file"]:
                leave = bool(request.POST.get("leave_wrong"))
                return _done(request, invite_many(by=request.user, leave_wrong=leave, **said))
            found = _found(request, said)
        except Refused as refused:
            at = form.AT.get(refused.code, "text")
            refuse(form, refused, {refused.code: at})
    response = show(request, "invite_many", "people", found, form=form)
    response.status_code = 422 if form.errors else 200  # a dry run is no mistake
    return response


def _said(form: InviteManyForm, given: QueryDict) -> dict[str, Any]:
    """As the services take it; a file's text goes into the field. Raises Refused."""
    text: str = form.cleaned_data["text"]
    if file := form.cleaned_data["file"]:
        content = file.read(MAX_BYTES + 1)
        if len(content) > 100_000:
            raise Refused("too_many_invited", limit=100)
        text = content.decode(find_encoding(content), errors="replace").removeprefix("\ufeff")
        given["text"] = text
    return {"text": text, "role": form.cleaned_data["role"], "place": form.cleaned_data["place"]}


def _found(request: SignedIn, said: dict[str, Any]) -> dict[str, Any]:
    plan, _ = plan_invitations(by=request.user, **said)
    found = Found.of(plan)
    faults = [
        (one, wordbook.column("people", one.column), say_refusal(one.code, reader(), **one.facts))
        for one in found.faults
    ]
    return {"ready": True, "counts": found.counts, "faults": faults, "planned": found.planned}


def _done(request: SignedIn, invited: list[Invited]) -> HttpResponse:
    """Every link, and whether it went out; where the server of mail does not answer, it is asked no more."""
    links: list[Link] = []
    answers = settings.EMAIL_CONFIGURED
    for one in invited:
        address = request.build_absolute_uri(reverse("invitation", args=(one.token,)))
        sent = answers and send(one.invitation, address)
        answers = sent
        links.append(Link(one.person, address, sent))
    context = {
        "links": links,
        "n_sent": sum(one.sent for one in links),
        "tried": settings.EMAIL_CONFIGURED,
        "until": invited[0].invitation.expires_at if invited else None,
    }
    return show(request, "invited_many", "people", context)
