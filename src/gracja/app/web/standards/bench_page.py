"""What the bench shows: the standards of the open part, the one under the pen, its detector, and the try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gracja.app.standards.selectors.bench import Bench
from gracja.app.standards.services.behaviours import measure_kind
from gracja.app.standards.services.detecting import Target, detector_of
from gracja.app.standards.services.operations import spot_of
from gracja.app.standards.telling import measured
from gracja.app.web.channels import SERVED
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.bench_detector import CONDITIONS, GROUP_NAMES, TIMES, WAYS, detector
from gracja.app.web.standards.bench_fields import Trouble, examples_of, rows_of, texts_of
from gracja.app.web.standards.bench_remarks import Remark, remarks
from gracja.app.web.standards.spoken import spoken
from gracja.app.web.standards.views.frame import frame
from gracja.app.web.templatetags.words import reader
from gracja.engine.edition.model import Standard
from gracja.engine.edition.texts import in_language

MEASURES: Final = (
    ("yes_no", _("yes / no")),
    ("scale", _("a scale")),
    ("count", _("a count")),
    ("seconds", _("seconds")),
)
MODES: Final = (
    ("any", _("always"), _("Everybody is due this, whether they want closeness or distance.")),
    ("discreet", _("discreetly"), _("Only with customers who want distance. Leave it out with the others.")),
    (
        "personal",
        _("personally"),
        _("Only with customers who want closeness. With the others it is too much."),
    ),
)
RUNGS: Final = (
    ("base", _("base"), _("What every customer is due.")),
    (
        "initiative",
        _("initiative"),
        _("A step beyond what the customer expects. It raises the grade above the standard."),
    ),
)


@dataclass(frozen=True)
class Listed:
    """A standard in the list of its part."""

    id: str
    behaviour: SafeString
    mode: str
    state: str
    here: bool


def page(
    request: SignedIn,
    shown: Bench,
    *,
    typed: Mapping[str, str] | None = None,
    trouble: Trouble | None = None,
    way: str = "",
) -> dict[str, Any]:
    """The context of `standards/studio_standards.html` and of its fragments, with the frame's."""
    address = reverse("studio_standards", args=[shown.draft.uid]) + "?part=PART"
    around = frame(request, shown.draft, phase="standards", part=shown.part.part, part_address=address)
    return {**around, **work(shown, typed=typed, trouble=trouble, way=way)}


def work(
    shown: Bench,
    *,
    typed: Mapping[str, str] | None = None,
    trouble: Trouble | None = None,
    way: str = "",
) -> dict[str, Any]:
    """The bench alone: what the linter's answer while typing needs."""
    lang = reader()
    context: dict[str, Any] = {
        "draft": shown.draft,
        "bench": shown,
        "part": shown.part,
        "trouble": trouble,
        "channel_names": tuple(SERVED.items()),
        "enhancers": [
            (one, in_language(one.title, lang), [_listed(shown, each, lang) for each in one.standards])
            for one in shown.part.enhancers
        ],
    }
    if shown.standard is None:
        return context
    said = remarks(shown.findings.get(shown.standard.standard, ()), lang)
    texts = texts_of(shown.standard, said, lang, typed or {}, trouble)
    other = "en" if lang == "pl" else "pl"
    kind = measure_kind(_plain_measure(shown.standard))
    target = Target("standard", shown.standard.standard)
    return context | {
        "standard": shown.standard,
        "fields": [texts["behaviour", lang], texts["when", lang]],
        "other_fields": [texts["behaviour", other], texts["when", other]],
        "other_open": any(texts[name, other].remarks for name in ("behaviour", "when"))
        or bool(trouble and trouble.field in (f"behaviour/{other}", f"when/{other}")),
        "na_fields": [texts["na_when", lang], texts["na_when", other]],
        "remarks": _by_place(said),
        "channels": [(name, title, name in shown.standard.channels) for name, title in SERVED.items()],
        "modes": MODES,
        "mode_means": next(means for name, _title, means in MODES if name == shown.standard.service_mode),
        "rungs": RUNGS,
        "rung_means": next(means for name, _title, means in RUNGS if name == shown.standard.rung),
        "measures": MEASURES,
        "measure": kind,
        "anchors": rows_of(getattr(shown.standard.measure, "scale", ()), "measure/scale", trouble),
        "examples": examples_of(shown.standard, trouble),
        "examples_open": shown.standard.examples is not None
        or bool(trouble and trouble.field.startswith("examples/")),
        "detector": detector(
            target,
            detector_of(shown.draft, target),
            shown.edition,
            shown.standard.behaviour,
            way=(trouble.way if trouble else "") or way,
            otherwise="none" if set(shown.standard.channels) == {"in_person"} else "words",
        ),
        "ways": WAYS,
        "group_names": GROUP_NAMES,
        "conditions": CONDITIONS,
        "times": TIMES,
        "measured": measured(shown.standard, lang),
        "on_the_spot": set(shown.standard.channels) == {"in_person"},
        "other_enhancers": [one for one in shown.part.enhancers if one is not shown.enhancer],
        "enhancer": shown.enhancer,
        "place": spot_of(shown.draft.document, "standard", shown.standard.standard),
    }


def _listed(shown: Bench, standard: Standard, lang: str) -> Listed:
    return Listed(
        standard.standard,
        spoken(in_language(standard.behaviour, lang), lang),
        standard.service_mode,
        shown.state(standard.standard),
        shown.standard is not None and standard.standard == shown.standard.standard,
    )


def _by_place(said: list[Remark]) -> dict[str, list[Remark]]:
    """Findings that belong to no text: by field; `other` for the rest."""
    known = ("channels", "measure", "critical", "detect")
    places: dict[str, list[Remark]] = {}
    for one in said:
        if "/" not in one.place:
            there = places.setdefault(one.place if one.place in known else "other", [])
            if all((one.code, one.why) != (other.code, other.why) for other in there):
                there.append(one)  # two conditions of a detector may lack the same
    return places


def _plain_measure(standard: Standard) -> Any:
    measure = standard.measure
    return measure if isinstance(measure, str) else measure.model_dump()
