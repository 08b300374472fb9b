"""GR101: words that judge a behaviour instead of describing it. GR107: scale steps that do the same."""

from __future__ import annotations

from collections.abc import Iterator

from gracja.engine.edition.lint import vague
from gracja.engine.edition.lint.cut import without
from gracja.engine.edition.lint.draft import LINTED, Draft, Passage, by_language, parse
from gracja.engine.edition.lint.finding import Remark, Span
from gracja.engine.edition.lint.instead import instead_of
from gracja.engine.edition.lint.lexicon import words
from gracja.engine.edition.lint.polish import has_tag
from gracja.engine.edition.lint.sentence import Sentence, Word, masked_text
from gracja.engine.edition.model import ScaleMeasure
from gracja.engine.words.tokens import words_of

_COPULAS = frozenset(
    ("być", "bywać", "pozostawać", "be", "seem", "remain", "stay", "appear", "sound", "look")
)
_NOT_JUDGING = {
    "pl": frozenset(("koszt", "cena", "czas")),  # szacunek kosztów is an estimate
    "en": frozenset(("call", "calls", "car", "to", "note", "bus", "of")),  # courtesy car, with respect to
}
_QUALITY_ENDINGS = ("able", "ible", "ful", "ous", "ive", "ic", "ish", "some", "ant", "ly", "less")
_GRADES = {
    "pl": words(
        "źle słabo średnio dobrze bardzo celująco zły słaby średni dobry przeciętny przeciętnie niski"
        " wysoki dostateczny niedostateczny znakomity świetny doskonały niezadowalający zadowalający"
        " wzorowy"
    ),
    "en": words(
        "poor poorly fair average good very well excellent bad weak satisfactory unsatisfactory great"
        " low medium high acceptable unacceptable perfect outstanding"
    ),
}


def vague_wording(draft: Draft) -> Iterator[Remark]:
    """GR101. An error where nothing is left to be seen; a warning where a judgement only decorates."""
    for passage in draft.behaviours:
        remark = _judged(passage)
        if remark:
            yield remark


def vague_anchors(draft: Draft) -> Iterator[Remark]:
    """GR107. A step of a scale that is only a mark: good, fair, poor."""
    for path, standard in draft.standards:
        if not isinstance(standard.measure, ScaleMeasure):
            continue
        for step, anchor in enumerate(standard.measure.scale):
            for language, text, rest in by_language(anchor, draft.plain_language):
                words = words_of(text)
                if language not in LINTED or not words:
                    continue
                lemmas = [{word.text, *word.lemmas} for word in parse(text, language).words]
                only_marks = _GRADES[language] | vague.JUDGING[language] | vague.IN_COMPANY[language]
                if lemmas and all(own & only_marks for own in lemmas):
                    full = (*path, "measure", "scale", step, *rest)
                    yield Remark(full, language, text, ((0, len(text)),))


def judging_words(sentence: Sentence, language: str) -> list[int]:
    """Places of words that judge what the employee does; what is asked about or said is left alone."""
    unseen = any(word.verb in vague.UNSEEN_VERBS[language] | vague.BRINGS_ABOUT for word in sentence.verbs)
    return [
        i
        for i, word in enumerate(sentence.words)
        if (word.clause == "main" or (unseen and word.clause == "content")) and _judges(sentence, i, language)
    ]


def _judges(sentence: Sentence, i: int, language: str) -> bool:
    words = sentence.words
    word = words[i]
    own = word.lemmas | {word.text}
    following = words[i + 1] if i + 1 < len(words) else None
    if own & vague.JUDGING[language]:
        noun = own & {"szacunek", "courtesy", "respect"}
        return not (noun and following and (following.lemmas | {following.text}) & _NOT_JUDGING[language])
    if own & vague.IN_COMPANY[language]:
        if following and following.text == "of":
            return False
        near = words[max(0, i - 3) : i] + words[i + 1 : i + 4]
        beside = any((other.lemmas | {other.text}) & vague.MANNER[language] for other in near)
        how = _is_adverb(word, language) and any(
            verb.verb in vague.EMPTY_VERBS[language] for verb in sentence.verbs
        )
        return beside or how or _is_predicate(words, i, language)
    if _is_quality(words, i, language):
        return True
    return bool(own & vague.STATES[language]) and all(
        verb.verb
        in vague.EMPTY_VERBS[language] | vague.EMPTY_WITH_OBJECT[language] | vague.UNSEEN_VERBS[language]
        for verb in sentence.verbs
    )


