"""The words of a customer's name, as people write them in a sentence."""

from __future__ import annotations

import re

from gracja.engine.words.morfeusz import morfeusz


def forms_of_names(name: str) -> set[str]:
    """Each word of the name, and its forms where the Polish dictionary knows it as a name: Joanna, Joannie,
    Joannę. Where there is no dictionary, or the word is not in it, the word alone.
    """
    words = [word for word in re.split(r"[\W\d_]+", name) if word]
    analyser = morfeusz()
    if analyser is None:
        return set(words)
    return {*words, *(form for word in words for form, *_ in analyser.generate(word.capitalize()))}
