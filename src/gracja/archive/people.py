"""Where a person stands in the rows of the archive, and the same rows without that person."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc

from gracja.archive.layout import Column
from gracja.archive.rewrite import without
from gracja.engine.tables import TURN

MASKED_FROM: Final = 4  # characters: a shorter id, as a word in a text, is more likely something else
BLOCK: Final = "█"
_SAID: Final = ("text", "event")  # of a turn: words that may name anybody
PEOPLE_COLUMNS: Final = ["contact", "employee", "customer", "turns"]


@dataclass(frozen=True)
class Person:
    """A customer or an employee by the id in the archive.

    stand_in: what stands in an erased employee's place, so that their marks still count for the place and
    the standard. It is random: nothing leads from it to the person.
    """

    kind: Literal["customer", "employee"]
    id: str
    stand_in: str = field(default_factory=lambda: f"erased-{uuid4().hex[:12]}")

    def had(self, conversations: pa.Table) -> Column:
        """Which conversations this person took part in: true or false, shape (rows,)."""
        theirs = _equals(conversations[self.kind], self.id)
        if self.kind == "employee":
            turns: Column = conversations["turns"].combine_chunks()
            spoke = _equals(turns.flatten().field("employee"), self.id)
            theirs = pc.or_(theirs, _rows_of(turns, spoke))
        return theirs

    def marked(self, observations: pa.Table) -> Column:
        """Which observations name this employee, as who was marked or who marked."""
        return pc.or_(_equals(observations["employee"], self.id), _equals(observations["evaluator"], self.id))

    def named(self, conversations: pa.Table) -> int:
        """In how many turns the id stands as a word, in what was said or in the event."""
        turns: Column = conversations["turns"].combine_chunks()
        fields = [turns.flatten().field(name) for name in _SAID]
        changed = [
            pc.fill_null(pc.not_equal(self._masked(texts), texts), pa.scalar(False))  # noqa: FBT003
            for texts in fields
        ]
        return pc.sum(pc.or_(*changed)).as_py() or 0

    def gone_from_conversations(self, conversations: pa.Table) -> pa.Table:
        """Without a customer's conversations, or with an employee's stand-in; the id masked in the turns."""
        if self.kind == "customer":
            conversations = without(conversations, self.had(conversations))
        else:
            conversations = self._replaced(conversations, "employee")
        turns: Column = conversations["turns"].combine_chunks()
        said = turns.flatten()
        fields = {each.name: said.field(each.name) for each in TURN}
        fields |= {name: self._masked(fields[name]) for name in _SAID}
        if self.kind == "employee":
            fields["employee"] = pc.if_else(
                _equals(fields["employee"], self.id), self.stand_in, fields["employee"]
            )
        offsets = pc.subtract(turns.offsets, turns.offsets[0])
        struct = pa.StructArray.from_arrays(list(fields.values()), fields=list(TURN))
        place = conversations.schema.get_field_index("turns")
        column = pa.ListArray.from_arrays(offsets, struct, type=turns.type)
        return conversations.set_column(place, conversations.schema.field(place), column)

    def gone_from_observations(self, observations: pa.Table) -> pa.Table:
        """With an employee's stand-in."""
        return self._replaced(self._replaced(observations, "employee"), "evaluator")

    def _replaced(self, table: pa.Table, column: str) -> pa.Table:
        place = table.schema.get_field_index(column)
        values = pc.if_else(_equals(table[column], self.id), self.stand_in, table[column])
        return table.set_column(place, table.schema.field(place), values)

    def _masked(self, texts: Column) -> Column:
        """Texts with a block for each character of the id: as long as before, so evidence still points."""
        if len(self.id) < MASKED_FROM:
            return texts
        candidates: Column = pc.fill_null(
            pc.match_substring(texts, self.id, ignore_case=True),
            pa.scalar(False),  # noqa: FBT003
        )
        if not pc.any(candidates).as_py():
            return texts
        word = re.compile(rf"(?<!\w){re.escape(self.id)}(?!\w)", re.IGNORECASE)
        masked = [
            word.sub(lambda hit: BLOCK * len(hit[0]), text) for text in texts.filter(candidates).to_pylist()
        ]
        return pc.replace_with_mask(texts, candidates, pa.array(masked, pa.string()))


def _equals(values: Column, text: str) -> Column:
    return pc.fill_null(pc.equal(values, pa.scalar(text)), pa.scalar(False))  # noqa: FBT003


def _rows_of(turns: Column, wanted: Column) -> Column:
    """Which lists hold a wanted element."""
    parents: Column = pc.list_parent_indices(turns)
    hit = pc.unique(parents.filter(wanted))
    return pa.chunked_array([pc.is_in(pa.array(range(len(turns)), hit.type), value_set=hit)])
