"""The contacts that an archive holds, in 16 bytes each, with what each of them said."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from gracja.archive.layout import Column
from gracja.archive.stored import Stored

Numbers = np.ndarray[Any, np.dtype[np.uint64]]


class Known:
    """Sorted runs of (hash of contact, content), the newest last; small runs are merged into larger ones.

    A contact whose 64-bit hash is another's would be called changed, never taken for known: `content` covers
    the contact, too.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[Numbers, Numbers]] = []
        self._read: set[str] = set()

    def catch_up(self, stored: Stored) -> None:
        """Take in the files that came since the last call."""
        for file in stored.files():
            if file.path not in self._read:
                for table in stored.read(file, ["contact", "content"]):
                    self.add(table["contact"], table["content"])
                self._read.add(file.path)

    def not_read(self, stored: Stored) -> Known:
        """Only what came since then."""
        others = Known()
        others._read |= self._read
        others.catch_up(stored)
        return others

    def has_read(self, path: str) -> None:
        """The rows of this file are in here already."""
        self._read.add(path)

    def add(self, contacts: Column, contents: Column) -> None:
        """The contact's newest content replaces an older one."""
        if not len(contacts):
            return
        hashes, content = _hashes(contacts), contents.to_numpy().view(np.uint64)
        run = _newest_of_each(hashes, content)
        while self._runs and len(self._runs[-1][0]) < 2 * len(run[0]):
            older = self._runs.pop()
            run = _newest_of_each(np.concatenate([run[0], older[0]]), np.concatenate([run[1], older[1]]))
        self._runs.append(run)

    def compare(
        self, contacts: Column, contents: Column
    ) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], np.ndarray[Any, np.dtype[np.bool_]]]:
        """Which contacts are here, and which of those say the same; two arrays of shape (rows,)."""
        hashes, content = _hashes(contacts), contents.to_numpy().view(np.uint64)
        here = np.zeros(len(hashes), dtype=bool)
        same = np.zeros(len(hashes), dtype=bool)
        for ours, said in self._runs:
            place = np.minimum(np.searchsorted(ours, hashes), len(ours) - 1)
            found = ours[place] == hashes
            here |= found
            same[found] = said[place[found]] == content[found]
        return here, same


def _hashes(contacts: Column) -> Numbers:
    return pl.Series(pl.from_arrow(contacts)).hash().to_numpy()


def _newest_of_each(hashes: Numbers, content: Numbers) -> tuple[Numbers, Numbers]:
    """Sorted by hash; of several rows with one hash the first."""
    sorted_hashes, first = np.unique(hashes, return_index=True)
    return sorted_hashes, content[first]
