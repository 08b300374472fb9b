"""From automatic observations to what evaluators need, and from the filled-in sheet back to results."""

from __future__ import annotations

import csv
import io

import pyarrow.parquet as pq
import pytest

from gracja.cli.flat_files import read_observations
from gracja.engine.tables import LEDGER

SECRETS = ("stratum", "probability", "abstained", "inclusion", "person ", "random")


@pytest.fixture
def shop(gracja, chats, good, edition, tmp_path):
    """60 chats, scored: conversations, edition, observations."""
    source, observations = chats(*(good(n) for n in range(60))), tmp_path / "observations.parquet"
    assert gracja("score", source, "-e", edition, "-o", observations).code == 0
    return source, edition, observations


@pytest.fixture
def sample(gracja, shop, tmp_path):
    source, edition, observations = shop

    def run(*more, out="review", lang="en", budget=12):
        return gracja(
            "--lang", lang, "sample", source, "-e", edition, "--observations", observations,
            "--budget", budget, "--out", tmp_path / out, *more,
        )  # fmt: skip

    return run


def rows_of(sheet, delimiter=","):
    text = sheet.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def fill(sheet, value_of, name=None):
    """What an evaluator does in a spreadsheet."""
    rows = rows_of(sheet)
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), delimiter=";")
    writer.writeheader()
    writer.writerows([row | {"value": value_of(row), "evaluator": "borys"} for row in rows])
    filled = sheet.with_name(name or sheet.name)
    filled.write_text(out.getvalue(), encoding="utf-8")
    return filled


def test_the_folder_holds_a_ledger_a_sheet_and_a_transcript_of_each_contact(sample, tmp_path):
    done = sample()

    assert done.code == 0
    assert "12 contacts chosen out of 60" in done.err
    ledger = pq.read_table(tmp_path / "review/ledger.parquet")
    assert ledger.schema.equals(LEDGER)
    assert ledger.num_rows == 12
    rows = rows_of(tmp_path / "review/sheet.csv")
    assert len(rows) == 24
    assert {row["standard"] for row in rows} == {"greet", "thank"}
    assert {row["value"] + row["evidence"] + row["comment"] for row in rows} == {""}
    for row in rows:
        assert (tmp_path / "review" / row["transcript"]).read_text(encoding="utf-8")


def test_evaluators_see_what_was_said_and_nothing_of_marks_lots_or_names(sample, tmp_path):
    sample()
    folder = tmp_path / "review"
    shown = [path.read_text("utf-8") for path in folder.glob("transcripts/*.txt")]
    shown.append((folder / "sheet.csv").read_text("utf-8-sig"))

    assert len(shown) == 13
    assert not [secret for secret in SECRETS for text in shown if secret in text]
    assert any("  2 Customer: My order please" in text for text in shown)


def test_the_filled_in_sheet_is_measured_as_it_is(gracja, sample, shop, tmp_path):
    sample("--seed", 5)
    sheet = fill(tmp_path / "review/sheet.csv", lambda row: "1" if row["standard"] == "greet" else "0")
    observations = read_observations([sheet]).to_pylist()
    ledger = {row["contact"]: row for row in pq.read_table(tmp_path / "review/ledger.parquet").to_pylist()}

    assert len(observations) == 24
    assert {row["source"] for row in observations} == {"review"}
    for row in observations:
        asked = ledger[row["contact"]]
        assert row["inclusion"] == pytest.approx(asked["inclusion"])
        assert (row["employee"], row["edition"]) == (asked["employee"], "shop@1")
        assert row["value"] == (row["standard"] == "greet")
    done = gracja(
        "measure", shop[2], sheet, "-e", shop[1], "-o", tmp_path / "results.parquet", "--format", "json"
    )
    assert done.code == 0
    assert done.json["basis"] == "human"


