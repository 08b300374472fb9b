"""The sentence that opens the overview."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils.translation import override

from gracja.app.web.entry.headline import of_places


def shown(name, side):
    return SimpleNamespace(title=SimpleNamespace(name=name), base=SimpleNamespace(side=side))


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([("Rynek", "unknown")], "It is not known yet whether Rynek holds the level."),
        ([("Rynek", "unknown"), ("Galeria", "unknown")], "It is not known yet which places hold the level."),
        ([("Rynek", "above"), ("Galeria", "unknown")], "Rynek holds the level."),
    ],
)
def test_one_place_is_named_where_nothing_is_known_of_it(places, said):
    with override("en"):
        assert of_places([shown(*one) for one in places]) == [said]
