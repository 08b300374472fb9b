"""The studio's own pages: what is being drafted, starting a draft, and every change of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.standards.selectors import drafts as selectors
from gracja.app.standards.services import drafts as services
from gracja.app.standards.services.drafts_start import start_draft
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.forms import StartForm
from gracja.app.web.standards.sending import Sent, changes_of, met_by, sent_by
from gracja.app.web.standards.views import phases
from gracja.app.web.standards.views.frame import PHASES, answer, frame
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader
from gracja.engine.errors import EngineInputError
from gracja.wording import say_error
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.standards.models import Draft


@require_http_methods(["GET", "POST"])
def studio(request: SignedIn) -> HttpResponse:
    """Drafts, editions without one, and starting a draft from a trade, an edition or nothing."""
    drafts = selectors.drafts(by=request.user)
    editions = selectors.editions_to_go_on(by=request.user)
    form = StartForm(request.POST if request.method == "POST" else None, editions=editions)
    if form.is_valid():
        try:
            draft = start_draft(by=request.user, **form.arguments())
            return redirect("studio_sequence", draft.uid)
        except Refused as refused:
            form.add_error(None, say_refusal(refused.code, reader(), **refused.facts))
    context = {
        "drafts": [
            (one, [(PHASES[phase.name], phase) for phase in its_phases], last)
            for one, its_phases, last in drafts
        ],
        "editions": editions,
        "form": form,
    }
    return render(request, "standards/studio_home.html", context, status=422 if form.is_bound else 200)


@require_GET
def state(request: SignedIn, uid: str) -> HttpResponse:
    """The line of what was saved and who else is here, asked for while the page stands open."""
    draft = selectors.draft(by=request.user, uid=uid)
    seen = request.GET.get("seen", "")
    phase = request.GET.get("phase", "")
    context = frame(request, draft, phase=phase if phase in PHASES else "sequence")
    if seen.isdecimal() and int(seen) < draft.revision:
        context["news"] = selectors.changed_by_others(by=request.user, draft=draft, seen=int(seen))
        # the page still shows what it was made with: the revision it has seen stays
        draft.revision = int(seen) if context["news"] else draft.revision
    return render(request, "standards/studio_state.html", context)


@require_POST
def undo(request: SignedIn, uid: str) -> HttpResponse:
    return _walked(request, uid, services.undo)


@require_POST
def redo(request: SignedIn, uid: str) -> HttpResponse:
    return _walked(request, uid, services.redo)


def _walked(request: SignedIn, uid: str, way: Any) -> HttpResponse:
    seen = request.POST.get("seen") or request.GET.get("seen", "")
    way(by=request.user, draft_uid=uid, seen=int(seen) if seen.isdecimal() else 0)
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(_address(uid, request.POST.get("phase") or request.GET.get("phase", "")))


@require_POST
def change(request: SignedIn, uid: str) -> HttpResponse:
    """One change of one draft. What is wrong with it comes back beside where it was typed."""
    sent = sent_by(request.POST)
    if sent is None:
        raise Http404
    selectors.draft(by=request.user, uid=uid)
    try:
        draft = changes_of(sent, by=request.user, uid=uid)
    except Refused as refused:
        if refused.code == "not_permitted":
            raise
        said = say_refusal(refused.code, reader(), **refused.facts)
        return _problem(request, uid, sent, said, meanwhile=refused.code == "changed_meanwhile")
    except EngineInputError as wrong:
        return _problem(request, uid, sent, say_error(wrong, reader(), page=True))
    if sent.verb == "remove" or sent.action == "enhancer.move":
        back = f"{reverse('studio_undo', args=[uid])}?seen={draft.revision}&phase={sent.phase}"
        done = _("Removed: {what}.") if sent.verb == "remove" else _("Moved to another part: {what}.")
        tell(request, done.format(what=request.POST.get("named", "")[:80]), undo=back)
    if not request.htmx:
        return redirect(_address(uid, sent.phase, sent.anchor))
    return _saved(request, draft, sent)


def _saved(request: SignedIn, draft: Draft, sent: Sent) -> HttpResponse:
    """Nothing but the head, where a field was set; the phase anew, where its shape changed."""
    open_part = request.POST.get("open", "")
    if sent.verb == "set" and not sent.anew:
        context = frame(request, draft, phase=sent.phase, part=open_part)
        context |= {
            "with_journey": sent.phase == "enhancers",
            "draw": True,
            "clear": sent.key,
        }
        return answer(request, "standards/studio_problem_gone.html", context)
    template, context = phases.body(request, draft, sent.phase, part=open_part)
    return answer(request, template, context)


def _problem(request: SignedIn, uid: str, sent: Sent, said: str, *, meanwhile: bool = False) -> HttpResponse:
    draft = selectors.draft(by=request.user, uid=uid)
    met, again = met_by(sent, by=request.user, draft=draft)
    context = {"said": said, "meanwhile": meanwhile, "sent": sent, "draft": draft, "met": met, "again": again}
    context["address"] = _address(uid, sent.phase, sent.anchor)
    if not request.htmx:
        return render(
            request, "standards/studio_problem_page.html", context, status=409 if meanwhile else 422
        )
    response = render(request, "standards/studio_problem.html", context, status=409 if meanwhile else 422)
    response.headers["HX-Retarget"] = f"#problem-{sent.key}" if sent.key else "#messages"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _address(uid: str, phase: str, anchor: str = "") -> str:
    address = reverse(f"studio_{phase if phase in PHASES else 'sequence'}", args=[uid])
    return f"{address}{anchor}"
