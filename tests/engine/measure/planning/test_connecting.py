"""What to review so that everybody can be compared."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from gracja.engine.measure.connected import components
from gracja.engine.measure.planning.connecting import Link, People, connecting

ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcdefgh"),
        st.sampled_from([None, "rynek", "dworzec", "galeria", "port"]),
        st.sampled_from([None, "a", "v", "w", "x", "y"]),
    ),
    min_size=1,
    max_size=20,
)


def marks(rows):
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("employee", "place", "evaluator"), pl.String), orient="row"
    )


def people_of(frame, *, knows=None):
    places = {
        name: sorted(frame.filter(employee=name)["place"].drop_nulls().unique())
        for name in frame["employee"].unique()
    }
    return People(places, frame["evaluator"].drop_nulls().unique().to_list(), knows or {})


def groups_of(frame):
    names = frame["employee"].unique().sort().to_list()
    return len(set(components(frame, names, one_eye=False).tolist()))


def with_links(frame, links):
    return pl.concat([frame, marks([(link.employee, link.place, link.evaluator) for link in links])])


@settings(max_examples=300, deadline=None)
@given(ROWS)
def test_after_the_proposed_reviews_everybody_is_connected_and_none_of_them_is_spare(rows):
    frame = marks(rows)
    found = connecting(frame, people_of(frame))
    evaluators = frame["evaluator"].drop_nulls().unique().to_list()

    assert found.groups == groups_of(frame)
    assert len(found.links) <= found.groups - 1
    assert all(link.evaluator != link.employee for link in found.links)
    assert groups_of(with_links(frame, found.links)) == found.left + 1
    for spare in range(len(found.links)):
        rest = found.links[:spare] + found.links[spare + 1 :]
        assert groups_of(with_links(frame, rest)) > found.left + 1
    if len(evaluators) > 1 and frame["employee"].n_unique() > 1:
        assert found.left == 0


@given(ROWS, st.dictionaries(st.sampled_from("vwxy"), st.just(frozenset({"rynek", "port"})), max_size=3))
def test_an_evaluator_goes_elsewhere_only_where_no_place_they_know_would_do(rows, knows):
    frame = marks(rows)
    found = connecting(frame, people_of(frame, knows=knows))
    near = [link for link in found.links if link.near]

    assert all(link.place in knows[link.evaluator] for link in near)
    # with all near links there are, no fewer groups are left than with those proposed
    every = [
        Link(v, e, place, near=True)
        for v in knows
        if v in frame["evaluator"]
        for e, places in people_of(frame).places.items()
        for place in places
        if place in knows[v] and e != v
    ]
    assert groups_of(with_links(frame, near)) == groups_of(with_links(frame, every))


def test_two_places_are_joined_by_the_evaluator_and_the_employee_with_most_marks():
    rynek = [("anna", "rynek", "borys"), ("ewa", "rynek", "borys"), ("ewa", "rynek", "borys")]
    dworzec = [("jan", "dworzec", "celina"), ("ola", "dworzec", "celina")]
    frame = marks([*rynek, *dworzec, dworzec[0]])

    found = connecting(frame, people_of(frame))

    assert found.groups == 2
    assert found.links == (Link("borys", "jan", "dworzec", near=False),)
    assert found.links[0].contacts == 3


def test_whoever_cannot_be_asked_or_read_is_in_no_proposal():
    frame = marks([("anna", "rynek", "borys"), ("jan", "dworzec", "celina"), ("ola", "port", "darek")])
    found = connecting(frame, People({"anna": ["rynek"], "jan": ["dworzec"]}, ["borys"]))

    assert [(link.evaluator, link.employee) for link in found.links] == [("borys", "jan")]
    assert (found.groups, found.left) == (3, 1)
