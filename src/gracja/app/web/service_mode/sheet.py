"""The situation rules as a sheet of fields, and what was typed into it as rules again.

A field's name is its place in the document: `cue.hurried.points`, `start.encounter`. Lists of texts are
lines, one language beside the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from django.utils.translation import gettext as _

from gracja.app.web.templatetags.words import reader
from gracja.engine.dial.read import check_rules
from gracja.engine.dial.rules import SituationRules
from gracja.engine.errors import EngineInputError, ManyInputErrors
from gracja.wording import say

LANGUAGES: Final = ("pl", "en")
BANDS: Final = ("discreet", "attentive", "personal")
TOP: Final = (
    "start.encounter",
    "start.relationship",
    "bands.attentive_from",
    "bands.personal_from",
    *(f"overdose.personal_moves.{band}" for band in BANDS),
    "overdose.contacts_started_in_30_days",
    *(f"load.extra_minutes.{band}" for band in BANDS),
)
_NUMBERS: Final = ("points", "over", "at_most", "ceiling")
_ONE_LINE: Final = ("title", "why", "counts")
_LINES: Final = ("do", "hold")
_NEW: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed, as a document; rules where it is sound, else what is wrong, by field (empty: of the
    whole).
    """

    document: dict[str, Any]
    rules: SituationRules | None
    errors: dict[str, str]


def fields_of(document: Mapping[str, Any]) -> dict[str, str]:
    """Every field and what stands in it."""
    found = {name: str(_at(document, name)) for name in TOP}
    for language in LANGUAGES:
        found[f"within_reach.{language}"] = _joined(document["within_reach"], language)
    for cue in document["cues"]:
        found |= {f"cue.{cue['cue']}.{name}": value for name, value in _fields_of_cue(cue)}
    for one in document["occupations"]:
        found[f"occupation.{one['occupation']}.points"] = str(one["points"])
        found[f"occupation.{one['occupation']}.kind"] = one["kind"]
    return found


def read_sheet(base: Mapping[str, Any], typed: Mapping[str, str]) -> Read:
    """The document with what was typed in place of what it said; a field that was not sent stays."""
    fields = fields_of(base) | dict(typed)
    document = dict(base) | {
        "start": {kind: _number(fields[f"start.{kind}"]) for kind in ("encounter", "relationship")},
        "bands": {end: _number(fields[f"bands.{end}"]) for end in ("attentive_from", "personal_from")},
        "overdose": {
            "personal_moves": _by_band(fields, "overdose.personal_moves"),
            "contacts_started_in_30_days": _number(fields["overdose.contacts_started_in_30_days"]),
        },
        "load": {"extra_minutes": _by_band(fields, "load.extra_minutes")},
        "within_reach": _split(fields, "within_reach"),
    }
    kept = [one for one in base["cues"] if not typed.get(f"cue.{one['cue']}.drop")]
    document["cues"] = [_cue(one, fields) for one in kept]
    if typed.get("new.title.pl", "").strip() or typed.get("new.title.en", "").strip():
        document["cues"].append(_new_cue(typed, {one["cue"] for one in base["cues"]}))
    document["exclude"] = list(_pairs(base, typed, {one["cue"] for one in document["cues"]}))
    document["occupations"] = [
        one
        | {
            "points": _number(fields[f"occupation.{one['occupation']}.points"]),
            "kind": fields[f"occupation.{one['occupation']}.kind"],
        }
        for one in base["occupations"]
    ]
    try:
        return Read(document, check_rules(document), {})
    except ManyInputErrors as wrong:
        return Read(document, None, dict(_by_field(wrong, document)))


