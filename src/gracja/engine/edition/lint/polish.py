"""Clauses and verbs of a Polish sentence, from Morfeusz's tags and the commas Polish asks for.

Where Morfeusz has no wheel, a verb is told by its ending and its lemma; fewer are found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any, Final

from gracja.engine.edition.lint.lexicon import words
from gracja.engine.edition.lint.sentence import (
    Clause,
    Sentence,
    Word,
    masked_text,
    quotes_in,
    tokens_and_gaps,
)
from gracja.engine.words.forms import lemmas_of

_CONTENT: Final = words("że czy co kto jaki ile jak gdzie dlaczego skąd dokąd którędy kiedy czyj")
_ADVERBIAL: Final = words(
    "gdy jeśli jeżeli który zanim aby żeby by ażeby aż dopóki dopóty póki ponieważ bo gdyż choć"
    " chociaż skoro jakby gdyby jako niż odkąd kiedy"
)
# These open a clause even where the comma before them was forgotten.
_ALWAYS_OPENS: Final = words("że gdy jeśli jeżeli który zanim żeby aby ponieważ czy dopóki gdyby kiedy")
_JOINS: Final = words("i oraz a potem następnie też także również ponadto jednocześnie zarazem po")
_PARTS_WAYS: Final = words("lub albo bądź ani czyli tylko lecz ale niż zamiast")
_MODALS: Final = words("powinien winien musieć móc mieć trzeba należy należeć można")
_WAITS: Final = words(
    "pozostawać zostawać zostać pozostać stać czekać poczekać milczeć słuchać trzymać siedzieć wysłuchać"
)
_NOUN_WINS: Final = words("gościć parać latać grać częścić rzeczyć paść woleć")
_PREPOSITIONS: Final = words("w we na po za z ze do o u od przy przed pod nad dla bez ku przez między")
_OLD: Final = frozenset(("daw.", "przest.", "arch.", "archeol.", "gw.", "reg."))
_BOUNDARY: Final = re.compile(r"[,;.:()–—]")


@dataclass(frozen=True, slots=True)
class Reading:
    lemma: str
    tag: str


@cache
def _analyser() -> Any | None:
    try:
        import morfeusz2  # noqa: PLC0415  no wheel for Linux on Arm
    except ImportError:
        return None
    return morfeusz2.Morfeusz(praet="composite")


@cache
def readings(form: str) -> tuple[Reading, ...]:
    """How a form can be read: lemma and tag; readings that nobody means today are left out."""
    analyser = _analyser()
    if analyser is None:
        return tuple(_guessed(form))
    found = [
        (
            Reading(re.sub(r"[:~].*", "", lemma).lower(), tag),
            {"nazwisko", "imię"} & set(names),
            _OLD & set(uses),
        )
        for _start, _end, (_form, lemma, tag, names, uses) in analyser.analyse(form)
        if tag != "ign"
    ]
    usual = [reading for reading, name, old in found if not name and not old]
    return tuple(usual or [reading for reading, _, _ in found])


def _guessed(form: str) -> list[Reading]:
    if form in _PREPOSITIONS:
        return [Reading(form, "prep")]
    return [Reading(lemma, _guessed_tag(form, lemma)) for lemma in sorted(lemmas_of(form, "pl"))]


def _guessed_tag(form: str, lemma: str) -> str:
    """A tag from the ending; a noun or participle made from a verb is not taken for one."""
    if not lemma.endswith(("ć", "c")):
        if form.endswith(("ie", "o")) and lemma == form:
            return "adv"
        return "adj" if lemma.endswith(("y", "i")) else "subst"
    if form.endswith("ć") or form == lemma:
        return "inf"
    made = form.endswith(
        ("nie", "nia", "niu", "niem", "cie", "cia", "ciu", "ciem", "ące", "ący", "ąca", "ane", "one")
    )
    return "ger" if made else "fin:sg:ter" if form[-1] in "aeiy" else "verb"


def has_tag(form: str, *starts: str) -> bool:
    """Whether the form can be read under one of these tags."""
    return any(reading.tag.startswith(starts) for reading in readings(form))


def parse(text: str) -> Sentence:
    """The sentence with its clauses, verbs and joined second actions."""
    quotes = quotes_in(text)
    pairs = tokens_and_gaps(masked_text(text, quotes))
    words: list[Word] = []
    gaps = [gap for _, gap in pairs]
    for token, _ in pairs:
        lemmas = frozenset(reading.lemma for reading in readings(token.text)) or lemmas_of(token.text, "pl")
        words.append(Word(token.text, token.start, token.end, lemmas))
    words = _with_clauses(words, gaps)
    words = _with_verbs(words, gaps)
    return Sentence(text, tuple(words), quotes, tuple(_seconds(words, gaps)))


def _with_clauses(words: list[Word], gaps: list[str]) -> list[Word]:
    found: list[Word] = []
    clause: Clause = "main"
    acted = False
    for i, word in enumerate(words):
        boundary = i == 0 or bool(_BOUNDARY.search(gaps[i]))
        opened = _opens(words, i, boundary=boundary)
        if opened:
            clause = opened
        elif (
            clause != "main"
            and boundary
            and (not acted or re.search(r"[.;–—)]", gaps[i]) or _verb_follows_join(words, i))
        ):
            clause = "main"
        acted = acted or (clause == "main" and _can_act(word.text))
        found.append(replace(word, clause=clause))
    return found


def _opens(words: list[Word], i: int, *, boundary: bool) -> Clause | None:
    """The kind of clause that begins with this word; `w czym` and `po co` begin one after a comma."""
    here = words[i]
    if here.text == "co" and i == 0:
        return None  # co godzinę: every hour
    following_text = words[i + 1].text if i + 1 < len(words) else ""
    if (here.text, following_text) == ("po", "czym") or (here.text == "czym" and words[i - 1].text == "po"):
        return None  # and then
    if boundary and has_tag(here.text, "prep") and i + 1 < len(words):
        following = words[i + 1]
        if following.lemmas & {"co", "kto", "jaki", "który"} and not has_tag(following.text, "fin"):
            return "adverbial" if "który" in following.lemmas else "content"
    openers = here.lemmas & (_CONTENT | _ADVERBIAL) | ({here.text} & (_CONTENT | _ADVERBIAL))
    if not openers or not (boundary or openers & _ALWAYS_OPENS):
        return None
    if here.text in ("kiedy", "gdy"):
        return "adverbial"
    return "content" if openers & _CONTENT else "adverbial"


def _verb_follows_join(words: list[Word], i: int) -> bool:
    """`, i mówi`: the comma closed a clause, and what is joined belongs to the employee again."""
    return words[i].text in _JOINS and any(_can_act(word.text) for word in words[i + 1 : i + 5])


def _can_act(form: str) -> bool:
    return has_tag(form, "fin:sg:ter", "fin:pl:ter", "winien", "pred")


def _with_verbs(words: list[Word], gaps: list[str]) -> list[Word]:
    found = [replace(word, verb=_finite(words, i, gaps)) for i, word in enumerate(words)]
    main = [word for word in found if word.verb and word.clause == "main"]
    if all(word.verb in _MODALS for word in main):
        found = _with_tag_as_verb(found, "inf", keep_modals=False)
    if not any(word.verb and word.clause == "main" for word in found):
        first = [word.text for word in found if word.text != "nie"][:1]
        imperative = bool(first) and has_tag(first[0], "impt")
        found = _with_tag_as_verb(found, "impt" if imperative else "ger")
    return found


def _with_tag_as_verb(words: list[Word], tag: str, *, keep_modals: bool = True) -> list[Word]:
    """Infinitives after a modal, imperatives and verbal nouns stand for the action where no verb does."""
    changed = []
    any_found = any(word.clause == "main" and has_tag(word.text, tag) for word in words)
    for word in words:
        own = next((r.lemma for r in readings(word.text) if r.tag.startswith(tag)), None)
        if word.clause == "main" and own and word.text not in _JOINS:
            changed.append(replace(word, verb=own))
        elif word.clause == "main" and not keep_modals and any_found:
            changed.append(replace(word, verb=None))
        else:
            changed.append(word)
    return changed


def _finite(words: list[Word], i: int, gaps: list[str]) -> str | None:
    """The verb's lemma where this word is a verb in the third person."""
    word = words[i]
    all_readings = readings(word.text)
    verbs = [r for r in all_readings if r.tag.startswith(("fin:sg:ter", "fin:pl:ter", "winien"))]
    if not verbs:
        return None
    lemma = verbs[0].lemma
    if not any(r.tag.startswith(("subst", "ger")) for r in all_readings):
        return lemma
    previous = words[i - 1] if i else None
    if previous is None or (words[i + 1 : i + 2] and words[i + 1].text == "się"):
        return lemma
    if lemma in _NOUN_WINS:
        return None
    starts = bool(_BOUNDARY.search(gaps[i])) or previous.text in _JOINS | {"nie", "się", "lub", "albo"}
    after_noun = has_tag(previous.text, "subst:sg:nom", "subst:pl:nom", "ppron3", "adv", "adj:sg:nom", "part")
    return lemma if starts or after_noun or previous.clause != word.clause else None


