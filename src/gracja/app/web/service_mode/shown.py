"""What the editor of the situation rules shows: fields with what was typed, effects, changes in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from gracja.app.service_mode.selectors.changes import Change
from gracja.app.web.service_mode.sheet import BANDS, LANGUAGES
from gracja.app.web.templatetags.service_mode import signed
from gracja.app.web.templatetags.words import local

_TEXTS: Final = ("title", "why", "counts", "do", "hold")


@dataclass(frozen=True, slots=True)
class Field:
    """One input. lines: a text of several lines; language: of what is typed into it."""

    name: str
    label: str
    value: str
    error: str = ""
    lines: bool = False
    language: str = ""
    narrow: bool = False

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class CueRow:
    """A cue: its numbers beside its name, its texts when opened."""

    cue: str
    title: str
    numbers: list[Field]
    texts: list[Field]
    do_from: str
    counted: bool
    wrong: bool


class Sheet:
    """The whole form, from the document and what was typed."""

    def __init__(
        self, document: Mapping[str, Any], fields: Mapping[str, str], errors: Mapping[str, str]
    ) -> None:
        self._fields, self._errors = fields, errors
        self.error = errors.get("", "")
        self.start = [
            self._field("start.encounter", _("One-off service")),
            self._field("start.relationship", _("Service with repeated meetings")),
        ]
        self.bands = [
            self._field("bands.attentive_from", _("Attentive from")),
            self._field("bands.personal_from", _("Personal from")),
        ]
        named = {"discreet": _("Discreet"), "attentive": _("Attentive"), "personal": _("Personal")}
        self.moves = [self._field(f"overdose.personal_moves.{one}", named[one]) for one in BANDS]
        self.minutes = [self._field(f"load.extra_minutes.{one}", named[one]) for one in BANDS]
        self.started = self._field(
            "overdose.contacts_started_in_30_days", _("Contacts we start with one customer in 30 days")
        )
        self.reach = [
            self._field(
                f"within_reach.{one}", _in_language(_("Staying within reach"), one), lines=True, language=one
            )
            for one in LANGUAGES
        ]
        self.cues = [self._cue(one) for one in document["cues"]]
        self.new = list(self._new())
        self.new_kind = fields.get("new.kind", "yes_no")
        self.occupations = [
            (
                one["occupation"],
                local(one["title"]),
                self._field(f"occupation.{one['occupation']}.points", ""),
                fields.get(f"occupation.{one['occupation']}.kind", one["kind"]),
            )
            for one in document["occupations"]
        ]
        titles = {one["cue"]: local(one["title"]) for one in document["cues"]}
        self.pairs = [
            (index, titles[first], titles[second], bool(fields.get(f"exclude.{index}.drop")))
            for index, (first, second) in enumerate(document["exclude"])
        ]
        self.titles = list(titles.items())
        self.new_pair = [fields.get(f"exclude.new.{end}", "") for end in ("first", "second")]

    def _field(self, name: str, label: str, *, lines: bool = False, language: str = "") -> Field:
        return Field(
            name, label, self._fields.get(name, ""), self._errors.get(name, ""), lines, language, not language
        )

    def _cue(self, cue: Mapping[str, Any]) -> CueRow:
        at = f"cue.{cue['cue']}"
        counted = cue.get("counts") is not None
        numbers = [self._field(f"{at}.points", _("Points for each") if counted else _("Points"))]
        if counted:
            numbers += [
                self._field(f"{at}.over", _("Beyond")),
                self._field(f"{at}.at_most", _("Together at most")),
            ]
        else:
            numbers.append(self._field(f"{at}.ceiling", _("No higher than")))
        named = {
            "title": _("What it is called"),
            "why": _("Why, in a sentence"),
            "counts": _("What is counted"),
            "do": _("Do, a line each"),
            "hold": _("Hold back, a line each"),
        }
        texts = [
            self._field(
                f"{at}.{name}.{one}",
                _in_language(named[name], one),
                lines=name in ("do", "hold"),
                language=one,
            )
            for name in _TEXTS
            if counted or name != "counts"
            for one in LANGUAGES
        ]
        wrong = any(one.error for one in (*numbers, *texts))
        do_from = self._fields.get(f"{at}.do_from", "discreet")
        return CueRow(cue["cue"], local(cue["title"]), numbers, texts, do_from, counted, wrong)

    def _new(self) -> Iterator[Field]:
        named = {
            "title": _("What it is called"),
            "why": _("Why, in a sentence"),
            "do": _("Do, a line each"),
            "hold": _("Hold back, a line each"),
        }
        for name, label in named.items():
            for one in LANGUAGES:
                yield self._field(
                    f"new.{name}.{one}", _in_language(label, one), lines=name in ("do", "hold"), language=one
                )
        yield self._field("new.points", _("Points, or the ceiling"))


def customers() -> dict[str, tuple[str, str]]:
    """The typical customers: who, and where."""
    return {
        "regular_at_the_hairdresser": (
            _("A regular at the hairdresser’s"),
            _("Likes to talk; the seventh visit."),
        ),
        "tired_commuter_at_the_till": (
            _("A tired commuter at the till"),
            _("In a hurry, five people behind."),
        ),
        "angry_caller": (_("An angry caller"), _("The second call about the same matter.")),
        "browser_in_a_shop": (_("Somebody browsing in a shop"), _("Is just looking.")),
        "patient_after_bad_news": (
            _("A patient after bad news"),
            _("Tired, asks what to do now; the third visit."),
        ),
        "tourist_who_asks": (_("A tourist in a shop"), _("Asks for advice and likes to talk.")),
        "regular_who_wants_peace": (
            _("A regular who wants peace"),
            _("At the hairdresser’s; asks to be left alone today."),
        ),
    }


def told(change: Change, titles: Mapping[str, str]) -> str:
    """One change in words."""
    name = titles.get(f"{change.group}.{change.name}", change.name)
    if change.name and not change.field:
        sentence = _("“%(name)s” is new.") if change.before is None else _("“%(name)s” is gone.")
        return sentence % {"name": name}
    what = _fields().get(change.field or change.group, change.field or change.group)
    facts = {"name": name, "what": what, "before": _value(change.before), "after": _value(change.after)}
    if change.name:
        return _("“%(name)s”, %(what)s: %(before)s → %(after)s") % facts
    return _("%(what)s: %(before)s → %(after)s") % facts


def titles_of(*documents: Mapping[str, Any]) -> dict[str, str]:
    """`cue.hurried` -> what it is called, in the documents that have it."""
    return {
        f"{key}.{one[key]}": local(one["title"])
        for document in documents
        for part, key in (("cues", "cue"), ("occupations", "occupation"))
        for one in document[part]
    }


def _fields() -> dict[str, str]:
    return {
        "points": _("points"),
        "over": _("counted beyond"),
        "at_most": _("together at most"),
        "ceiling": _("no higher than"),
        "title": _("name"),
        "why": _("reason"),
        "counts": _("what is counted"),
        "do": _("to do"),
        "hold": _("to hold back"),
        "do_from": _("advised from the band"),
        "kind": _("kind of service"),
        "encounter": _("Start of a one-off service"),
        "relationship": _("Start of a service with repeated meetings"),
        "attentive_from": _("Attentive from"),
        "personal_from": _("Personal from"),
        "exclude": _("What cannot be at once"),
        "within_reach": _("Staying within reach"),
        "contacts_started_in_30_days": _("Contacts we start in 30 days"),
        **{f"personal_moves.{band}": _("Personal moves (%(band)s)") % {"band": band} for band in BANDS},
        **{f"extra_minutes.{band}": _("Minutes longer (%(band)s)") % {"band": band} for band in BANDS},
    }


def _value(value: Any) -> str:
    if value is None or value in ([], ""):
        return _("nothing")
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return signed(value) if value < 0 else str(value)
    if isinstance(value, dict):
        return f"“{local(value)}”"
    if isinstance(value, list):
        return "; ".join(" + ".join(one) if isinstance(one, list) else local(one) for one in value)
    return str(value)


def _in_language(label: str, language: str) -> str:
    return f"{label} ({language.upper()})"
