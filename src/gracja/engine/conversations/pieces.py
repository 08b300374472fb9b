"""What one stretch of a file held: conversations in one table, and what else there is to say, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gracja.engine.conversations.columns import check_rows, json_of, rows_of
from gracja.engine.conversations.fingerprints import fingerprints
from gracja.engine.conversations.once import Seen
from gracja.engine.conversations.outcome import Accepted, Noticed, Outcome, Rejected
from gracja.engine.conversations.sift import sift
from gracja.engine.conversations.table import to_table
from gracja.engine.errors import EngineInputError, Where

CONVERSATIONS_IN_PIECE: Final = 2_000
CHARACTERS_IN_PIECE: Final = 20_000_000
ROWS_LOOKED_AT: Final = 500

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Piece:
    """Good conversations of one file in their order (tables.CONVERSATIONS), with the line of each.

    said: code and name of a `Noticed`, and which conversations it is said of. others: what was rejected or
    noticed besides, each with the number of conversations before it. raw: the source text at a line.
    """

    table: pa.Table
    file: str | None
    lines: NDArray[np.int64]
    raw: Callable[[int], str]
    said: Sequence[tuple[str, str | None, Mask]] = ()
    others: list[tuple[int, Rejected | Noticed]] = field(default_factory=list)

    def once(self, seen: Seen) -> tuple[Mask, list[tuple[int, Rejected | Noticed]]]:
        """Which conversations stay when each contact comes in once, and all that is to be said in order.

        Codes: conversation_repeated (the same word for word), contact_twice (another conversation).
        """
        again = seen.repeated(fingerprints(self.table), file=self.file, lines=self.lines)
        stays = np.ones(self.table.num_rows, bool)
        stays[[one.row for one in again]] = False
        repeats: list[tuple[int, Rejected | Noticed]] = []
        for row, same, file, line in again:
            contact = self.table["contact"][row].as_py()
            code = "conversation_repeated" if same else "contact_twice"
            facts = {"contact": contact, "first": f"{file or '-'}:{line}"}
            where = Where(self.file, int(self.lines[row]))
            repeats.append((row, Rejected(where, code, facts, contact, self.raw(int(self.lines[row])))))
        # What stands before a conversation comes before what is said of the conversation itself.
        return stays, sorted([*self.others, *repeats], key=lambda one: one[0])


def pieces_of(outcomes: Iterable[Outcome], file: str | None) -> Iterator[Piece]:
    """Outcomes of one file, put together. What came before an error in the file is given before it."""
    gathered = _Gathered()
    try:
        for outcome in outcomes:
            gathered.add(outcome)
            if gathered.full:
                yield gathered.piece(file)
                gathered = _Gathered()
    except EngineInputError:
        yield gathered.piece(file)
        raise
    yield gathered.piece(file)


def piece_of_rows(table: pa.Table, *, file: str | None, first_row: int) -> Piece:
    """Rows with the columns of tables.CONVERSATIONS: good ones at once, the others one by one.

    The same as `pieces_of(check_table(...))`, and many times faster where the rows are good.
    """
    sifted = sift(table)
    found = [Piece(sifted.good, file, sifted.rows + first_row, str, sifted.said)]
    for start in range(0, len(sifted.doubtful), ROWS_LOOKED_AT):
        rows = sifted.doubtful[start : start + ROWS_LOOKED_AT]
        gathered = _Gathered()
        for outcome in check_rows(
            table.take(pa.array(rows, pa.int64())), (rows + first_row).tolist(), file=file
        ):
            gathered.add(outcome)
        found.append(gathered.piece(file))

    def raw(line: int) -> str:
        (plain,) = rows_of(table.slice(line - first_row, 1))
        assert isinstance(plain, dict)  # a row that was accepted could be read
        return json_of(plain)

    return _in_order(found, file, raw)


def _in_order(pieces: list[Piece], file: str | None, raw: Callable[[int], str]) -> Piece:
    """Pieces of rows that lie among each other as one, by their lines."""
    lines = np.concatenate([piece.lines for piece in pieces])
    order = np.argsort(lines)
    lines = lines[order]
    table = pa.concat_tables([piece.table for piece in pieces if piece.table.num_rows] or [pieces[0].table])
    if (order[1:] < order[:-1]).any():
        table = table.combine_chunks().take(pa.array(order, pa.int64()))
    said: dict[tuple[str, str | None], Mask] = {}
    start = 0
    for piece in pieces:
        for code, name, mask in piece.said:
            whole = said.setdefault((code, name), np.zeros(len(lines), bool))
            whole[start : start + len(mask)] = mask
        start += len(piece.lines)
    others = [
        (int(np.searchsorted(lines, one.where.line or 0)), one) for each in pieces for _, one in each.others
    ]
    return Piece(table, file, lines, raw, [(*key, mask[order]) for key, mask in said.items()], others)


class _Gathered:
    """Outcomes on their way into a piece."""

    def __init__(self) -> None:
        self._kept: list[Accepted] = []
        self._others: list[tuple[int, Rejected | Noticed]] = []
        self._characters = 0

    def add(self, outcome: Outcome) -> None:
        if isinstance(outcome, Accepted):
            self._kept.append(outcome)
            self._characters += sum(len(turn.text) for turn in outcome.conversation.turns)
        else:
            self._others.append((len(self._kept), outcome))

    @property
    def full(self) -> bool:
        count = max(len(self._kept), len(self._others))
        return count >= CONVERSATIONS_IN_PIECE or self._characters >= CHARACTERS_IN_PIECE

    def piece(self, file: str | None) -> Piece:
        kept = self._kept
        said: dict[tuple[str, str | None], Mask] = {}
        for row, accepted in enumerate(kept):
            for noticed in accepted.notices:
                mask = said.setdefault((noticed.code, noticed.name), np.zeros(len(kept), bool))
                mask[row] = True
        raw = {accepted.where.line or 0: accepted.raw for accepted in kept}
        lines = np.array([accepted.where.line or 0 for accepted in kept], np.int64)
        table = to_table([accepted.conversation for accepted in kept])
        notices = [(*key, mask) for key, mask in said.items()]
        return Piece(table, file, lines, lambda line: raw[line](), notices, self._others)
