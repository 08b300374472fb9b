"""The fields of a standard on the bench: its texts, its rows of texts, and what was refused beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, Final, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gracja.app.common.refused import Refused
from gracja.app.web.standards.bench_remarks import Remark, pieces
from gracja.app.web.templatetags.words import reader
from gracja.engine.edition.model import Standard
from gracja.engine.edition.texts import LocalText
from gracja.engine.errors import EngineInputError, ManyInputErrors, Where
from gracja.wording import say_error
from gracja.wording.findings import say_error_on_page
from gracja.wording.refusals import say_refusal

EXAMPLES: Final = (("good", _("Like this")), ("bad", _("Not like this")))
_ROW: Final = re.compile(r"\d{1,3}_(pl|en)")
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
class Trouble:
    """Why a change was not saved. field: beside which it is told; mine: what was typed."""

    field: str
    said: str
    mine: str = ""
    meanwhile: bool = False
    typed: Mapping[str, str] = dataclass_field(default_factory=dict)  # everything, by its name in the form

    @property
    def way(self) -> str:
        """The way of recognising that was being written."""
        return {"time": "time", "judge": "judge", "permission": "judge"}.get(self.field, "")

    @classmethod
    def of(
        cls,
        wrong: Refused | EngineInputError,
        field: str,
        mine: str = "",
        typed: Mapping[str, str] | None = None,
    ) -> Self:
        """In the reader's language. Who may not do it is told so by the whole page: it is raised again."""
        lang = reader()
        if isinstance(wrong, EngineInputError):
            return cls(field, "\n".join(_said(one, lang) for one in _each(wrong)), mine, typed=typed or {})
        if wrong.code == "not_permitted":
            raise wrong
        said = say_refusal(wrong.code, lang, **wrong.facts)
        meanwhile = wrong.code in ("changed_meanwhile", "detector_moved_on")
        return cls(field, said, mine, meanwhile, typed or {})


def _each(wrong: EngineInputError) -> list[EngineInputError]:
    return list(wrong.errors) if isinstance(wrong, ManyInputErrors) else [wrong]


def _said(wrong: EngineInputError, lang: str) -> str:
    """What is wrong; the place only where people see lines, in a detector's YAML."""
    if not wrong.where.line:
        return say_error_on_page(EngineInputError(wrong.code, Where(), **wrong.facts), lang)
    return say_error(wrong, lang)


def texts_of(
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


def rows_of(several: Iterable[LocalText], name: str, trouble: Trouble | None) -> list[dict[str, Any]]:
    """Texts in both languages as rows of a form, and an empty one; what was refused stands as typed."""
    rows = [{"pl": _own(one, "pl"), "en": _own(one, "en")} for one in several]
    if trouble and trouble.field == name:
        typed = trouble.typed
        count = len({key.partition("_")[0] for key in typed if _ROW.fullmatch(key)})
        rows = [{lang: typed.get(f"{at}_{lang}", "") for lang in ("pl", "en")} for at in range(count)]
    return [{"at": at, **row} for at, row in enumerate([*rows, {"pl": "", "en": ""}])]


def examples_of(
    standard: Standard, trouble: Trouble | None
) -> list[tuple[str, str | Promise, list[dict[str, Any]]]]:
    """What it looks like met, and not: the name of the field, its label, its rows."""
    return [
        (name, label, rows_of(getattr(standard.examples, side, ()), name, trouble))
        for side, label in EXAMPLES
        for name in (f"examples/{side}",)
    ]