def _fields_of_cue(cue: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _NUMBERS:
        yield name, "" if cue.get(name) is None else str(cue[name])
    for language in LANGUAGES:
        for name in _ONE_LINE:
            yield f"{name}.{language}", _text(cue.get(name), language)
        for name in _LINES:
            yield f"{name}.{language}", _joined(cue.get(name) or (), language)
    yield "do_from", cue.get("do_from", "discreet")


def _cue(cue: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    at = f"cue.{cue['cue']}"
    made: dict[str, Any] = {"cue": cue["cue"], "do_from": fields[f"{at}.do_from"]}
    for name in ("points", "over"):
        made[name] = _number(fields[f"{at}.{name}"] or "0")
    for name in ("at_most", "ceiling"):
        made[name] = _number(fields[f"{at}.{name}"]) if fields[f"{at}.{name}"].strip() else None
    for name in ("title", "why"):
        made[name] = _local(fields, f"{at}.{name}")
    made["counts"] = _local(fields, f"{at}.counts") if cue.get("counts") is not None else None
    return made | {name: _split(fields, f"{at}.{name}") for name in _LINES}


def _new_cue(typed: Mapping[str, str], taken: set[str]) -> dict[str, Any]:
    """A cue of one's own: yes or no, counted, or a ceiling."""
    kind = typed.get("new.kind", "yes_no")
    fields = {name: typed.get(name, "") for name in _new_names()}
    points = _number(fields["new.points"] or "0")
    return {
        "cue": _id_of(fields["new.title.en"] or fields["new.title.pl"], taken),
        "title": _local(fields, "new.title"),
        "why": _local(fields, "new.why"),
        "points": 0 if kind == "ceiling" else points,
        "ceiling": points if kind == "ceiling" else None,
        "counts": _local(fields, "new.title") if kind == "counted" else None,
        "do": _split(fields, "new.do"),
        "hold": _split(fields, "new.hold"),
    }


def _new_names() -> list[str]:
    texts = [f"new.{name}.{language}" for name in ("title", "why", "do", "hold") for language in LANGUAGES]
    return ["new.points", *texts]


def _id_of(title: str, taken: set[str]) -> str:
    plain = title.casefold().translate(str.maketrans("ąćęłńóśźż", "acelnoszz"))
    name = _NEW.sub("_", plain).strip("_")[:40] or "cue"
    name = name if name[0].isalpha() else f"cue_{name}"
    number = next(n for n in range(1, 999) if (name if n == 1 else f"{name}_{n}") not in taken)
    return name if number == 1 else f"{name}_{number}"


def _pairs(base: Mapping[str, Any], typed: Mapping[str, str], cues: set[str]) -> Iterator[list[str]]:
    for index, pair in enumerate(base["exclude"]):
        if not typed.get(f"exclude.{index}.drop") and set(pair) <= cues:
            yield list(pair)
    new = [typed.get(f"exclude.new.{end}", "") for end in ("first", "second")]
    if all(new) and new[0] != new[1] and sorted(new) not in [sorted(pair) for pair in base["exclude"]]:
        yield new


def _by_field(wrong: ManyInputErrors, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in wrong.errors:
        yield _field_of(one.where.field or "", document), _sentence(one)


def _sentence(error: EngineInputError) -> str:
    if error.code == "field_type":
        return _("A whole number is expected here.")
    return say(error.code, reader(), area="errors", **error.facts)


def _field_of(path: str, document: Mapping[str, Any]) -> str:
    """`cues[3].points` -> `cue.hurried.points`."""
    for part, key, called in (("cues", "cue", "cue"), ("occupations", "occupation", "occupation")):
        if found := re.match(rf"{part}\[(\d+)\]\.?(\w*)", path):
            one = document[part][int(found[1])]
            field = found[2] or "points"
            name = f"{called}.{one[key]}.{field}"
            return f"{name}.pl" if field in (*_ONE_LINE, *_LINES) else name
    path = path.partition("[")[0]
    if path in ("within_reach", "overdose.personal_moves", "load.extra_minutes", "bands"):
        return {"within_reach": "within_reach.pl", "bands": "bands.personal_from"}.get(
            path, f"{path}.personal"
        )
    return path if path in TOP else ""


def _number(text: str) -> int | str:
    """A whole number; what is none stays as it was typed, for the check to refuse."""
    plain = text.strip().replace("−", "-")
    return int(plain) if re.fullmatch(r"[+-]?\d{1,6}", plain) else text


def _by_band(fields: Mapping[str, str], name: str) -> dict[str, int | str]:
    return {band: _number(fields[f"{name}.{band}"]) for band in BANDS}


def _local(fields: Mapping[str, str], name: str) -> dict[str, str]:
    typed = {language: " ".join(fields[f"{name}.{language}"].split()) for language in LANGUAGES}
    return {language: text for language, text in typed.items() if text}


def _split(fields: Mapping[str, str], name: str) -> list[dict[str, str]]:
    lines = [
        [" ".join(line.split()) for line in fields[f"{name}.{language}"].splitlines() if line.strip()]
        for language in LANGUAGES
    ]
    return [
        {language: text for language, text in zip(LANGUAGES, pair, strict=True) if text}
        for pair in zip_longest(*lines, fillvalue="")
    ]


def _joined(texts: Any, language: str) -> str:
    return "\n".join(_text(one, language) for one in texts)


def _text(text: Any, language: str) -> str:
    if text is None:
        return ""
    return text if isinstance(text, str) else str(text.get(language, ""))


def _at(document: Mapping[str, Any], name: str) -> Any:
    found: Any = document
    for step in name.split("."):
        found = found[step]
    return found