def test_rows_without_a_mark_are_left_out_and_said(gracja, sample, shop, tmp_path):
    sample()
    sheet = fill(tmp_path / "review/sheet.csv", lambda row: "1" if row["standard"] == "greet" else "")
    done = gracja("measure", sheet, "-e", shop[1], "-o", tmp_path / "results.parquet")

    assert done.code == 0
    assert "12 observations in = 12 used + 0 rejected." in done.err
    assert "12 rows of the sheet are not marked yet" in done.err


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "No mark stands in this"), ("pl", "nie ma jeszcze żadnej oceny")]
)
@pytest.mark.parametrize("command", ["measure", "learn"])
def test_a_sheet_that_comes_back_empty_is_said_and_stops(gracja, sample, shop, tmp_path, command, lang, said):
    sample()
    sheet = tmp_path / "review/sheet.csv"
    given = {"measure": (shop[2], sheet), "learn": ("--conversations", shop[0], "--observations", sheet)}
    done = gracja(command, *given[command], "-e", shop[1], "--out", tmp_path / "out", "--lang", lang)

    assert done.code == 2
    assert said in done.err
    assert str(sheet) in done.err
    assert not (tmp_path / "out").exists()


def test_rows_that_are_not_marked_yet_are_counted_when_the_others_teach(gracja, sample, shop, tmp_path):
    sample()
    sheet = fill(tmp_path / "review/sheet.csv", lambda row: "1" if row["standard"] == "greet" else "")
    done = gracja(
        "learn", "--conversations", shop[0], "--observations", sheet, "-e", shop[1], "--out", tmp_path / "d"
    )

    assert done.code == 0
    assert "12 rows of the sheet are not marked yet" in done.err


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "the situation never arose"), ("pl", "do takiej sytuacji nie doszło")]
)
def test_every_row_of_the_sheet_lets_an_evaluator_say_that_it_never_arose(sample, tmp_path, lang, said):
    sample(lang=lang)
    rows = rows_of(tmp_path / "review/sheet.csv", ";" if lang == "pl" else ",")

    assert all(said in row["how"] for row in rows)


def test_a_wrong_cell_is_rejected_with_its_line_and_the_others_count(gracja, sample, shop, tmp_path):
    sample()
    sheet = fill(tmp_path / "review/sheet.csv", lambda row: "9" if row["contact"] == "1" else "1")
    done = gracja("measure", sheet, "-e", shop[1], "-o", tmp_path / "results.parquet")

    assert done.code == 0
    assert "24 observations in = 22 used + 2 rejected." in done.err
    assert "“9” is no mark here. Write 1 / 0 / ?" in done.err


def test_two_evaluators_may_fill_in_copies_of_one_sheet(sample, tmp_path):
    sample()
    first = fill(tmp_path / "review/sheet.csv", lambda _: "1", "sheet-borys.csv")
    text = first.read_text("utf-8").replace("borys", "ala")
    second = first.with_name("sheet-ala.csv")
    second.write_text(text, "utf-8")

    assert read_observations([first, second]).num_rows == 48


def test_the_same_seed_chooses_the_same_and_no_seed_a_new_one(sample, tmp_path):
    def chosen(out):
        return pq.read_table(tmp_path / out / "ledger.parquet").drop_columns(["drawn_at"])

    for out, more in (("a", ["--seed", 3]), ("b", ["--seed", 3]), ("c", []), ("d", [])):
        assert sample(*more, out=out).code == 0

    assert chosen("a").equals(chosen("b"))
    assert chosen("c")["seed"][0] != chosen("d")["seed"][0]


def test_what_was_marked_is_not_asked_again(sample, tmp_path):
    sample("--seed", 1)
    sheet = fill(tmp_path / "review/sheet.csv", lambda _: "1")
    done = sample("--already", sheet, "--seed", 2, "--format", "json", out="second")

    assert done.code == 0
    assert done.json["contacts"] == 12
    first, second = (
        {row["contact"]: row for row in pq.read_table(tmp_path / out / "ledger.parquet").to_pylist()}
        for out in ("review", "second")
    )
    asked = {name for name, row in second.items() if row["number"] is not None}
    assert len(asked) == 12
    assert not asked & first.keys()
    assert second.keys() - asked <= first.keys()


