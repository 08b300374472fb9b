"""Which conversations somebody may read, said in the names that stand in the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from gracja.app.contacts.selectors.names import Names, names
from gracja.app.organisation.access import places_where
from gracja.app.organisation.models import Place, User

# The leaf of `turns` that says who spoke, as Parquet names it: read without what was said.
SPOKE = "turns.list.element.employee"


@dataclass(frozen=True)
class Scope:
    """everything: all of them, also those whose place nobody mapped. places, mine: names in the archive."""

    names: Names
    everything: bool
    places: frozenset[str]
    mine: frozenset[str]

    @classmethod
    def of(cls, by: User) -> Self:
        known = names()
        where = places_where(by, "conversation.read")
        allowed = set(Place.objects.filter(where).values_list("uid", flat=True)) if where else set()
        return cls(
            known,
            not where,
            frozenset(name for name, uid in known.places.items() if uid in allowed),
            frozenset(name for name, key in known.people.items() if key == by.person.key),
        )

    def covers(self, row: Mapping[str, Any]) -> bool:
        """Whether a row of tables.CONVERSATIONS may be read."""
        return (
            self.everything
            or row["place"] in self.places
            or row["employee"] in self.mine
            or any(turn["employee"] in self.mine for turn in row["turns"])
        )

    def mask(self, table: pa.Table) -> Any:
        """The same for a table with place, employee and `turns` of at least the employee; shape (rows,)."""
        here = pc.is_in(table["place"], value_set=pa.array(self.places, pa.string()))
        if not self.mine:
            return here
        served = pc.is_in(table["employee"], value_set=pa.array(self.mine, pa.string()))
        return pc.or_(pc.or_(here, served), self._spoke(table))

    def _spoke(self, table: pa.Table) -> Any:
        turns: Any = table["turns"].combine_chunks()
        said = pc.is_in(turns.flatten().field("employee"), value_set=pa.array(self.mine, pa.string()))
        rows = pc.unique(pc.list_parent_indices(turns).filter(said))
        return pc.is_in(pa.array(range(len(turns)), rows.type), value_set=rows)
