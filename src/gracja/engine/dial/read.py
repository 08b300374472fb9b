"""Situation rules from YAML, and those that Gracja comes with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

from pydantic import ValidationError
from ruamel.yaml import YAML

from gracja.engine.dial.rules import SituationRules
from gracja.engine.documents.faults import coded, in_order
from gracja.engine.documents.tree import Plain, load_tree, place_in
from gracja.engine.errors import EngineInputError, ManyInputErrors

_OWN: Final = (
    "bands_out_of_order",
    "cue_without_effect",
    "cue_counts_nothing",
    "cue_counts_to_ceiling",
    "amounts_fall",
)


def read_rules(text: str, *, file: str | None = None) -> SituationRules:
    """The rules in this YAML text; where it names no occupations, the bundled ones are taken.

    Raises ManyInputErrors with every error found, each with its place. Codes: those of `yaml_fault`,
    rules_empty, rules_too_large, rules_too_branched, the field_... codes of an edition, bands_out_of_order,
    cue_without_effect, cue_counts_nothing, cue_counts_to_ceiling, amounts_fall, cue_twice (facts: name),
    occupation_twice (facts: name), exclusion_unknown (facts: name).
    """
    tree = load_tree(text, file, "rules")
    plain = Plain(file, "rules").of(tree)
    plain.setdefault("occupations", _bundled("occupations")["occupations"])
    return _checked(plain, tree, file)


def check_rules(document: dict[str, Any]) -> SituationRules:
    """The rules in plain data, as `as_json` gives them. Raises ManyInputErrors as `read_rules`."""
    return _checked(json.loads(json.dumps(document)), document, None)


def as_json(rules: SituationRules) -> dict[str, Any]:
    """The rules as plain data."""
    document: dict[str, Any] = rules.model_dump(mode="json")
    return document


@cache
def bundled_rules() -> SituationRules:
    """The rules that Gracja comes with; every value in them is an assumption."""
    return SituationRules.model_validate(
        _bundled("rules") | {"occupations": _bundled("occupations")["occupations"]}
    )


@cache
def occupation_sources() -> dict[str, str]:
    """What the `source` of a bundled occupation means: its reference. `assumption` is none."""
    sources: dict[str, str] = _bundled("occupations")["sources"]
    return sources


def bundled_rules_text() -> str:
    """The bundled rules as they are written, to start one's own from."""
    return _text("rules")


def _text(name: str) -> str:
    return files("gracja.engine.dial").joinpath(f"bundled/{name}.yaml").read_text(encoding="utf-8")


def _bundled(name: str) -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe").load(_text(name))
    return document


def _checked(plain: dict[str, Any], tree: dict[str, Any], file: str | None) -> SituationRules:
    try:
        rules = SituationRules.model_validate(plain)
    except ValidationError as invalid:
        wrong = [coded(tree, error, file, own=_OWN) for error in invalid.errors()]
        raise ManyInputErrors(in_order(wrong)) from None
    if faults := [
        EngineInputError(code, place_in(tree, path, file), name=name) for code, path, name in _faults(rules)
    ]:
        raise ManyInputErrors(in_order(faults))
    return rules


def _faults(rules: SituationRules) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    """What only the whole shows: names twice, exclusions of cues that are not there."""
    cues = [one.cue for one in rules.cues]
    occupations = [one.occupation for one in rules.occupations]
    for index, name in enumerate(cues):
        if name in cues[:index]:
            yield "cue_twice", ("cues", index, "cue"), name
    for index, name in enumerate(occupations):
        if name in occupations[:index]:
            yield "occupation_twice", ("occupations", index, "occupation"), name
    for index, pair in enumerate(rules.exclude):
        for end, name in enumerate(pair):
            if name not in cues:
                yield "exclusion_unknown", ("exclude", index, end), name
