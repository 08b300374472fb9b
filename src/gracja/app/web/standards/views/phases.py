"""The first three phases of a draft: sequence, parts, enhancers."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from gracja.app.standards.selectors import drafts as selectors
from gracja.app.standards.selectors.trades import occupations
from gracja.app.web.channels import SERVED
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.texts import text
from gracja.app.web.standards.views.frame import PHASES, frame
from gracja.app.web.templatetags.words import local

if TYPE_CHECKING:
    from gracja.app.standards.models import Draft

ASPIRE: Final = (
    ("base", 0.85, _("Base"), _("share of standards met that everybody is due")),
    ("fit", 0.90, _("Fit"), _("as close as the customer wanted, no closer")),
    ("initiative", 0.20, _("Initiative"), _("contacts with a fitting step beyond what was expected")),
    ("exceptional", 0.05, _("Out of this world"), _("contacts that the customer will tell others about")),
    (
        "critical_at_most",
        0.01,
        _("Critical failures, at most"),
        _("contacts where something happened that never may"),
    ),
)


@require_GET
def continue_draft(request: SignedIn, uid: str) -> HttpResponse:
    """To the first phase that is not finished."""
    draft = selectors.draft(by=request.user, uid=uid)
    name = next((one.name for one in selectors.phases(draft.document) if not one.finished), "standards")
    return redirect(f"studio_{name}", uid)


@require_GET
def sequence(request: SignedIn, uid: str) -> HttpResponse:
    """Phase 1: where a contact begins and ends, and how close it is by nature."""
    return _page(request, uid, "sequence")


@require_GET
def parts(request: SignedIn, uid: str) -> HttpResponse:
    """Phase 2: the journey, part by part."""
    return _page(request, uid, "parts")


@require_GET
def enhancers(request: SignedIn, uid: str) -> HttpResponse:
    """Phase 3: what makes a part good, how we know, and how the customer feels."""
    return _page(request, uid, "enhancers")


def _page(request: SignedIn, uid: str, phase: str) -> HttpResponse:
    draft = selectors.draft(by=request.user, uid=uid)
    template, context = body(request, draft, phase, part=request.GET.get("part", ""))
    return render(request, template.replace("phase_", "studio_"), context)


def body(request: SignedIn, draft: Draft, phase: str, *, part: str = "") -> tuple[str, dict[str, Any]]:
    """The template of what is inside a phase, and its context."""
    made = {"parts": _parts, "enhancers": _enhancers}.get(phase, _sequence)
    phase = phase if phase in PHASES and phase != "standards" else "sequence"
    return f"standards/phase_{phase}.html", made(request, draft, part)


def _sequence(request: SignedIn, draft: Draft, _part: str) -> dict[str, Any]:
    service = draft.document["service"]
    aspire = draft.document.get("aspire", {})
    return frame(request, draft, phase="sequence") | {
        "title": text(draft.document, "title", _("What the service is called")),
        "begins": text(
            service,
            "begins",
            _("Where does a contact begin?"),
            hint=_("the customer opens the door, dials the number"),
        ),
        "ends": text(
            service, "ends", _("Where does it end?"), hint=_("the door closes; the next visit is booked")
        ),
        "service": service,
        "occupations": _occupations(service.get("occupation", "")),
        "dial": selectors.DIAL_START[service["kind"]],
        "channels": [(name, label, name in service.get("channels", [])) for name, label in SERVED.items()],
        "aspire": [
            (name, f"{100 * aspire.get(name, level):g}", label, hint) for name, level, label, hint in ASPIRE
        ],
    }


def _occupations(own: str) -> list[tuple[str, str]]:
    """Those that the dial knows, by their names in the reader's language; another one as it is."""
    known = [(one.name, local(one.title)) for one in occupations()]
    known.sort(key=lambda one: unicodedata.normalize("NFKD", one[1].replace("ł", "l")).casefold())
    return known if not own or own in dict(known) else [(own, own.replace("_", " ")), *known]


def _parts(request: SignedIn, draft: Draft, _part: str) -> dict[str, Any]:
    stations = selectors.stations(draft.document)
    return frame(request, draft, phase="parts") | {
        "stations": [
            (
                one,
                text(one.part, "title", _("What this part is called"), key=one.id),
                text(one.part, "customer_does", _("What the customer does"), key=one.id, lines=2),
                text(one.part, "employee_does", _("What the employee does"), key=one.id, lines=2),
            )
            for one in stations
        ],
        "added": selectors.last_added(draft),
        "new_title": text({}, "title", _("What comes next?"), key="new"),
    }


def _enhancers(request: SignedIn, draft: Draft, part: str) -> dict[str, Any]:
    stations = selectors.stations(draft.document)
    open_ = next((one for one in stations if one.id == part), None)
    open_ = open_ or next((one for one in stations if not one.enhancers), stations[0])
    return frame(request, draft, phase="enhancers", part=open_.id) | {
        "draw": True,
        "with_journey": True,
        "station": open_,
        "stations": stations,
        "thought": text(
            open_.part,
            "thought",
            _("What the customer thinks here"),
            key=open_.id,
            voice=True,
            hint=_("in their words: “Do they understand me?”"),
        ),
        "enhancers": [
            (one, text(one, "title", _("What makes it good"), key=one["enhancer"]), _rows(one))
            for one in open_.enhancers
        ],
        "added": selectors.last_added(draft),
        "new_title": text(
            {},
            "title",
            _("What else makes this part good?") if open_.enhancers else _("What makes this part good?"),
            key="new",
        ),
    }


def _rows(enhancer: dict[str, Any]) -> list[dict[str, Any]]:
    """What an enhancer is known from, and an empty row; words of before come as the first source."""
    sources = enhancer.get("sources") or (
        [{"source": enhancer["evidence"]}] if enhancer.get("evidence") else []
    )
    rows = [*sources, {}]
    return [
        {
            "at": at,
            "source": text(one, "source", _("Who or what says so"), key=f"{enhancer['enhancer']}-{at}"),
            "number": one.get("number", ""),
            "date": one.get("date", ""),
            "empty": not one,
        }
        for at, one in enumerate(rows)
    ]
