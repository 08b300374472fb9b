"""`import gracja` in a notebook: what goes in, what comes out, and what is refused."""

from __future__ import annotations

import doctest
import subprocess
import sys
import typing
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import gracja
from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.read import read_edition
from gracja.engine.measure import measure as engine_measure
from gracja.engine.tables import RESULTS
from gracja.notebook import measuring

HEAVY = ("polars", "numpy", "pyarrow", "scipy", "pydantic", "babel", "jinja2", "django")


@pytest.fixture(scope="module")
def marks() -> pl.DataFrame:
    """Forty contacts of two people, each with two standards of the salon."""
    rows = [
        {
            "contact": f"c{number:02}",
            "employee": ("anna", "darek")[number % 2],
            "standard": standard,
            "value": float(number % 2 == 0 or (number + place) % 3 == 0),
            "evaluator": ("borys", "celina")[number % 4 // 2],
            "place": "rynek",
        }
        for number in range(40)
        for place, standard in enumerate(("greets_at_the_door", "offers_a_drink"))
    ]
    own = {"edition": "salon@1", "source": "review", "status": "marked"}
    return pl.DataFrame(rows).with_columns(pl.lit(value).alias(name) for name, value in own.items())


@pytest.fixture(scope="module")
def salon(marks) -> str:
    """The bundled edition, with the standards of the rows."""
    text = bundled_text("salon")
    names = [standard.standard for _, _, standard in read_edition(text).edition.standards()]
    return text.replace(f"standard: {names[0]}\n", "standard: greets_at_the_door\n").replace(
        f"standard: {names[1]}\n", "standard: offers_a_drink\n"
    )


class Streams:
    """A table of a library that we have never heard of."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def test_the_examples_in_the_documentation_run():
    assert doctest.testmod(measuring, optionflags=doctest.ELLIPSIS).failed == 0


def test_importing_gracja_loads_nothing_that_takes_time():
    load = f"import sys, gracja; print(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", load], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_every_public_name_is_there_and_nothing_else_is_made_up():
    for name in gracja.__all__:
        assert getattr(gracja, name)
        assert name in dir(gracja)
    assert (Path(gracja.__file__).parent / "py.typed").exists()
    with pytest.raises(AttributeError, match="measures"):
        _ = gracja.measures
    assert typing.get_type_hints(gracja.Results.to_polars)["return"] is pl.DataFrame


@pytest.mark.parametrize(
    "form", [pl.DataFrame.clone, pl.DataFrame.to_arrow, lambda rows: Streams(rows.to_arrow())]
)
def test_any_table_with_the_arrow_stream_gives_the_same_results(marks, form):
    assert gracja.measure(form(marks)).to_arrow().equals(gracja.measure(marks).to_arrow())


def test_results_are_those_of_the_engine_and_a_table_to_every_library(marks, salon):
    results = gracja.measure(marks, salon)
    rows = gracja.measure(marks, read_edition(salon)).to_arrow()

    assert results.to_arrow().schema.equals(RESULTS)
    assert pl.DataFrame(results).equals(results.to_polars())
    assert len(results) == len(rows)
    assert rows.equals(results.to_arrow())
    assert set(results.to_polars("employee")["subject"]) == {"anna", "darek"}
    assert results.basis == "human"


def test_rows_as_the_contract_has_them_are_measured_as_the_engine_measures_them(marks, salon):
    edition = read_edition(salon).edition
    whole = marks.with_columns(segment=pl.lit(0), revision=pl.lit(1), occurred_at=None).to_arrow()

    assert (
        gracja.measure(marks, edition)
        .to_arrow()
        .drop("run")
        .equals(engine_measure(whole, edition).results.drop("run"))
    )


def test_an_edition_is_given_as_path_text_document_or_itself(marks, salon, tmp_path):
    path = tmp_path / "salon.yaml"
    path.write_text(salon, encoding="utf-8")
    document = read_edition(salon)

    given = [path, str(path), salon, document, document.edition]

    assert len({gracja.measure(marks, edition).to_arrow()["run"][0].as_py() for edition in given}) == 1


def test_without_an_edition_standards_count_alike_and_nobody_is_graded(marks):
    odd = marks.with_columns(standard=pl.lit("Says: hello, "), edition=pl.lit("Our list!"))
    people = gracja.measure(odd.unique("contact")).to_polars("employee")

    assert people["base"].null_count() == 0
    assert people["grade"].null_count() == people["needed"].null_count() == len(people)
    assert "No edition was given" in repr(gracja.measure(marks))


def test_with_an_edition_grades_are_said(marks, salon):
    said = repr(gracja.measure(marks, salon))

    assert "No edition was given" not in said
    assert "not known yet" in said or "standard" in said


def test_what_was_wanted_may_be_another_table(marks, salon):
    contacts = pl.DataFrame({"contact": ["c00"], "edition": ["salon@1"], "service_kind": ["relationship"]})

    assert gracja.measure(marks, salon, contacts=contacts).to_arrow().num_rows


@pytest.mark.parametrize(
    ("change", "code", "field", "line"),
    [
        ({"value": 1.5}, "number_out_of_range", "observations.value", 7),
        ({"value": -0.1}, "number_out_of_range", "observations.value", 7),
        ({"value": float("nan")}, "number_out_of_range", "observations.value", 7),
        ({"value": None}, "value_missing", "observations.value", 7),
        ({"status": "met"}, "field_choice", "observations.status", 7),
        ({"status": "not_seen"}, "value_unexpected", "observations.value", 7),
        ({"source": "rumour"}, "field_choice", "observations.source", 7),
        ({"standard": None}, "field_missing", "observations.standard", 7),
        ({"contact": "c00", "employee": "anna", "standard": "greets_at_the_door", "evaluator": "borys"},
         "observation_twice", "observations", 7),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_wrong_row_is_refused_with_its_column_and_number(marks, change, code, field, line, language):
    rows = marks.to_dicts()
    rows[6] |= change

    with pytest.raises(gracja.EngineInputError) as refused:
        gracja.measure(pl.DataFrame(rows, schema=marks.schema), language=language)

    error = refused.value
    assert (error.code, error.where.field, error.where.line) == (code, field, line)
    said = {"en": "Row 7, column ", "pl": "Wiersz 7, kolumna "}[language]
    assert error.__notes__[0].startswith(said + field)


@pytest.mark.parametrize("inclusion", [0.0, -0.5, 1.5, float("nan")])
def test_an_inclusion_that_is_no_probability_is_refused(marks, inclusion):
    with pytest.raises(gracja.EngineInputError) as refused:
        gracja.measure(marks.with_columns(inclusion=pl.lit(inclusion)))

    assert (refused.value.code, refused.value.where.line) == ("inclusion_out_of_range", 1)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (lambda frame: frame.clear(), "observations_empty"),
        (lambda frame: frame.drop("status"), "columns_missing"),
        (lambda frame: frame.with_columns(value=pl.lit("much")), "column_type"),
        (
            lambda frame: frame.with_columns(occurred_at=pl.datetime(2026, 11, 23)),
            "column_without_zone",
        ),
        (lambda frame: frame.to_dicts(), "not_arrow"),
        (lambda rows: pa.table([rows["contact"]] * 2, names=["contact", "contact"]), "column_twice"),
        (
            lambda frame: frame.with_columns(edition=pl.concat_str(pl.col("evaluator"), pl.lit("@1"))),
            "editions_several",
        ),
    ],
)
def test_a_table_of_another_form_is_refused(marks, bad, code):
    with pytest.raises(gracja.EngineInputError) as refused:
        gracja.measure(bad(marks))

    assert refused.value.code == code
    assert refused.value.__notes__


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"edition": "nowhere.yaml"}, "edition_not_found"),
        ({"edition": 3}, "edition_type"),
        ({"edition": "gracja: 1\nid: salon\n"}, "many_errors"),
        ({"level": 1.5}, "level_out_of_range"),
        ({"source": "rumour"}, "choice_unknown"),
        ({"language": "de"}, "choice_unknown"),
        ({"contacts": pl.DataFrame({"contact": []})}, "contacts_empty"),
    ],
)
def test_a_wrong_choice_is_refused(marks, asked, code):
    with pytest.raises(gracja.EngineInputError) as refused:
        gracja.measure(marks, **asked)

    assert refused.value.code == code


def test_a_negative_weight_is_refused_in_classic_scores_too():
    answers = {"review": ["a"], "category": ["x"], "selected": [1], "lowest": [0], "highest": [1]}

    assert gracja.review_scores(pa.table(answers))["score"].to_list() == [100.0]
    with pytest.raises(gracja.EngineInputError) as refused:
        gracja.review_scores(pl.DataFrame(answers | {"weight": [-1]}))
    assert refused.value.__notes__[0].startswith("Row 1, column answers.weight: The weight is -1")


def test_columns_that_nothing_is_read_from_are_said(marks):
    with pytest.warns(UserWarning, match="mood"):
        gracja.measure(marks.with_columns(mood=pl.lit("sunny"), __index_level_0__=pl.lit(1)))


def test_without_pandas_it_is_said_how_to_get_it_or_do_without(marks, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)  # as Python marks a module that cannot be imported

    with pytest.raises(gracja.EngineInputError) as refused:
        gracja.measure(marks).to_pandas()

    assert refused.value.code == "pandas_missing"
    assert "pip install pandas" in refused.value.__notes__[0]


@pytest.fixture(scope="module")
def results(marks, salon) -> Any:
    sly = marks.with_columns(employee=pl.col("employee").replace("anna", "<script>alert(1)</script>"))
    return gracja.measure(sly, salon)


class TestWhatIsShown:
    def test_a_table_in_a_notebook_holds_no_script_and_loads_nothing(self, results):
        html = results._repr_html_()

        assert "<script" not in html
        assert "&lt;script&gt;" in html
        assert "http" not in html.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert " onclick" not in html
        assert html.count("<tr>") == 3

    def test_a_picture_has_every_subject_with_its_interval_and_a_name(self, results, tmp_path):
        picture = results.plot()
        picture.save(tmp_path / "people.svg")

        svg = (tmp_path / "people.svg").read_text("utf-8")
        assert svg == picture._repr_html_()
        assert svg.count("<circle") == picture.subjects == 2
        assert 'role="img"' in svg
        assert "<script" not in svg
        assert "level 85%" in svg

    def test_not_measured_is_drawn_as_nothing_and_said(self, results):
        svg = results.plot("employee", "fit").svg

        assert "<circle" not in svg
        assert svg.lower().count("not measured") == 2

    @pytest.mark.parametrize("asked", [("animal", "base"), ("employee", "beauty")])
    def test_another_kind_or_measure_is_refused(self, results, asked):
        with pytest.raises(gracja.EngineInputError) as refused:
            results.plot(*asked)

        assert refused.value.code == "choice_unknown"

    def test_many_people_are_cut_short_and_counted(self, marks):
        many = marks.with_columns(employee=pl.concat_str(pl.lit("person "), pl.col("contact")))

        assert "… and 20 more." in repr(gracja.measure(many))

    def test_results_speak_polish_too(self, marks):
        assert "Nie podano wydania" in repr(gracja.measure(marks, language="pl"))

    def test_where_nothing_was_marked_nothing_is_made_up(self, marks):
        unseen = marks.with_columns(status=pl.lit("not_seen"), value=None)
        results = gracja.measure(unseen)

        assert len(results) == 0
        assert "Nothing could be measured." in repr(results)
        assert "Nothing could be measured." in results._repr_html_()
        assert "Nothing could be measured." in results.plot().svg
        assert {one.subject for one in results.not_measured} >= {"anna", "darek"}
