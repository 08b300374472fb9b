"""Compiled: one number for all values that a row has of a column, in their order (the rounds of XXH64)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gracja.engine.compiled import compiled

Hashes = NDArray[np.uint64]
_Number = Any  # Python's or NumPy's, as compiled code has it

_EIGHT: Final = 8
_P1: Final = np.uint64(0x9E3779B185EBCA87)
_P2: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_P3: Final = np.uint64(0x165667B19E3779F9)
_P4: Final = np.uint64(0x85EBCA77C2B2AE63)
_MISSING: Final = np.uint64(0xFFFFFFFFFFFFFFFF)  # in the place of a length


def hashes_of(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    known: NDArray[np.bool_],
    ends: NDArray[np.int64],
    seed: int,
) -> Hashes:
    """One hash a row, of the bytes and lengths of its values; 0 where none of them is known.

    data, offsets (n_values + 1,): the values, joined. known (n_values,). ends (n_rows + 1,): the values of
    each row.
    """
    if data.size < _EIGHT:
        data = np.concatenate([data, np.zeros(_EIGHT, np.uint8)])
    data = data.view()
    data.flags.writeable = False  # the code is compiled for one kind of array
    eights: NDArray[np.uint64] = np.ndarray((data.size - _EIGHT + 1,), "<u8", data, strides=(1,))
    return _hashed(data, eights, offsets, known, ends, np.uint64(seed))


@compiled(inline="always")
def _turned(number: _Number, bits: _Number) -> _Number:
    return number << np.uint64(bits) | number >> np.uint64(64 - bits)


@compiled(inline="always")
def _stirred(digest: _Number, chunk: _Number) -> _Number:
    return _turned(digest ^ (_turned(chunk * _P2, 31) * _P1), 27) * _P1 + _P4


@compiled()
def _hashed(
    data: NDArray[np.uint8],
    eights: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    known: NDArray[np.bool_],
    ends: NDArray[np.int64],
    seed: _Number,
) -> Hashes:
    hashes = np.zeros(ends.size - 1, np.uint64)
    for row in range(hashes.size):
        digest, anything = seed * _P3, False
        for value in range(ends[row], ends[row + 1]):
            if not known[value]:
                digest = _stirred(digest, _MISSING)
                continue
            anything = True
            at, behind = offsets[value], offsets[value + 1]
            digest = _stirred(digest, np.uint64(behind - at))
            while at + _EIGHT <= behind:
                digest = _stirred(digest, eights[at])
                at += _EIGHT
            if at < behind:
                if behind >= _EIGHT:
                    last = eights[behind - _EIGHT] >> np.uint64(8 * (_EIGHT - (behind - at)))
                else:
                    last = np.uint64(0)
                    for byte in range(behind - 1, at - 1, -1):
                        last = last << np.uint64(8) | np.uint64(data[byte])
                digest = _stirred(digest, last)
        if anything:
            digest = (digest ^ (digest >> np.uint64(33))) * _P2
            digest = (digest ^ (digest >> np.uint64(29))) * _P3
            hashes[row] = digest ^ (digest >> np.uint64(32))
    return hashes
