"""The detector of a standard, signals, and trying it on the company's conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors import trying
from gracja.app.organisation.access import may_somewhere, require
from gracja.app.standards.selectors import bench as selectors
from gracja.app.standards.selectors import drafts
from gracja.app.standards.selectors.reading import document_in
from gracja.app.standards.services import detecting as services
from gracja.app.standards.services.detecting import Target, detector_of
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.bench_detector import CONDITIONS, GROUP_NAMES, detector
from gracja.app.web.standards.bench_fields import Trouble
from gracja.app.web.standards.bench_page import work
from gracja.app.web.standards.sending import moment_sent
from gracja.app.web.standards.views.behaviours import changed, seen
from gracja.app.web.standards.views.frame import frame
from gracja.app.web.standards.views.recognising import change_node
from gracja.app.web.templatetags.words import local, reader
from gracja.engine.edition.model import Edition
from gracja.engine.errors import EngineInputError
from gracja.wording import say_error

if TYPE_CHECKING:
    from gracja.app.standards.models import Draft

_LONGEST = 4000


@require_POST
def phrases(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """Add, remove or replace a phrase of a standard's detector."""
    require(request.user, "edition.draft")
    target = Target("standard", standard_id)
    kind = request.POST.get("kind", "")
    field = f"phrase/{kind}-{request.POST.get('language') or 'all'}"
    mine = request.POST.get("phrase", "") if request.POST.get("do") == "add" else ""
    return changed(
        request, uid, standard_id, lambda: _phrases(request, uid, target), field=field, mine=mine, retry=True
    )


