"""How alike texts are to sentences that a standard gives as examples: `like:`, with nothing learned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gracja.engine.detect.learned.grams import grams
from gracja.engine.detect.learned.letters import Letters

# Measured on the training part of STAR with the flows' own replies as sentences (greet, ask_name,
# offer_more_help, farewell): from 0.35 up 81-94 % of the turns were of that kind (mean F1 .82, flat from .30
# to .40); under 0.25 only 3-17 % of its turns were missed.
ALIKE: Final = 0.35  # from here up a text is like the sentences
UNLIKE: Final = 0.25  # under this it is not; between the two nobody can tell

_WORDS: Final = (False, 1, 2)
_LETTERS: Final = (True, 2, 5)


def likeness(sentences: Sequence[str], texts: Sequence[str]) -> NDArray[np.float64]:
    """The likeness of each text to the sentence that it is most like, 0 to 1; shape (texts,).

    The mean of two cosines: of the runs of one and two words, and of the runs of two to five letters that
    they share, each run counted once. Case, diacritics, digits and punctuation but ? and ! do not matter.
    A text's likeness depends on nothing but itself and the sentences, in any language. Without sentences 0.
    """
    if not sentences or not texts:
        return np.zeros(len(texts))
    different, which = np.unique(np.asarray(texts, dtype=object), return_inverse=True)
    letters = Letters.of(pa.array([*sentences, *different], pa.large_string()))
    shared = sum(_cosines(letters, len(sentences), *unit) for unit in (_WORDS, _LETTERS)) / 2
    return np.asarray(shared, dtype=np.float64)[which]


def _cosines(
    letters: Letters,
    sentences: int,
    by_letter: bool,  # noqa: FBT001
    lowest: int,
    highest: int,
) -> NDArray[np.float64]:
    from scipy import sparse  # noqa: PLC0415  (most editions ask for no likeness, and need not wait for it)

    found = grams(letters, seed=0, by_letter=by_letter, lowest=lowest, highest=highest)
    rows = len(found.rows) - 1
    order = np.argsort(found.key, kind="stable")
    sorted_keys = found.key[order]
    column = np.empty(len(order), dtype=np.int64)
    column[order] = np.cumsum(np.concatenate([[0], np.diff(sorted_keys) != 0])) if len(order) else order
    width = int(column.max()) + 1 if len(column) else 1
    ones = np.ones(len(column), dtype=np.float32)
    counted: Any = sparse.csr_array((ones, column, found.rows), shape=(rows, width))
    counted.sum_duplicates()
    counted.data[:] = 1
    lengths = np.sqrt(np.maximum(np.diff(counted.indptr), 1))
    common = (counted[sentences:] @ counted[:sentences].T).toarray()
    return np.asarray((common / lengths[sentences:, None] / lengths[:sentences]).max(axis=1))
