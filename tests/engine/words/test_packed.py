"""Forms of a lemma, read from the packed dictionary."""

from __future__ import annotations

import lzma
from collections import defaultdict
from pathlib import Path

import simplemma
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from gracja.engine.words.forms import forms_of
from gracja.engine.words.packed import packed, unpacked

DATA = Path(simplemma.__file__).parent / "strategies" / "dictionaries" / "data"


def test_every_lemma_has_the_forms_that_the_dictionarys_own_reader_gives_it():
    expected = defaultdict(list)
    for form, lemma in DefaultDictionaryFactory().get_dictionary("en").items():
        expected[lemma.lower()].append(form.lower())
    dictionary = packed("en")
    accented = [lemma for lemma in expected if not lemma.isascii()]
    some = [*sorted(expected)[::40], *accented, "zażółcić", "nosuchword"]

    found = {lemma: sorted(dictionary.forms(lemma)) for lemma in some}

    assert found == {lemma: sorted(expected.get(lemma, ())) for lemma in some}
    assert accented
    assert len(dictionary) == sum(map(len, expected.values()))


def test_a_dictionary_packed_in_another_way_is_left_to_its_own_reader():
    whole = lzma.decompress((DATA / "en.plzma").read_bytes())

    assert packed("xx") is None
    assert unpacked(b"SMFC2" + whole[5:]) is None
    for cut in (len(whole) // 2, len(whole) - 1, 20):
        assert unpacked(whole[:cut]) is None


def test_english_forms_are_irregular_ones_too():
    assert {"go", "goes", "going", "went"} <= forms_of("go", "en")