@require_POST
def moment(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """When the words count."""

    def save() -> Draft:
        target = Target("standard", standard_id)
        given = moment_sent(request.POST)
        return services.set_moment(
            by=request.user, draft_uid=uid, seen=seen(request), target=target, moment=given
        )

    return changed(request, uid, standard_id, save, field="moment", retry=True)


@require_POST
def as_yaml(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """The whole detector as YAML."""
    text = request.POST.get("text", "")

    def save() -> Draft:
        target = Target("standard", standard_id)
        return services.set_detector(
            by=request.user, draft_uid=uid, seen=seen(request), target=target, text=text
        )

    return changed(request, uid, standard_id, save, field="yaml", mine=text, retry=True)


@require_GET
def try_it(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """The detector on the newest conversations; without script a page of its own."""
    shown = selectors.bench(by=request.user, draft_uid=uid, standard=standard_id)
    may_read = may_somewhere(request.user, "conversation.read")
    context = work(shown) | {"may_read": may_read, "upload_address": _uploads(request)}
    try:
        context["trial"] = trying.try_standard(by=request.user, edition=shown.edition, standard=standard_id)
    except EngineInputError as wrong:
        context["archive_trouble"] = say_error(wrong, reader())
    return _try_page(request, context)


@require_GET
def missed(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """Conversations where it was due and not met."""
    shown = selectors.bench(by=request.user, draft_uid=uid, standard=standard_id)
    found = trying.missed(by=request.user, edition=shown.edition, standard=standard_id)
    context = frame(request, shown.draft, phase="standards") | work(shown) | {"missed": found}
    return render(request, "standards/studio_missed.html", context)


@require_POST
def words(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """Words typed by hand, one turn a line."""
    shown = selectors.bench(by=request.user, draft_uid=uid, standard=standard_id)
    text = request.POST.get("words", "")[:_LONGEST]
    context = work(shown) | {"words": text}
    if text.strip():
        own = reader()
        tries = [
            trying.try_words(edition=shown.edition, standard=standard_id, text=text, language=language)
            for language in (own, "en" if own == "pl" else "pl")
        ]
        # nobody says which language they typed in: the one in which it is met, else the reader's own
        told, lines = next((one for one in tries if one[0] == "met"), tries[0])
        context |= {"told": told, "lines": lines}
    if request.htmx:
        return render(request, "standards/bench_words.html", context)
    return _try_page(request, context | {"only_words": True})


@require_http_methods(["GET", "POST"])
def signals(request: SignedIn, uid: str) -> HttpResponse:
    """What happens in a conversation that standards refer to; a new one by name and phrase."""
    draft = drafts.draft(by=request.user, uid=uid)
    trouble = None
    if request.method == "POST":
        try:
            services.add_signal(
                by=request.user,
                draft_uid=uid,
                seen=seen(request),
                title=request.POST.get("title", ""),
                kind=request.POST.get("kind", ""),
                language=reader(),
                phrase=request.POST.get("phrase", ""),
            )
        except (Refused, EngineInputError) as wrong:
            trouble = Trouble.of(wrong, "new", request.POST.get("phrase", ""))
        else:
            return redirect("studio_signals", uid)
    return _signals(request, draft, trouble)


@require_POST
def signal(request: SignedIn, uid: str, signal_id: str) -> HttpResponse:
    """Add or remove a phrase of a signal, or take its YAML."""
    draft = drafts.draft(by=request.user, uid=uid)
    target = Target("signal", signal_id)
    if detector_of(draft, target) is None:
        raise Http404
    try:
        if request.POST.get("do") == "yaml":
            services.set_detector(
                by=request.user,
                draft_uid=uid,
                seen=seen(request),
                target=target,
                text=request.POST.get("text", ""),
            )
        elif "mark" in request.POST:
            change_node(request, uid, target)
        else:
            _phrases(request, uid, target)
    except (Refused, EngineInputError) as wrong:
        mine = request.POST.get("text") or request.POST.get("phrase", "")
        return _signals(request, draft, Trouble.of(wrong, signal_id, mine))
    return redirect("studio_signals", uid)


def _phrases(request: SignedIn, uid: str, target: Target) -> Draft:
    post = request.POST
    given: dict[str, Any] = {
        "by": request.user,
        "draft_uid": uid,
        "seen": seen(request),
        "target": target,
        "phrase": post.get("phrase", "")[:_LONGEST],
    }
    if post.get("do") == "replace":
        return services.replace_phrase(**given, instead=post.get("instead", "")[:_LONGEST])
    language = post.get("language", "")
    if len(language) > 2 or not (language.isalpha() or not language):
        raise Http404
    verb = {"add": services.add_phrase, "remove": services.remove_phrase}.get(post.get("do", ""))
    if verb is None:
        raise Http404
    return verb(**given, kind=post.get("kind", ""), language=language)


def _signals(request: SignedIn, draft: Draft, trouble: Trouble | None) -> HttpResponse:
    edition: Edition = document_in(draft.document)
    shown = [
        detector(Target("signal", name), tree, edition)
        for name, tree in draft.document.get("signals", {}).items()
    ]
    used = {
        name: [
            (one.standard, local(one.behaviour))
            for _, _, one in edition.standards()
            if _refers(one.detect, name)
        ]
        for name in edition.signals
    }
    context = frame(request, draft, phase="standards") | {
        "signals": [(one, used[one.target.id]) for one in shown],
        "conditions": CONDITIONS,
        "group_names": GROUP_NAMES,
        "trouble": trouble,
        "title_typed": request.POST.get("title", ""),
    }
    return render(request, "standards/studio_signals.html", context, status=422 if trouble else 200)


def _refers(detect: Any, name: str) -> bool:
    return detect != "none" and any(to == name for node in detect.nodes() for _, to in node.names)


def _uploads(request: SignedIn) -> str:
    """Where conversations come in, for whoever may bring them."""
    return reverse("uploads") if may_somewhere(request.user, "conversation.import") else ""


def _try_page(request: SignedIn, context: dict[str, Any]) -> HttpResponse:
    if request.htmx:
        return render(request, "standards/bench_try.html", context)
    around = frame(request, context["draft"], phase="standards")
    return render(request, "standards/studio_try.html", around | context)
