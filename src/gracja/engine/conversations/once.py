"""Each contact comes in once, however many files name it."""

from __future__ import annotations

from array import array
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gracja.engine.conversations.fingerprints import Fingerprints
from gracja.engine.conversations.hashing import Hashes

_LINE_BITS: Final = 40  # a file has fewer lines than 10^12

Rows = NDArray[np.int64]


class Again(NamedTuple):
    """A conversation whose contact was there before: its row, whether it is the same word for word, and
    where the first one stood.
    """

    row: int
    same: bool
    file: str | None
    line: int


class _Run(NamedTuple):
    """Contacts by the first half of their fingerprint, rising, and the number of each."""

    contact: Hashes
    number: Rows


class Seen:
    """The contacts of a run: 40 bytes each, and half as much again for a moment while runs are merged.

    A contact is known by 128 bits: of a thousand million, two would be taken for one with a probability
    of 1e-21.
    """

    def __init__(self) -> None:
        self._runs: list[_Run] = []
        self._too, self._content, self._place = array("Q"), array("Q"), array("q")
        self._files: list[str | None] = []

    def repeated(self, marks: Fingerprints, *, file: str | None, lines: Rows) -> list[Again]:
        """Those of these conversations that were there before, in order; the new ones are remembered.

        marks, lines: of conversations of one file, shape (n,).
        """
        if not self._files or self._files[-1] != file:
            self._files.append(file)
        numbers = len(self._place) + np.arange(len(lines))
        self._too.frombytes(marks.contact_too.tobytes())
        self._content.frombytes(marks.content.tobytes())
        self._place.frombytes((lines + ((len(self._files) - 1) << _LINE_BITS)).tobytes())
        first = self._first(marks, numbers)
        again = np.flatnonzero(first != numbers)
        found = [self._again(int(row), int(numbers[row]), int(first[row])) for row in again]
        new = np.flatnonzero(first == numbers)
        self._remember(marks.contact[new], numbers[new])
        return found

    def _first(self, marks: Fingerprints, numbers: Rows) -> Rows:
        """The number of the first conversation with the same contact: its own, where there is none."""
        first = _first_within(marks, numbers)
        for run in self._runs:
            places = np.searchsorted(run.contact, marks.contact)
            inside = np.minimum(places, len(run.contact) - 1)
            for row in np.flatnonzero(run.contact[inside] == marks.contact):
                found = self._find(run, int(places[row]), marks, int(row))
                first[row] = found if found is not None else first[row]
        return first

    def _find(self, run: _Run, place: int, marks: Fingerprints, row: int) -> int | None:
        """The contact of this row among those that share its first half: nearly always there is one."""
        while place < len(run.contact) and run.contact[place] == marks.contact[row]:
            if self._too[int(run.number[place])] == int(marks.contact_too[row]):
                return int(run.number[place])
            place += 1
        return None

    def _again(self, row: int, number: int, first: int) -> Again:
        file, line = divmod(self._place[first], 1 << _LINE_BITS)
        return Again(row, self._content[first] == self._content[number], self._files[file], line)

    def _remember(self, contact: Hashes, number: Rows) -> None:
        """One more run; runs of about the same length become one, so that there are few to look into."""
        if not len(contact):
            return
        order = np.argsort(contact)
        self._runs.append(_Run(contact[order], number[order]))
        while len(self._runs) > 1 and len(self._runs[-2].number) < 2 * len(self._runs[-1].number):
            one, other = self._runs.pop(), self._runs.pop()
            contact = np.concatenate([one.contact, other.contact])
            order = np.argsort(contact, kind="stable")  # which merges what is sorted already
            self._runs.append(_Run(contact[order], np.concatenate([one.number, other.number])[order]))


def _first_within(marks: Fingerprints, numbers: Rows) -> Rows:
    """As far as these conversations go: the first of those with the same contact."""
    rising = np.sort(marks.contact)
    if not (rising[1:] == rising[:-1]).any():
        return numbers.copy()
    order = np.lexsort((marks.contact_too, marks.contact))  # stable: of equals the first stays first
    contact, too = marks.contact[order], marks.contact_too[order]
    starts = np.ones(len(order), bool)
    starts[1:] = (contact[1:] != contact[:-1]) | (too[1:] != too[:-1])
    leaders = order[np.flatnonzero(starts)]
    first = np.empty_like(numbers)
    first[order] = numbers[np.repeat(leaders, np.diff([*np.flatnonzero(starts), len(order)]))]
    return first
