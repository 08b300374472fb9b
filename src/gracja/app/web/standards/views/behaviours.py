"""Phase 4: enhancers become standards. Each field is saved by itself; the linter reads while one types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.standards.selectors import bench as selectors
from gracja.app.standards.services import behaviours as services
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.bench_fields import Trouble
from gracja.app.web.standards.bench_page import page, work
from gracja.app.web.standards.views.frame import answer
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader
from gracja.engine.edition.texts import in_language
from gracja.engine.errors import EngineInputError

if TYPE_CHECKING:
    from gracja.app.standards.models import Draft

TEXTS: Final = tuple(
    f"{name}/{language}" for name in ("behaviour", "when", "na_when") for language in ("pl", "en")
)
_LONGEST: Final = 4000
_MOST_TEXTS: Final = 12
_ROW: Final = re.compile(r"(\d{1,3})/(?:pl|en)")
_DIGITS: Final = 9


@require_GET
def standards(request: SignedIn, uid: str) -> HttpResponse:
    """The first standard of a part (`?part=`), or of the draft."""
    shown = selectors.bench(by=request.user, draft_uid=uid, part=request.GET.get("part", ""))
    return render(request, "standards/studio_standards.html", page(request, shown))


@require_GET
def standard(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """One standard on the bench."""
    shown = selectors.bench(by=request.user, draft_uid=uid, standard=standard_id)
    return render(request, "standards/studio_standards.html", page(request, shown, way=way_shown(request)))


@require_POST
def read(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """What the linter finds in words that are not saved yet."""
    name, text = request.POST.get("name", ""), request.POST.get("value", "")
    typed = {name: text.replace("\r\n", "\n")[:_LONGEST]} if name in TEXTS else {}
    shown = selectors.bench(by=request.user, draft_uid=uid, standard=standard_id, typed=typed)
    return render(request, "standards/bench_form.html", work(shown, typed=typed))


@require_POST
def set_field(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """Save what one form sent: a text, a choice, a number."""
    require(request.user, "edition.draft")
    name, value = _sent(request.POST)

    def save() -> Draft:
        return services.set_fields(
            by=request.user, draft_uid=uid, seen=seen(request), standard=standard_id, values={name: value}
        )

    return changed(
        request,
        uid,
        standard_id,
        save,
        field=name,
        mine=request.POST.get("value", ""),
        typed=typed_in(request.POST),
    )


@require_POST
def choose_measure(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """Yes or no, a scale, a count, seconds."""

    def save() -> Draft:
        kind = request.POST.get("kind", "")
        return services.choose_measure(
            by=request.user, draft_uid=uid, seen=seen(request), standard=standard_id, kind=kind
        )

    return changed(request, uid, standard_id, save, field="measure")


@require_POST
def split(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """Two behaviours in one become a standard each."""
    require(request.user, "edition.draft")
    language = request.POST.get("language", "")
    if language not in ("pl", "en"):
        raise Http404

    def save() -> Draft:
        texts = request.POST.getlist("texts")[:_MOST_TEXTS]
        return services.split_standard(
            by=request.user,
            draft_uid=uid,
            seen=seen(request),
            standard=standard_id,
            language=language,
            texts=texts,
        )

    return changed(request, uid, standard_id, save, field=f"behaviour/{language}")


@require_POST
def add(request: SignedIn, uid: str, enhancer_id: str) -> HttpResponse:
    """A new standard; it goes under the pen."""
    try:
        draft, name = services.add_standard(
            by=request.user,
            draft_uid=uid,
            seen=seen(request),
            enhancer=enhancer_id,
            behaviour={reader(): request.POST.get("behaviour", "")},
        )
    except Refused as refused:
        mine = request.POST.get("behaviour", "")
        trouble = Trouble.of(refused, f"add/{enhancer_id}", mine)
        part = request.POST.get("part", "")
        shown = selectors.bench(by=request.user, draft_uid=uid, part=part)
        return render(
            request, "standards/studio_standards.html", page(request, shown, trouble=trouble), status=422
        )
    return redirect("studio_standard", draft.uid, name)


@require_POST
def act(request: SignedIn, uid: str, standard_id: str) -> HttpResponse:
    """Copy, move up or down or to another enhancer, remove; what `do` says."""
    require(request.user, "edition.draft")
    given: dict[str, Any] = {
        "by": request.user,
        "draft_uid": uid,
        "seen": seen(request),
        "standard": standard_id,
    }
    what = request.POST.get("do", "")
    if what == "copy":
        _draft, standard_id = services.copy_standard(**given)
    elif what in ("up", "down"):
        services.move_standard(**given, to=what)
    elif what == "move":
        services.move_standard(**given, to=request.POST.get("to", ""))
    elif what == "remove":
        return _remove(request, uid, standard_id, given)
    else:
        raise Http404
    return redirect("studio_standard", uid, standard_id)


def _remove(request: SignedIn, uid: str, standard_id: str, given: dict[str, Any]) -> HttpResponse:
    shown = selectors.bench(by=request.user, draft_uid=uid, standard=standard_id)
    draft = services.remove_standard(**given)
    said = in_language(shown.standard.behaviour, reader()) if shown.standard else ""
    back = f"{reverse('studio_undo', args=[uid])}?seen={draft.revision}&phase=standards"
    tell(request, _("Removed: {what}.").format(what=said[:80].rstrip(".")), undo=back)
    return redirect(f"{reverse('studio_standards', args=[uid])}?part={shown.part.part}")


def changed(
    request: SignedIn,
    uid: str,
    standard_id: str,
    save: Callable[[], Draft],
    *,
    field: str,
    mine: str = "",
    typed: Mapping[str, str] | None = None,
    retry: bool = False,
) -> HttpResponse:
    """Save, and answer with the bench anew; what was refused stands beside its field, with what was typed.

    retry: the detector is another one now, so it is tried again.
    """
    try:
        save()
    except Refused as refused:
        return _answer(request, uid, standard_id, Trouble.of(refused, field, mine, typed), status=409)
    except EngineInputError as wrong:
        return _answer(request, uid, standard_id, Trouble.of(wrong, field, mine, typed), status=422)
    if not request.htmx:
        return redirect("studio_standard", uid, standard_id)
    return _answer(request, uid, standard_id, None, retry=retry)


def seen(request: SignedIn) -> int:
    """The revision that the page was made from."""
    given = request.POST.get("seen", "")
    return int(given) if given.isdecimal() else 0


def typed_in(post: QueryDict) -> dict[str, str]:
    """What a form held, by names that a template can say (`0_pl` for `0/pl`)."""
    return {name.replace("/", "_"): post.get(name, "") for name in post if name != "csrfmiddlewaretoken"}


def way_shown(request: SignedIn) -> str:
    """The way of recognising that stands open: the page's address says so (`?way=judge`)."""
    if request.htmx and request.htmx.current_url:
        return parse_qs(urlsplit(request.htmx.current_url).query).get("way", [""])[0]
    return request.GET.get("way", "")