def test_everything_is_said_in_polish_too(sample, tmp_path):
    done = sample(lang="pl")
    rows = rows_of(tmp_path / "review/sheet.csv", ";")

    assert "Wybrano 12 kontaktów z 60" in done.err
    assert {row["behaviour"] for row in rows} == {"Mówi: „Dzień dobry”", "Mówi: „Dziękuję”"}
    assert "Klient: My order please" in (tmp_path / "review/transcripts/001.txt").read_text("utf-8")


def test_a_folder_that_may_hold_marks_is_never_written_over(sample, tmp_path):
    sample()
    before = (tmp_path / "review/sheet.csv").read_bytes()
    done = sample()

    assert done.code == 2
    assert "Choose another folder" in done.err
    assert (tmp_path / "review/sheet.csv").read_bytes() == before


def test_a_sheet_away_from_its_ledger_is_refused(gracja, sample, shop, tmp_path):
    sample()
    alone = tmp_path / "alone.csv"
    alone.write_bytes((tmp_path / "review/sheet.csv").read_bytes())
    done = gracja("measure", alone, "-e", shop[1], "-o", tmp_path / "results.parquet")

    assert done.code == 2
    assert "no ledger.parquet of its draw stands beside it" in done.err


@pytest.mark.parametrize(
    ("budget", "more", "said"),
    [
        (61, [], "there are 60 to read"),
        (12, ["--per-employee", 3], "would take 18 contacts"),
        (12, ["--random-share", 0], "must be above 0"),
        (12, ["--random-share", 0.9, "--exceptional-share", 0.2], "at most 1"),
        (12, ["--standard", "smile"], "no standard smile"),
        (12, ["--seed", -1], "cannot be a seed"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_nothing_is_written(sample, tmp_path, budget, more, said):
    done = sample(*more, budget=budget)

    assert done.code == 2
    assert said in " ".join(done.err.split())
    assert not (tmp_path / "review").exists()


def test_conversations_that_were_not_scored_are_refused(gracja, shop, chats, good, tmp_path):
    other = chats(*(good(n) for n in range(50)), name="other.jsonl")
    done = gracja(
        "sample", other, "-e", shop[1], "--observations", shop[2], "--budget", 60, "--out", tmp_path / "r"
    )
    assert done.code == 2
    assert "10 chosen contacts are not among these conversations" in done.err
    assert not (tmp_path / "r").exists()


def test_human_marks_alone_are_refused(gracja, shop, tmp_path, written, mark):
    human = written("human.jsonl", mark(edition="shop@1"))
    done = gracja(
        "sample", shop[0], "-e", shop[1], "--observations", human, "--budget", 1, "--out", tmp_path / "r"
    )

    assert done.code == 2
    assert "Make them with `gracja score`" in done.err


def test_a_ledger_of_another_program_is_no_ledger(gracja, sample, shop, tmp_path):
    sample()
    ledger = tmp_path / "review/ledger.parquet"
    for spoil in (
        lambda: pq.write_table(pq.read_table(ledger).replace_schema_metadata(), ledger),
        lambda: ledger.write_bytes(ledger.read_bytes()[:-20]),
    ):
        spoil()
        done = gracja("measure", tmp_path / "review/sheet.csv", "-e", shop[1], "-o", tmp_path / "r.parquet")
        assert done.code == 2
        assert "no ledger.parquet of its draw" in done.err


def test_the_hash_of_the_edition_travels_with_the_ledger_and_a_changed_one_is_said(sample, shop, tmp_path):
    sample()
    assert len(pq.read_schema(tmp_path / "review/ledger.parquet").metadata[b"gracja.edition.sha256"]) == 64
    shop[1].write_text(shop[1].read_text("utf-8").replace("“Hello”", "“Hi”").replace("hello", "hi"), "utf-8")

    assert "made with another content of edition shop@1" in sample(out="second").err
