"""In which language this run speaks: `--lang` anywhere on the line, GRACJA_LANG, the system, English."""

from __future__ import annotations

import os
from collections.abc import Mapping

from gracja.wording import LANGUAGES

OPTION = "--lang"


def language_of(arguments: list[str], environment: Mapping[str, str] = os.environ) -> tuple[str, list[str]]:
    """The language, and the arguments without `--lang XX`. An unknown language stays on the line."""
    rest: list[str] = []
    chosen: str | None = None
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if name != OPTION:
            rest.append(argument)
            continue
        given = value if equals else next(waiting, "")
        if given in LANGUAGES:
            chosen = given
        else:
            rest[:0] = [OPTION, given]  # in front, where the option is known and can be refused
    return chosen or _of_environment(environment), rest


def _of_environment(environment: Mapping[str, str]) -> str:
    for name in ("GRACJA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        language = environment.get(name, "")[:2].lower()
        if language in LANGUAGES:
            return language
    return "en"