def _answer(
    request: SignedIn,
    uid: str,
    standard_id: str,
    trouble: Trouble | None,
    *,
    status: int = 200,
    retry: bool = False,
) -> HttpResponse:
    shown = selectors.bench(by=request.user, draft_uid=uid, standard=standard_id)
    context = page(request, shown, trouble=trouble, way=way_shown(request))
    if request.htmx:
        context |= {"retry": retry, "with_journey": True}
        return answer(request, "standards/bench_answer.html", context, status=status)
    return render(request, "standards/studio_standards.html", context, status=status)


def _sent(post: QueryDict) -> tuple[str, Any]:
    """The field that a form names, and its value as the document wants it."""
    name, text = post.get("name", ""), post.get("value", "").replace("\r\n", "\n")
    values: dict[str, Callable[[], Any]] = {
        "rung": lambda: text,
        "service_mode": lambda: text,
        "critical": lambda: bool(text),
        "channels": lambda: [one for one in post.getlist("value") if one],
        "detect": lambda: None,
        "weight": lambda: _whole(text),
        "measure/count_at_least": lambda: _whole(text),
        "measure/seconds_at_most": lambda: _seconds(text),
        "measure/scale": lambda: _texts(post),
        "examples/good": lambda: _texts(post),
        "examples/bad": lambda: _texts(post),
    }
    if name in TEXTS:
        return name, text
    if name not in values:
        raise Http404
    return name, values[name]()


def _whole(text: str) -> int | str:
    """The number; what is none goes on as it is, and the engine says what is wrong with it."""
    return int(text) if text.strip().isdecimal() and len(text) < _DIGITS else text


def _seconds(text: str) -> float | str:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return text


def _texts(post: QueryDict) -> list[dict[str, str]]:
    """The rows of a form that hold a text, in their order."""
    places = sorted({int(match[1]) for name in post if (match := _ROW.fullmatch(name))})
    rows = [
        {lang: text for lang in ("pl", "en") if (text := post.get(f"{at}/{lang}", "").strip())}
        for at in places
    ]
    return [row for row in rows if row]
