"""The frame around every phase of a draft, and around what a change answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from gracja.app.standards.selectors import drafts as selectors
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.journey import drawn
from gracja.app.web.templatetags.words import reader

if TYPE_CHECKING:
    from gracja.app.standards.models import Draft

PHASES: Final = {
    "sequence": _("Sequence"),
    "parts": _("Parts"),
    "enhancers": _("Enhancers"),
    "standards": _("Standards"),
}


def frame(
    request: SignedIn, draft: Draft, *, phase: str, part: str = "", part_address: str = ""
) -> dict[str, Any]:
    """The context of `standards/studio.html`.

    phase: which of the four stands open (or `publish`). part: the id of the open part. part_address: where a
    part of the journey leads, with `PART` in place of its id; empty: to its enhancers.
    """
    state = selectors.state(by=request.user, draft=draft)
    stations = selectors.stations(draft.document)
    address = part_address or f"{reverse('studio_enhancers', args=[draft.uid])}?part=PART"
    return {
        "draft": draft,
        "document": draft.document,
        "state": state,
        "phase": phase,
        "phases": [_phase(draft, one, phase) for one in state.phases],
        "saved_at": _clock(draft.changed_at, state.zone) if draft.revision else "",
        "others": [(one, _clock(one.at, state.zone)) for one in state.others],
        "journey": drawn(stations, open_id=part, address=address, language=reader()),
        "publish_address": _address("studio_publish", draft.uid),
    }


def answer(request: SignedIn, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A fragment, and beside it the head of the page: what was saved, how far it is, what can be undone."""
    return render(request, "standards/studio_answer.html", context | {"fragment": template}, status=status)


def _phase(draft: Draft, phase: selectors.Phase, here: str) -> dict[str, Any]:
    return {
        "name": phase.name,
        "title": PHASES[phase.name],
        "address": _address(f"studio_{phase.name}", draft.uid),
        "here": phase.name == here,
        "finished": phase.finished,
        "done": phase.done,
        "all": phase.all,
    }


def _address(name: str, uid: str) -> str:
    try:
        return reverse(name, args=[uid])
    except NoReverseMatch:
        return ""


def _clock(at: Any, zone: str) -> str:
    """12.31; with the day where it was not today."""
    here = timezone.localtime(at, ZoneInfo(zone))
    today = timezone.localtime(timezone.now(), ZoneInfo(zone)).date()
    clock = date_format(here, "TIME_FORMAT")
    return clock if here.date() == today else f"{date_format(here, 'DATE_FORMAT')}, {clock}"
