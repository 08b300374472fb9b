"""Sentences for the refusals of the application's services: wording/refusals/<word>.yaml, by code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from gracja.wording.sentences import Formatter


@cache
def refusals() -> Mapping[str, Mapping[str, str]]:
    """All sentences, keyed by code, then by language. Raises ValueError where two words share a code."""
    found: dict[str, Mapping[str, str]] = {}
    for file in sorted(files("gracja.wording").joinpath("refusals").iterdir(), key=lambda one: one.name):
        for code, sentences in (YAML(typ="safe").load(file.read_text(encoding="utf-8")) or {}).items():
            if code in found:
                raise ValueError(f"{file.name}: {code} has a sentence elsewhere")
            found[code] = sentences
    return found


def say_refusal(code: str, lang: str, **facts: Any) -> str:
    """What was refused, why, and what to do. Raises KeyError for a code or fact that is not there."""
    return Formatter(lang).put(refusals()[code][lang], facts)
