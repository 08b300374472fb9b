"""What a detector holds beyond phrases: groups, events, times, a question; of a standard and of a signal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from gracja.app.organisation.access import require
from gracja.app.standards.services import recognising as services
from gracja.app.standards.services.detecting import Target
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.sending import moment_sent
from gracja.app.web.standards.views.behaviours import changed, seen, typed_in
from gracja.app.web.templatetags.words import reader

if TYPE_CHECKING:
    from gracja.app.standards.models import Draft

_LONGEST: Final = 4000


@require_POST
def node(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """One change of the tree: a condition added, grouped, taken away; its words, its moment."""
    require(request.user, "edition.draft")
    post = request.POST
    target = Target("standard", standard_id)
    mine = post.get("text", "") if post.get("do") in ("join", "add", "words") else ""
    return changed(
        request,
        uid,
        standard_id,
        lambda: change_node(request, uid, target),
        field=field_of(post),
        mine=mine,
        retry=True,
    )


@require_POST
def time(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """Recognise it by the time of an answer."""
    require(request.user, "edition.draft")
    post = request.POST

    def save() -> Draft:
        return services.time_reply(
            **_given(request, uid, Target("standard", standard_id)),
            kind=post.get("kind", ""),
            seconds=_number(post.get("seconds", "")),
            unless=post.get("unless", ""),
            applies_if=post.get("applies_if", ""),
        )

    return changed(request, uid, standard_id, save, field="time", typed=typed_in(post), retry=True)


@require_POST
def judge(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """Recognise it by a question to a language model."""
    require(request.user, "edition.draft")
    post = request.POST

    def save() -> Draft:
        return services.ask_judge(
            **_given(request, uid, Target("standard", standard_id)),
            question={lang: post.get(f"question/{lang}", "")[:_LONGEST] for lang in ("pl", "en")},
            applies_if=post.get("applies_if", ""),
        )

    return changed(request, uid, standard_id, save, field="judge", typed=typed_in(post), retry=True)


@require_POST
def permission(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """Where the edition's questions may be asked, if anywhere."""
    require(request.user, "edition.draft")
    post = request.POST

    def save() -> Draft:
        return services.permit_model(
            by=request.user,
            draft_uid=uid,
            seen=seen(request),
            address=post.get("address", ""),
            model=post.get("model", ""),
            mask="mask" in post,
        )

    return changed(request, uid, standard_id, save, field="permission", typed=typed_in(post))


def change_node(request: SignedIn, uid: str, target: Target) -> Draft:
    """What `do` says, done. Raises as the services; Http404."""
    post = request.POST
    do, text = post.get("do", ""), post.get("text", "")[:_LONGEST]
    given = _given(request, uid, target)
    if do == "join":
        leaf = services.leaf_of(post.get("kind", ""), reader(), text)
        return services.join_condition(**given, how=post.get("how", ""), leaf=leaf)
    given["at"] = post.get("at", "")
    words: dict[str, Any] = {"language": _language(post), "text": text}
    ways: Mapping[str, Callable[[], Draft]] = {
        "add": lambda: services.add_condition(
            **given, leaf=services.leaf_of(post.get("kind", ""), reader(), text)
        ),
        "group": lambda: services.group_condition(**given, kind=post.get("kind", "")),
        "dissolve": lambda: services.dissolve_group(**given),
        "remove": lambda: services.remove_condition(**given),
        "words": lambda: services.add_words(**given, **words),
        "unwords": lambda: services.remove_words(**given, **words),
        "moment": lambda: services.set_node_moment(**given, moment=moment_sent(post)),
    }
    if do not in ways:
        raise Http404
    return ways[do]()


def field_of(post: QueryDict) -> str:
    """Beside which form of the tree a refusal is told."""
    do, at = post.get("do", ""), post.get("at", "").replace(".", "-") or "top"
    if do == "join":
        return "join"
    return f"words/{at}-{post.get('language') or 'all'}" if do in ("words", "unwords") else f"node/{at}"


def _given(request: SignedIn, uid: str, target: Target) -> dict[str, Any]:
    return {
        "by": request.user,
        "draft_uid": uid,
        "seen": seen(request),
        "target": target,
        "mark": request.POST.get("mark", ""),
    }


def _language(post: QueryDict) -> str:
    language = post.get("language", "")
    if len(language) > 2 or not (language.isalpha() or not language):
        raise Http404
    return language


def _number(text: str) -> float | str:
    """What is no number goes on as it is, and the engine says what is wrong with it."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return text
