"""The words of somebody's name, as people write them in a sentence."""

from __future__ import annotations

import re
from itertools import product
from typing import Final

from gracja.engine.words.morfeusz import morfeusz

MOST_FORMS: Final = 2_000  # of a whole name: two words have some two hundred


def forms_of_names(name: str) -> set[str]:
    """Each word of the name, and its forms where the Polish dictionary knows it as a name: Joanna, Joannie,
    Joannę. Where there is no dictionary, or the word is not in it, the word alone.
    """
    words = [word for word in re.split(r"[\W\d_]+", name) if word]
    analyser = morfeusz()
    if analyser is None:
        return set(words)
    return {*words, *(form for word in words for form, *_ in analyser.generate(word.capitalize()))}


def forms_of_a_colleague(name: str) -> set[str]:
    """The whole name in its forms, in either order, and the surname alone (Darkowi Lisowi, Lisa); not the
    first name alone, which others bear, too.
    """
    words = [word for word in re.split(r"[\W\d_]+", name) if word]
    if len(words) < 2:
        return set()
    first, *rest = (sorted(forms_of_names(word)) for word in words)
    forms = {form for each in rest for form in each}
    count = len(first)
    for each in rest:
        count *= len(each)
    if count <= MOST_FORMS:
        for whole in product(first, *rest):
            forms |= {" ".join(whole), " ".join((*whole[1:], whole[0]))}
    return forms
