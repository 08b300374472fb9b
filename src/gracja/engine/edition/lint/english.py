"""Clauses and verbs of an English sentence, by its endings, its joints and a list of service verbs."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

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

# Verbs whose -s form is nothing else.
_PURE: Final = words(
    "wish weigh press type mix roll bend lean hang spread throw catch mention fold say ask give"
    " tell greet help bring wait apologise apologize repeat confirm explain introduce"
    " listen keep stay be have do go come make take put get speak sit stand remain provide"
    " describe inform write send receive accept suggest propose recommend mention remind invite"
    " direct escort accompany follow return lift carry pack wrap unwrap clean wipe wash tidy"
    " arrange remove leave let begin finish end sell pay pour serve fetch warn admit agree"
    " acknowledge thank apply appear behave care treat try respect understand appreciate ensure"
    " maintain display demonstrate create build deliver seem communicate interact read spell"
    " summarise summarize verify identify advise assist enter lead learn refer choose replace"
    " refund refuse respond ignore interrupt avoid allow know use find open close kneel bow wear"
    " continue hold tend check compliment flatter praise congratulate transfer connect reassure"
    " discuss engage encourage express exceed satisfy perform act adapt adjust smile nod record"
    " enquire inquire exclaim state add pass turn"
)
# Verbs whose -s form is also a noun in the plural.
_ALSO_NOUNS: Final = words(
    "name show offer answer call hand note point order look walk book offer report list stop"
    " start set chat joke talk present handle shake step place pick cut ring visit measure count"
    " move sign knock dial play test move work deal sound feel value support comment question"
    " contact update promise quote log print scan price lower raise change charge colour share"
    " trim dry comb guide wave glance touch stress trust focus seat welcome"
)
_MODALS: Final = words("must should will shall can may might could would")
_CONTENT: Final = words("that whether what how where why if who which when whom whose")
_ADVERBIAL: Final = words(
    "when while before after until till once because since unless as although though whenever wherever"
)
_MAYBE_PREPOSITION: Final = words("before after until till since as once")
_JOINS: Final = words("and then also plus")
_PARTS_WAYS: Final = words("or nor but rather instead than")
_SPEECH: Final = words(
    "say ask tell explain inform state confirm mention know check find repeat name warn ensure"
    " sure see assure"
)
_WAITS: Final = words("stay wait remain stand keep listen sit leave")
_NOT: Final = words("not never doesn't don't without")
_BEFORE_VERB: Final = words("never always also not then first immediately only does do")
_OBJECT: Final = words(
    "the a an at them him her their his its back over down up away out off round what whether if how it"
)
_DETERMINERS: Final = words("the a an them him her their his its")
_NO_OBJECT: Final = words("with from into onto before after when while until than then also that this")
_SUBJECTS: Final = words(
    "employee staff agent we they colleague adviser advisor waiter cashier clerk nurse stylist"
)
_BOUNDARY: Final = re.compile(r"[,;.:()–—]")


def parse(text: str) -> Sentence:
    """The sentence with its clauses, verbs and joined second actions."""
    quotes = quotes_in(text)
    pairs = tokens_and_gaps(masked_text(text, quotes))
    gaps = [gap for _, gap in pairs]
    words = [
        Word(token.text, token.start, token.end, lemmas_of(token.text, "en") | {token.text})
        for token, _ in pairs
    ]
    for i, word in enumerate(words):
        words[i] = replace(word, verb=_verb(words, gaps, i))  # an earlier verb helps to tell a later one
    words = _with_clauses(words, gaps, quotes)
    return Sentence(text, tuple(words), quotes, tuple(_seconds(words, gaps)))


def _third_person(form: str) -> str | None:
    """The base of a verb's third person (asks, carries, watches)."""
    if form in ("is", "has", "does"):
        return {"is": "be", "has": "have", "does": "do"}[form]
    if not form.endswith("s") or form.endswith("ss"):
        return None
    bases = [form[:-1]]
    if form.endswith("ies"):
        bases = [form[:-3] + "y"]
    elif form.endswith("es"):
        bases = [form[:-1], form[:-2]]
    known = _PURE | _ALSO_NOUNS
    return next((base for base in bases if base in known), None)


