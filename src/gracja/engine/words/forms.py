"""Which forms a lemma has, and which lemmas a form: Morfeusz for Polish, simplemma for English.

Where Morfeusz has no wheel (Linux on Arm) Polish falls back to simplemma's dictionary, which knows
fewer forms and no aspects, so that verbs have only the partners of the written table;
`polish_source()` says which of the two is at work.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Final

from gracja.engine.words.aspects import aspect_partners
from gracja.engine.words.morfeusz import morfeusz
from gracja.engine.words.tokens import composed

LANGUAGES: Final = ("pl", "en")
_NAMES: Final = {"imię", "nazwisko", "nazwa_geograficzna"}
_FUNCTION_WORDS: Final = {"adv", "comp", "conj", "part", "ppron12", "ppron3", "prep"}  # tags of SGJP
_LONGEST_FUNCTION_WORD: Final = 6  # letters: no longer one is also a form of a verb, and asking costs time
_REMEMBERED: Final = 200_000  # words of the texts, not of the phrases: bounded, however much is read


def polish_source() -> str:
    """Which dictionary inflects Polish here: `morfeusz2` or `simplemma`."""
    return "simplemma" if morfeusz() is None else "morfeusz2"


@cache
def _dictionary(language: str) -> Mapping[str, str]:
    # half a second that whoever asks for few lemmas need not wait
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory  # noqa: PLC0415

    return DefaultDictionaryFactory().get_dictionary(language)


@cache
def _forms_by_lemma(language: str) -> dict[str, list[str]]:
    forms: defaultdict[str, list[str]] = defaultdict(list)
    dictionary = _dictionary(language)
    for form in dictionary:
        forms[dictionary[form].lower()].append(form.lower())
    return forms


@cache
def forms_of(lemma: str, language: str) -> frozenset[str]:
    """Every inflected form of a lemma, in lower case, the lemma among them; of a Polish verb in both aspects.

    *zgłosić* brings the forms of *zgłaszać* too (see `aspects`), but for those that are function words as
    well: *lub* (or) is no sign of *polubić*. Negated forms (nieoddzwonienie) are left out: they say the
    opposite. An unknown lemma, and any lemma of a language without a dictionary here, has one form: itself.
    """
    lemma = composed(lemma)
    found = {lemma, *_own_forms(lemma, language)}
    for partner in lemmas_meant(lemma, language) - {lemma}:
        found.update(form for form in _own_forms(partner, language) if not _is_function_word(form))
    return frozenset(found)


def lemmas_meant(lemma: str, language: str) -> frozenset[str]:
    """The lemma, and where it is a Polish verb also its partners of the other aspect."""
    lemma = composed(lemma)
    return frozenset({lemma, *(aspect_partners(lemma) if language == "pl" else ())})


def _own_forms(lemma: str, language: str) -> Iterator[str]:
    analyser = morfeusz() if language == "pl" else None
    if analyser is not None:
        return (composed(form) for form, _lemma, tag, *_ in analyser.generate(lemma) if ":neg" not in tag)
    if language not in LANGUAGES:
        return iter(())
    from gracja.engine.words.packed import packed  # noqa: PLC0415  (compiled code that lint need not load)

    dictionary = packed(language)
    return iter(_forms_by_lemma(language).get(lemma, ())) if dictionary is None else dictionary.forms(lemma)


def _is_function_word(form: str) -> bool:
    analyser = morfeusz()
    if analyser is None or len(form) > _LONGEST_FUNCTION_WORD:
        return False
    return any(
        tag.partition(":")[0] in _FUNCTION_WORDS
        for _start, _end, (_form, _lemma, tag, *_rest) in analyser.analyse(form)
    )


@lru_cache(maxsize=_REMEMBERED)
def lemmas_of(form: str, language: str) -> frozenset[str]:
    """The lemmas that a form can belong to; empty where the form is no word of the language."""
    form = composed(form)
    analyser = morfeusz() if language == "pl" else None
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


@lru_cache(maxsize=_REMEMBERED)
def is_given_name(form: str) -> bool:
    """Whether Morfeusz knows this word as a Polish given name (Anna, Annie)."""
    return any("imię" in labels for labels in _labels(form))


@lru_cache(maxsize=_REMEMBERED)
def is_persons_name(form: str) -> bool:
    """Whether Morfeusz knows this word as a Polish given name or surname (Kowalską, Zając)."""
    return any({"imię", "nazwisko"} & labels for labels in _labels(form))


@lru_cache(maxsize=_REMEMBERED)
def is_common_word(form: str, language: str) -> bool:
    """Whether a word is (also) something else than a name: *Sprawdzam*, *Infolinia*, *Hello*."""
    if language == "pl" and morfeusz() is not None:
        return any(not _NAMES & labels for labels in _labels(form.lower()))
    if language not in LANGUAGES:
        return False
    # the dictionary writes a name with its capital: Anna and Mark stand there, Checking does not
    return form.capitalize() not in _dictionary(language) and form.lower() in _dictionary(language)


def is_word_in_small(form: str, language: str) -> bool:
    """Whether a word, written without its capital, is a word of the language: *nice*, *mark*, not *john*."""
    if language == "pl":
        return is_common_word(form, language)
    return language in LANGUAGES and form.lower() in _dictionary(language)


def _labels(form: str) -> list[set[str]]:
    """What Morfeusz says of each reading of a word: `imię`, `nazwisko`, ...; none for an unknown word."""
    analyser = morfeusz()
    if analyser is None:
        return []
    read = (reading for _start, _end, reading in analyser.analyse(form))
    return [set(labels) for _form, _lemma, tag, labels, *_rest in read if tag != "ign"]


@lru_cache(maxsize=_REMEMBERED)
def is_other_word(spelling: str, form: str, language: str) -> bool:
    """Whether a text that says `spelling` says another word than `form`, though both fold alike.

    *laska* (a cane) is not *łaska* (mercy); *dziekuje* is no word, so only *dziękuję* without its tails;
    *dziękuje* for *dziękuję* has the same lemma: a slip of the typist. A `form` that is itself no word
    was written without diacritics by its author and takes any spelling.
    """
    if language != "pl" or spelling == form:
        return False
    meant, said = lemmas_of(form, language), lemmas_of(spelling, language)
    return bool(meant) and bool(said) and not meant & said