def _seconds(words: list[Word], gaps: list[str]) -> list[int]:
    """Places of each further action that is joined to the first by i, oraz, a comma and the like."""
    verbs = [i for i, word in enumerate(words) if word.verb and word.clause == "main"]
    return [now for before, now in pairwise(verbs) if _joined(words, gaps, before, now)]


def _joined(words: list[Word], gaps: list[str], before: int, now: int) -> bool:
    between = [word for word in words[before + 1 : now] if word.clause == "main"]
    texts = {word.text for word in between}
    boundary = any(re.search(r"[,;.–—]", gap) for gap in gaps[before + 1 : now + 1])
    if texts & _PARTS_WAYS or not (boundary or texts & _JOINS):
        return False
    if not boundary and not any(word.text in _JOINS for word in between[-4:]):
        return False
    if words[before].verb in _MODALS and has_tag(words[now].text, "inf"):
        return False
    return not _restraint(words, before, now)


def _restraint(words: list[Word], before: int, now: int) -> bool:
    """Two verbs of one holding back: *stoi obok i nie zagaduje*, *czeka i odzywa się dopiero po kliencie*."""
    first_negated = before > 0 and words[before - 1].text == "nie"
    negated = words[now - 1].text == "nie"
    only_then = any(word.text == "dopiero" for word in words[now - 1 : now + 4])
    if words[before].verb in _WAITS:
        return negated or only_then or words[now].verb in ("pozwalać", "dawać")
    return first_negated and (negated or words[now].verb in _WAITS)


def accusative_plural(form: str) -> str | None:
    """pytań (genitive plural) -> pytania, for `co najmniej 2 pytania`; None where that is not sure."""
    genitives = [r for r in readings(form) if r.tag.startswith("subst:pl:gen")]
    analyser = _analyser()
    if not genitives or analyser is None:
        return None
    gender = genitives[0].tag.split(":")[3]
    for made, _lemma, tag, *_ in analyser.generate(genitives[0].lemma):
        fields = tag.split(":")
        if fields[:2] == ["subst", "pl"] and "acc" in fields[2].split(".") and fields[3] == gender:
            return str(made)
    return None