def _verb(words: list[Word], gaps: list[str], i: int) -> str | None:
    """The verb's base where this word is the employee's (or somebody's) action."""
    form = words[i].text
    before = any(word.text not in _BEFORE_VERB and not _is_adverb(word.text) for word in words[:i])
    first = not before or bool(_BOUNDARY.search(gaps[i]))
    previous = words[i - 1].text if i else ""
    if form in ("are", "be", "being"):
        return "be" if previous in _MODALS or not before or form == "are" else None
    base = _third_person(form)
    if base:
        return base if base in _PURE or _plays_verb(words, gaps, i, first=first) else None
    if form.endswith("s") and not form.endswith("ss") and _unlisted_verb(words, i, first=not before):
        return min(words[i].lemmas - {form}, default=None)
    after_helper = previous in _MODALS | {"not", "doesn't", "don't", "never", "does"} or (
        _is_adverb(previous) and i > 1 and words[i - 2].text in _MODALS
    )
    joined = i > 0 and previous in _JOINS and _starts_imperative(words)
    following = words[i + 1].text if i + 1 < len(words) else ""
    object_follows = following in _OBJECT or (len(following) > 3 and following not in _NO_OBJECT)
    imperative = not before or (joined and (form in _PURE or object_follows))
    return form if form in _PURE | _ALSO_NOUNS and (after_helper or imperative) else None


def _unlisted_verb(words: list[Word], i: int, *, first: bool) -> bool:
    """A verb that no list has: it opens the sentence, or is joined and has an object (and sticks the)."""
    following = words[i + 1].text if i + 1 < len(words) else ""
    joined = i > 0 and words[i - 1].text in _JOINS and following in _DETERMINERS
    return (first or joined) and bool(lemmas_of(words[i].text, "en"))


def _is_adverb(form: str) -> bool:
    return form.endswith("ly") and form not in ("friendly", "reply", "apply", "supply")


def _starts_imperative(words: list[Word]) -> bool:
    """Greet ... and ask; must greet ... and ask."""
    bare = bool(words) and words[0].text in _PURE | _ALSO_NOUNS
    return bare or any(word.text in _MODALS for word in words[:4])


def _plays_verb(words: list[Word], gaps: list[str], i: int, *, first: bool) -> bool:
    """Whether `shows` is an action here, and not some shows: first, after a subject, or with an object."""
    if i == 0 or (first and _BOUNDARY.search(gaps[i]) is None):
        return True
    previous = words[i - 1].text
    if previous in _SUBJECTS | {"customer", "guest", "client", "patient", "who"}:
        return True
    following = words[i + 1].text if i + 1 < len(words) else ""
    after_verb = previous in _JOINS and i > 1 and words[i - 2].verb is not None
    joined = previous in _JOINS or _is_adverb(previous) or bool(_BOUNDARY.search(gaps[i]))
    to_a_place = following == "to" and words[i].text in ("walks", "points", "moves", "turns", "talks")
    if joined and (after_verb or to_a_place or following in _OBJECT):
        return True
    # *and shakes hands*: a noun follows at once; after a noun (and prices for ...) something else would.
    bare_object = len(following) > 3 and following not in _NO_OBJECT and not _is_adverb(following)
    return joined and bool(_BOUNDARY.search(gaps[i]) is None) and bare_object and _listed_before(words, i)


def _listed_before(words: list[Word], i: int) -> bool:
    """Whether the word is the last of several verbs: stands up, walks over and shakes hands."""
    return sum(word.verb is not None for word in words[max(0, i - 20) : i]) > 1


