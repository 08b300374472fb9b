"""The compiled matcher gives the rows of the readable one, offsets and all."""

from __future__ import annotations

import os

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.detect import detect as read_slowly
from oracle.generated import conversations, editions, phrases, texts
from oracle.phrases import PhraseIndex
from oracle.talk import Turn

from gracja.engine.detect import detect
from gracja.engine.detect.scan import Scan, Texts
from gracja.engine.tables import CONVERSATIONS

MANY = int(os.environ.get("GRACJA_EXAMPLES", "150"))


@settings(max_examples=MANY)
@given(editions(), st.lists(conversations(), min_size=1, max_size=4), st.sampled_from((None, "pl")))
def test_generated_editions_give_the_same_rows_on_generated_conversations(edition, talks, language):
    table = pa.Table.from_pylist(talks, schema=CONVERSATIONS)
    fast = detect(table, edition, default_language=language)
    assert fast.to_pylist() == read_slowly(table, edition, default_language=language).to_pylist()


@settings(max_examples=2 * MANY)
@given(
    st.sampled_from(("pl", "en")).flatmap(
        lambda language: st.tuples(
            st.just(language),
            st.lists(phrases(language), min_size=1, max_size=6),
            st.lists(texts(language), min_size=1, max_size=6),
        )
    )
)
def test_every_phrase_is_found_at_the_same_letters(made):
    language, wanted, said = made
    numbered = list(enumerate(wanted))
    index = PhraseIndex(numbered, language)
    slow = {
        (leaf, hit.turn, hit.start, hit.end)
        for at, text in enumerate(said)
        for leaf, hit in index.hits_in(Turn(at, "agent", None, text, None, None))
    }
    hits = Scan([numbered], language).hits(Texts.of(pa.array(said)), pa.array([0] * len(said)).to_numpy())
    fast = [
        (leaf, int(hits.text[n]), int(hits.start[n]), int(hits.end[n]))
        for leaf in range(len(wanted))
        for n in range(hits.of(leaf).start, hits.of(leaf).stop)
    ]
    assert fast == sorted(slow)
