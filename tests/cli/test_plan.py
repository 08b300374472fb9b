"""`gracja plan`: how many reviews are enough, and which to make next."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ruamel.yaml import YAML

from gracja.engine.measure.simulated import Shape, edition_of, observations_of, simulated_company

SHAPE = Shape(employees=9, standards=4, evaluators=3, contacts=(4, 20))


@pytest.fixture
def company(tmp_path):
    edition, visits = tmp_path / "edition.yaml", tmp_path / "visits.parquet"
    with edition.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(edition_of(SHAPE).model_dump(mode="json", exclude_none=True), file)
    pq.write_table(observations_of(simulated_company(np.random.default_rng(2), SHAPE)), visits)
    return edition, visits


def test_without_observations_a_plan_rests_on_what_is_assumed_and_says_so(gracja, company):
    done = gracja("plan", "--edition", company[0], "--within", 0.1, "--evaluators", 8, "--format", "json")

    assert done.code == 0
    assert "how much employees differ" in done.err
    assert "employee" in done.json["grounds"]["assumed"]
    assert done.json["grounds"]["standards"] == SHAPE.standards
    of_eight = next(size for size in done.json["sizes"] if size["evaluators"] == 8)
    assert f"with 8 evaluators: {of_eight['contacts']} contacts each" in done.err
    assert done.json["next"] == []
    assert done.json["connecting"] is None


def test_with_observations_the_next_reviews_are_said_and_written_for_evaluators(gracja, company, tmp_path):
    edition, visits = company
    out = tmp_path / "next.csv"
    done = gracja(
        "--lang", "pl", "plan", visits, "--edition", edition, "--next", 5, "--out", out, "--format", "json",
        "--evaluator", "nowa",
    )  # fmt: skip

    assert done.code == 0
    assert len(done.json["next"]) == 5
    assert done.json["grounds"]["assumed"] == ["place", "repeat"]
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "Oceniający;Osoba;Placówka;Zwróć uwagę na"
    first = done.json["next"][0]
    assert lines[1].startswith(f"{first['evaluator']};{first['employee']};")
    assert f"1. {first['evaluator']} ocenia: {first['employee']}" in done.err


def test_two_groups_without_common_ground_are_told_who_should_read_whom(gracja, company, tmp_path):
    edition, _ = company
    rows = observations_of(simulated_company(np.random.default_rng(2), SHAPE)).to_pylist()
    for row in rows:
        half = "north" if row["employee"] < "e0004" else "south"
        row["place"], row["evaluator"] = half, f"{half}-{row['evaluator']}"
    visits = tmp_path / "apart.parquet"
    pq.write_table(
        pa.Table.from_pylist(
            rows, schema=observations_of(simulated_company(np.random.default_rng(2), SHAPE)).schema
        ),
        visits,
    )
    done = gracja("plan", visits, "--edition", edition, "--next", 0, "--format", "json")

    (link,) = done.json["connecting"]["links"]
    assert done.json["connecting"]["groups"] == 2
    assert f"{link['evaluator']} reviews 3 contacts of {link['employee']}" in done.err


def test_a_plan_that_cannot_be_asked_for_is_refused_in_words(gracja, company):
    done = gracja("plan", "--edition", company[0], "--apart", 0.8, 0.8)

    assert done.code == 2
    assert "too close to be told apart" in done.err
