"""Whether a word of a text is the word of a phrase, diacritics and slips allowed for."""

from __future__ import annotations

from dataclasses import dataclass

from gracja.engine.edition.phrases import Word
from gracja.engine.words.forms import forms_of, is_other_word, lemmas_meant, lemmas_of
from gracja.engine.words.tokens import Token, fold


@dataclass(frozen=True)
class WordTest:
    """One word of a phrase in one language: a form, any form of a lemma, or a beginning."""

    word: Word
    language: str
    alone: bool  # the phrase has no other word, so nothing else tells łaska from laska
    folded: frozenset[str]

    @classmethod
    def of(cls, word: Word, language: str, *, alone: bool) -> WordTest:
        forms = forms_of(word.text, language) if word.kind == "lemma" else [word.text]
        return cls(word, language, alone, frozenset(fold(form) for form in forms))

    def takes(self, token: Token) -> bool:
        if self.word.kind == "prefix":
            (beginning,) = self.folded
            return token.folded.startswith(beginning) and not self._another_beginning(token)
        return token.folded in self.folded and not self._another_word(token)

    def _another_word(self, token: Token) -> bool:
        if self.language != "pl":
            return False
        if self.word.kind == "lemma":
            said = lemmas_of(token.text, "pl")
            meant = lemmas_meant(self.word.text, "pl")
            other = bool(said) and not said & meant and token.text not in forms_of(self.word.text, "pl")
        else:
            other = is_other_word(token.text, self.word.text, "pl")
        # *w czym moge pomoc*: typed without tails, and the words around it say which word is meant
        return other and (self.alone or not token.text.isascii())

    def _another_beginning(self, token: Token) -> bool:
        written = self.word.text
        if self.language != "pl" or token.text.startswith(written):
            return False
        if written.isascii():
            # *lat* is a word, so *łatwo* is another; *dziekuj* is none: its author left the tails out
            return bool(lemmas_of(written, "pl"))
        return bool(lemmas_of(token.text, "pl")) and (self.alone or not token.text.isascii())
