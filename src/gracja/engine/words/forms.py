"""Which forms a lemma has, and which lemmas a form: Morfeusz for Polish, simplemma for English.

Where Morfeusz has no wheel (Linux on Arm) Polish falls back to simplemma's dictionary, which knows
fewer forms; `polish_source()` says which of the two is at work.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from itertools import product
from typing import Any, Final

from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from gracja.engine.words.tokens import composed, fold

LANGUAGES: Final = ("pl", "en")
_SPELLINGS: Final = {"a": "aą", "c": "cć", "e": "eę", "l": "lł", "n": "nń", "o": "oó", "s": "sś", "z": "zźż"}
_TOO_MANY_SPELLINGS: Final = 4096


@cache
def _morfeusz() -> Any | None:
    try:
        import morfeusz2  # noqa: PLC0415  no wheel for Linux on Arm
    except ImportError:
        return None
    return morfeusz2.Morfeusz(praet="composite")


def polish_source() -> str:
    """Which dictionary inflects Polish here: `morfeusz2` or `simplemma`."""
    return "simplemma" if _morfeusz() is None else "morfeusz2"


@cache
def _dictionary(language: str) -> dict[str, str]:
    return dict(DefaultDictionaryFactory().get_dictionary(language))


@cache
def _forms_by_lemma(language: str) -> dict[str, list[str]]:
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for form, lemma in _dictionary(language).items():
        forms[lemma.lower()].append(form.lower())
    return forms


@cache
def forms_of(lemma: str, language: str) -> frozenset[str]:
    """Every inflected form of a lemma, in lower case, the lemma among them.

    Negated forms (nieoddzwonienie) are left out: they say the opposite. An unknown lemma, and any
    lemma of a language without a dictionary here, has one form: itself.
    """
    lemma = composed(lemma)
    found: set[str] = {lemma}
    analyser = _morfeusz() if language == "pl" else None
    if analyser is not None:
        for form, _lemma, tag, *_ in analyser.generate(lemma):
            if ":neg" not in tag:
                found.add(composed(form))
    elif language in LANGUAGES:
        found.update(_forms_by_lemma(language).get(lemma, ()))
    return frozenset(found)


@cache
def lemmas_of(form: str, language: str) -> frozenset[str]:
    """The lemmas that a form can belong to; empty where the form is no word of the language."""
    form = composed(form)
    analyser = _morfeusz() if language == "pl" else None
    if analyser is not None:
        return frozenset(
            composed(re.sub(r":.*", "", lemma))
            for _start, _end, (_form, lemma, tag, *_rest) in analyser.analyse(form)
            if tag != "ign"
        )
    if language in LANGUAGES:
        lemma = _dictionary(language).get(form)
        known = form in _forms_by_lemma(language)
        return frozenset([lemma.lower()] if lemma else []) | frozenset([form] if known else [])
    return frozenset()


@cache
def is_given_name(form: str) -> bool:
    """Whether Morfeusz knows this word as a Polish given name or surname."""
    analyser = _morfeusz()
    if analyser is None:
        return False
    return any(
        {"imię", "nazwisko"} & set(labels) for _s, _e, (_f, _l, _t, labels, *_r) in analyser.analyse(form)
    )


@cache
def other_words(form: str, language: str) -> frozenset[str]:
    """Spellings that fold to the same letters as `form` but are another word (łaska and laska).

    A text that carries one of these is no hit, though its folded letters agree. Forms of the same
    lemma (dziękuje for dziękuję) are a slip of the typist, not another word.
    """
    if language != "pl" or _morfeusz() is None:
        return frozenset()
    form = composed(form)
    folded = fold(form)
    choices = [_SPELLINGS.get(letter, letter) for letter in folded]
    count = 1
    for choice in choices:
        count *= len(choice)
    spellings = ("".join(letters) for letters in product(*choices)) if count <= _TOO_MANY_SPELLINGS else (folded,)
    own = lemmas_of(form, language)
    return frozenset(
        spelling
        for spelling in spellings
        if spelling != form and (theirs := lemmas_of(spelling, language)) and not theirs & own
    )