def _is_predicate(words: tuple[Word, ...], i: int, language: str) -> bool:
    """`is patient`, `jest otwarty i ciepły`: a quality of the person."""
    if language == "pl" and words[i].lemmas & {"otwarty", "wysoki", "osobisty", "dobry"}:
        return False
    skipped = vague.INTENSIFIERS[language] | {"i", "and", "dla", "klienta"}
    before = i - 1
    while before >= 0 and (words[before].text in skipped or words[before].lemmas & vague.JUDGING[language]):
        before -= 1
    after = words[i + 1].text if i + 1 < len(words) else ""
    noun_follows = language == "en" and after not in (
        "",
        "and",
        "to",
        "with",
        "when",
        "towards",
        "while",
        "in",
        "at",
    )
    return before >= 0 and words[before].verb in _COPULAS and not noun_follows


def _is_quality(words: tuple[Word, ...], i: int, language: str) -> bool:
    """`Jest otwarty`, `Is likeable`: what stands first after `is` is a quality, unless everybody sees it."""
    word = words[i]
    opening = [other for other in words[:i] if other.text not in ("nie", "zawsze", "not", "always", "never")]
    own = word.lemmas | {word.text}
    if len(opening) != 1 or opening[0].verb not in ("być", "be") or own & vague.SEEN_STATES[language]:
        return False
    if language == "pl":
        return has_tag(word.text, "adj:sg:nom", "adj:pl:nom") and not has_tag(
            word.text, "subst", "ppas", "prep"
        )
    return word.text.endswith(_QUALITY_ENDINGS) and len(word.text) > 4


def _judged(passage: Passage) -> Remark | None:
    sentence, language = passage.sentence, passage.language
    places = judging_words(sentence, language)
    phrases = _empty_phrases(sentence, language)
    unseen = [word for word in sentence.verbs if _unseen(sentence, word, language)]
    if not (places or phrases or unseen):
        return None
    words = [sentence.words[i] for i in places]
    spans = _merged([(word.start, word.end) for word in (words or unseen)] + phrases)
    seen = [
        word for word in sentence.verbs if word not in unseen and not _empty(sentence, word, places, language)
    ]
    shorter = without(sentence, places, language) if seen and places and not phrases and not unseen else None
    lemmas = {lemma for word in words or unseen for lemma in word.lemmas}
    return Remark(
        passage.path,
        language,
        sentence.text[spans[0][0] : spans[0][1]],
        tuple(spans),
        reason="decorates" if seen and not phrases else "unseen" if unseen and not places else "no_behaviour",
        facts={"words": [sentence.text[start:end] for start, end in spans]},
        rewording=shorter or instead_of(lemmas, language, passage.standard.channels),
        severity="warning" if seen and not phrases else "error",
    )


def _unseen(sentence: Sentence, word: Word, language: str) -> bool:
    """A verb of the heart: cares, tries, dba, stara się."""
    lemma = word.verb or ""
    i = sentence.words.index(word)
    reflexive = any(other.text == "się" for other in sentence.words[max(0, i - 1) : i + 4])
    if language == "pl" and lemma in (
        "zachowywać",
        "angażować",
        "wczuwać",
        "troszczyć",
        "starać",
        "postarać",
    ):
        return reflexive
    if language == "en":
        following = sentence.words[i + 1].text if i + 1 < len(sentence.words) else ""
        if lemma in ("try", "tend"):
            return following == "to" or not following
        if lemma == "care":
            return following in ("about", "for", "")
    return lemma in vague.UNSEEN_VERBS[language]


def _empty(sentence: Sentence, word: Word, places: list[int], language: str) -> bool:
    """Whether this verb shows nothing once the judgement is taken away."""
    lemma = word.verb or ""
    judged = [sentence.words[i] for i in places]
    only_adverbs = all(_is_adverb(other, language) for other in judged)
    if language == "en" and lemma in ("look", "come", "work", "deal", "appear"):
        i = sentence.words.index(word)
        following = sentence.words[i + 1].text if i + 1 < len(sentence.words) else ""
        return following not in ("at", "to", "up", "back", "over", "towards", "away")
    if language == "pl" and lemma == "podchodzić":
        return any(word.lemmas & {"indywidualny", "indywidualnie", "podejście"} for word in judged)
    if lemma in vague.EMPTY_VERBS[language]:
        return True
    if lemma in vague.SPEAKING_VERBS[language]:
        content = any(other.clause == "content" for other in sentence.words)
        about = any(other.text in ("o", "about", "po", "by") for other in sentence.words)
        return not (sentence.has_speech or content or about)
    return lemma in vague.EMPTY_WITH_OBJECT[language] and not only_adverbs


def _is_adverb(word: Word, language: str) -> bool:
    if language == "pl":
        return has_tag(word.text, "adv")
    return word.text.endswith("ly") and word.text not in ("friendly", "lovely")


def _empty_phrases(sentence: Sentence, language: str) -> list[Span]:
    masked = masked_text(sentence.text, sentence.quotes)
    return [match.span() for match in vague.EMPTY_PHRASES[language].finditer(masked)]


def _merged(spans: list[Span]) -> list[Span]:
    """In order of place, overlapping ones as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