def _with_clauses(words: list[Word], gaps: list[str], quotes: tuple[tuple[int, int], ...]) -> list[Word]:
    found: list[Word] = []
    clause: Clause = "main"
    acted = clause_acted = False
    opener = ""
    for i, word in enumerate(words):
        boundary = i == 0 or bool(_BOUNDARY.search(gaps[i]))
        opened = _opens(words, i, acted=acted)
        if opened:
            clause, opener, clause_acted = opened, word.text, False
        elif (
            clause != "main"
            and _closes(
                words,
                i,
                gaps[i],
                boundary=boundary,
                acted=acted,
                phrase=opener in _MAYBE_PREPOSITION and not clause_acted,
            )
        ) or (clause != "main" and word.text in _JOINS and _speech_follows(words, i, quotes)):
            clause = "main"
        acted = acted or (clause == "main" and word.verb is not None)
        clause_acted = clause_acted or word.verb is not None or bool(word.lemmas & _PURE)
        found.append(replace(word, clause=clause))
    return found


def _opens(words: list[Word], i: int, *, acted: bool) -> Clause | None:
    form = words[i].text
    previous = words[i - 1] if i else None
    if form == "that" and previous and not previous.verb and not (previous.lemmas & _SPEECH):
        return "adverbial" if acted else None
    if form == "as" and i + 2 < len(words) and "as" in (words[i + 2].text, previous.text if previous else ""):
        return None
    if (
        form in _CONTENT
        and previous
        and (
            previous.lemmas & _SPEECH
            or (previous.text in ("customer", "them", "about", "to") and form not in ("when", "who"))
        )
    ):
        return "content"
    if form in ("whether", "what", "how", "why"):
        return "content"
    return "adverbial" if form in _ADVERBIAL | _CONTENT else None


def _closes(words: list[Word], i: int, gap: str, *, boundary: bool, acted: bool, phrase: bool) -> bool:
    """A comma ends a clause that came first; `, and says` goes back to the employee."""
    joins = words[i].text in _JOINS and any(word.verb for word in words[i + 1 : i + 4])
    if phrase and joins:
        return True
    return boundary and (not acted or joins or bool(re.search(r"[.;–—)]", gap)))


def _speech_follows(words: list[Word], i: int, quotes: tuple[tuple[int, int], ...]) -> bool:
    """`when they come and says: “Hello”`: what is quoted is said by the employee."""
    if i + 1 >= len(words) or not words[i + 1].verb or not words[i + 1].lemmas & {"say", "ask"}:
        return False
    return any(0 <= start - words[i + 1].end <= 3 for start, _ in quotes)


def _seconds(words: list[Word], gaps: list[str]) -> list[int]:
    """Places of each further action that is joined to the first by and, then, a comma."""
    verbs = [i for i, word in enumerate(words) if word.verb and word.clause == "main"]
    return [now for before, now in pairwise(verbs) if _joined(words, gaps, before, now)]


def _joined(words: list[Word], gaps: list[str], before: int, now: int) -> bool:
    between = [word.text for word in words[before + 1 : now] if word.clause == "main"]
    boundary = any(re.search(r"[,;.–—]", gap) for gap in gaps[before + 1 : now + 1])
    if set(between) & _PARTS_WAYS or not (boundary or set(between[-4:]) & _JOINS):
        return False
    if words[before].verb == "do" or set(between) & _MODALS:
        return False
    first_negated = bool({word.text for word in words[max(0, before - 2) : before]} & _NOT)
    negated = bool(set(between[-3:]) & _NOT) or any(word.text in _NOT for word in words[now : now + 2])
    only_then = any(word.text in ("only", "after", "until", "once") for word in words[now : now + 3])
    if words[before].verb in _WAITS:
        return not (negated or only_then or words[now].verb == "let" or "only" in between[-3:])
    return not (
        first_negated and (negated or words[now].verb in _WAITS or bool({"or", "nor"} & set(between)))
    )
