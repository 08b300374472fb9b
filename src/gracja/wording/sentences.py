"""Whole sentences by key and language, with plurals; never joined from fragments.

A catalogue is a YAML file beside this one: a key, and under it a quoted sentence for each language. A fact
stands in braces, and a plural lists its forms: `{contacts:# contact|# contacts}`,
`{contacts:# kontakt|# kontakty|# kontaktów}` (`#` is the number as that language writes it).
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from babel import Locale
from babel.numbers import format_decimal

from gracja.engine.errors import EngineInputError, ManyInputErrors, Where

LANGUAGES: Final = ("pl", "en")
_LINE: Final = re.compile(r'([a-z_0-9]+):|  (en|pl): ("(?:[^"\\]|\\(?:["\\n]|u[0-9A-F]{4}))*")')
CATALOGUES: Final = ("errors", "lint", "cli", "report", "api", "dial", "studio", "gesture", "notebook")
# CLDR's order of plural categories, as the forms are listed in a catalogue.
_PLURALS: Final = {"en": ("one", "other"), "pl": ("one", "few", "many")}


@cache
def catalogue(name: str) -> Mapping[str, Mapping[str, str]]:
    """All sentences of one area, keyed by code, then by language."""
    text = files("gracja.wording").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return _plainly_read(text) or _read_as_yaml(text)


def _plainly_read(text: str) -> dict[str, dict[str, str]]:
    """A catalogue of quoted sentences, a hundred times as fast as YAML; empty where it holds anything else.

    What is quoted so is the same string in JSON.
    """
    sentences: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            return {}
        key, lang, quoted = found.groups()
        if key:
            of_key = sentences.setdefault(key, {})
        else:
            of_key[lang] = json.loads(quoted)
    return sentences


def _read_as_yaml(text: str) -> Mapping[str, Mapping[str, str]]:
    from ruamel.yaml import YAML  # noqa: PLC0415  (most commands say nothing that needs it)

    return YAML(typ="safe").load(text) or {}


def say(key: str, lang: str, *, area: str = "cli", **facts: Any) -> str:
    """The sentence of this key in this language. Raises KeyError for a key or fact that is not there."""
    return Formatter(lang).put(catalogue(area)[key][lang], facts)


def say_error(error: EngineInputError, lang: str, *, page: bool = False) -> str:
    """What is wrong and what to do, with its place in front; several errors are several lines.

    page: places stand as words ("line 12") and not as editors and shells write them (":12").
    """
    if isinstance(error, ManyInputErrors):
        return "\n".join(say_error(one, lang, page=page) for one in error.errors)
    sentence = say(_sentence_of(error), lang, area="errors", **error.facts)
    place = say_where(error.where, lang, page=page)
    return f"{place}: {sentence}" if place else sentence


def _sentence_of(error: EngineInputError) -> str:
    """The key of an error's sentence: its code; a wrong type has one for each type that was needed."""
    if error.code != "field_type":
        return error.code
    # pydantic's names: int_type, int_parsing, int_from_float
    by_type = f"type_{str(error.facts.get('expected')).split('_')[0]}"
    return by_type if by_type in catalogue("errors") else error.code


def say_where(where: Where, lang: str, *, page: bool = False) -> str:
    """The place as people read it: file, line, column, field. page: as `say_error`."""
    spot = _spot_in_words(where, lang) if page else _spot(where)
    if not where.field:
        return spot
    return say("where_field", lang, area="errors", spot=spot, field=where.field).strip(" ,")


def _spot(where: Where) -> str:
    return ":".join(str(part) for part in (where.file, where.line, where.column) if part is not None)


def _spot_in_words(where: Where, lang: str) -> str:
    line, column = where.line, where.column
    words = [where.file] if where.file else []
    words += [say("where_line", lang, area="errors", line=line)] if line is not None else []
    words += [say("where_column", lang, area="errors", column=column)] if column is not None else []
    return ", ".join(words)


@lru_cache(maxsize=4096)
def _pieces(sentence: str) -> tuple[tuple[str, str | None, str], ...]:
    """The words before each fact, the fact's name, and how it is written: taken apart once."""
    return tuple((words, name, spec or "") for words, name, spec, _ in string.Formatter().parse(sentence))


class Formatter:
    """Puts facts into sentences of one language."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def put(self, sentence: str, facts: Mapping[str, Any]) -> str:
        """Raises KeyError for a fact that is not there."""
        said = []
        for words, name, spec in _pieces(sentence):
            said.append(words)
            if name is not None:
                said.append(self._written(facts[name], spec))
        return "".join(said)

    def _written(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            return self._plural(value, format_spec.split("|"))
        if format_spec == "list":
            return ", ".join(str(item) for item in value)
        if format_spec == "n":
            return format_decimal(value, locale=self._lang)
        return format(value, format_spec)

    def _plural(self, count: float, forms: list[str]) -> str:
        category = Locale(self._lang).plural_form(count)
        order = _PLURALS[self._lang]
        form = forms[order.index(category) if category in order else -1]
        return form.replace("#", format_decimal(count, locale=self._lang))
