"""What the bench shows: the standards of the open part, the one under the pen, its detector, and the try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gracja.app.common.refused import Refused
from gracja.app.standards.selectors.bench import Bench
from gracja.app.standards.services.behaviours import measure_kind
from gracja.app.standards.services.detecting import Target, detector_of
from gracja.app.standards.services.operations import spot_of
from gracja.app.web.channels import SERVED
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.bench_detector import detector
from gracja.app.web.standards.bench_remarks import Remark, pieces, remarks
from gracja.app.web.standards.spoken import spoken
from gracja.app.web.standards.views.frame import frame
from gracja.app.web.templatetags.words import reader
from gracja.engine.edition.model import LocalText, Standard, in_language
from gracja.engine.errors import EngineInputError, ManyInputErrors, Where
from gracja.wording import say_error
from gracja.wording.refusals import say_refusal

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
_LABELS: Final = {
    "behaviour": {
        "": _("What the employee does"),
        "pl": _("What the employee does, in Polish"),
        "en": _("What the employee does, in English"),
    },
    "when": {
        "": _("In which situation"),
        "pl": _("In which situation, in Polish"),
        "en": _("In which situation, in English"),
    },
    "na_when": {
        "": _("Not applicable when"),
        "pl": _("Not applicable when, in Polish"),
        "en": _("Not applicable when, in English"),
    },
}
_HINTS: Final = {
    "behaviour": _("What can be seen or heard. Spoken words in quotes."),
    "when": _("What the customer says, does or waits for just before."),
    "na_when": _("Only then may an evaluator choose “not applicable”."),
}


@dataclass(frozen=True)
class Field:
    """One text in one language. pieces: the text under the linter's eyes, for the squiggles."""

    name: str
    label: str | Promise
    language: str
    text: str
    pieces: list[tuple[str, str]]
    remarks: list[Remark]
    hint: str | Promise = ""

    @property
    def id(self) -> str:
        return self.name.replace("/", "-")

    @property
    def wrong(self) -> bool:
        return any(one.severity == "error" for one in self.remarks)


@dataclass(frozen=True)
class Listed:
    """A standard in the list of its part."""

    id: str
    behaviour: SafeString
    mode: str
    state: str
    here: bool


@dataclass(frozen=True)
class Trouble:
    """Why a change was not saved. field: beside which it is told; mine: what was typed."""

    field: str
    said: str
    mine: str = ""
    meanwhile: bool = False

    @classmethod
    def of(cls, wrong: Refused | EngineInputError, field: str, mine: str = "") -> Self:
        """In the reader's language. Who may not do it is told so by the whole page: it is raised again."""
        lang = reader()
        if isinstance(wrong, EngineInputError):
            return cls(field, "\n".join(_said(one, lang) for one in _each(wrong)), mine)
        if wrong.code == "not_permitted":
            raise wrong
        said = say_refusal(wrong.code, lang, **wrong.facts)
        return cls(field, said, mine, wrong.code == "changed_meanwhile")


def _each(wrong: EngineInputError) -> list[EngineInputError]:
    return list(wrong.errors) if isinstance(wrong, ManyInputErrors) else [wrong]


def _said(wrong: EngineInputError, lang: str) -> str:
    """What is wrong; the place only where people see lines, in a detector's YAML."""
    where = wrong.where if wrong.where.line else Where()
    return say_error(EngineInputError(wrong.code, where, **wrong.facts), lang)


def page(
    request: SignedIn,
    shown: Bench,
    *,
    typed: Mapping[str, str] | None = None,
    trouble: Trouble | None = None,
) -> dict[str, Any]:
    """The context of `standards/studio_standards.html` and of its fragments, with the frame's."""
    address = reverse("studio_standards", args=[shown.draft.uid]) + "?part=PART"
    around = frame(request, shown.draft, phase="standards", part=shown.part.part, part_address=address)
    return {**around, **work(shown, typed=typed, trouble=trouble)}


def work(
    shown: Bench, *, typed: Mapping[str, str] | None = None, trouble: Trouble | None = None
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
    texts = _texts(shown.standard, said, lang, typed or {}, trouble)
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
        "anchors": _anchors(shown.standard),
        "detector": detector(
            target, detector_of(shown.draft, target), shown.edition, shown.standard.behaviour
        ),
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


def _texts(
    standard: Standard,
    said: list[Remark],
    lang: str,
    typed: Mapping[str, str],
    trouble: Trouble | None,
) -> dict[tuple[str, str], Field]:
    """Every text of the standard by name and language; the reader's own language needs no name."""
    texts = {}
    for name, labels in _LABELS.items():
        for language in ("pl", "en"):
            own = f"{name}/{language}"
            text = _own(getattr(standard, name), language)
            if trouble and trouble.field == own:
                text = trouble.mine
            mine = [one for one in said if one.place == own]
            cut = pieces(typed.get(own, text), mine)
            label = labels[""] if language == lang else labels[language]
            texts[name, language] = Field(own, label, language, text, cut, mine, _HINTS[name])
    return texts


def _own(text: LocalText | None, language: str) -> str:
    return text if isinstance(text, str) else (text or {}).get(language, "")


def _by_place(said: list[Remark]) -> dict[str, list[Remark]]:
    """Findings that belong to no text: by field; `other` for the rest."""
    known = ("channels", "measure", "critical", "detect")
    places: dict[str, list[Remark]] = {}
    for one in said:
        if "/" not in one.place:
            places.setdefault(one.place if one.place in known else "other", []).append(one)
    return places


def _plain_measure(standard: Standard) -> Any:
    measure = standard.measure
    return measure if isinstance(measure, str) else measure.model_dump()


def _anchors(standard: Standard) -> list[dict[str, Any]]:
    """The steps of a scale, worst first, each in both languages, and an empty one."""
    measure = standard.measure
    steps = list(getattr(measure, "scale", ()))
    rows = [{"pl": _own(step, "pl"), "en": _own(step, "en")} for step in steps]
    return [{"at": at, **row} for at, row in enumerate([*rows, {"pl": "", "en": ""}])]
