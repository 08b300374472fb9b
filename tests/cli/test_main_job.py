"""The main job from the command line, with good input and with every bad one."""

import gzip
import json

import polars as pl
import pyarrow.parquet as pq
import pytest

from gracja.cli.commands.summaries import LEFT_OUT, tell_measured
from gracja.cli.screen import Screen
from gracja.engine.measure.measured import FitInfo, Measured, Note
from gracja.engine.measure.model_fit import Fitted
from gracja.engine.tables import OBSERVATIONS, RESULTS
from gracja.wording import LANGUAGES


def rejected_in(folder):
    return [json.loads(line) for line in (folder / "rejected.jsonl").read_text("utf-8").splitlines()]


class TestTheWholeJob:
    def test_what_checklists_compute_is_said_beside_the_measure(self, gracja, chats, good, edition, tmp_path):
        out = tmp_path / "out"
        done = gracja(
            "run", chats(*(good(n) for n in range(40))), "-e", edition, "-o", out, "--format", "json"
        )

        said, results = json.loads(done.out), pq.read_table(out / "results.parquet").to_pylist()
        people = [row["classic"] for row in results if row["subject_kind"] == "employee"]
        assert said["classic_mean"] == pytest.approx(sum(people) / len(people))
        assert f"{round(said['classic_mean'])}% on average" in done.err
        page = (out / "report.html").read_text("utf-8")
        assert "Classic score: " in page
        assert "Klasyczny wynik: " in page

    def test_run_writes_observations_results_and_a_report(self, gracja, chats, good, edition, tmp_path):
        out = tmp_path / "out"
        done = gracja("run", chats(*(good(n) for n in range(60))), "--edition", edition, "--out", out)
        assert done.code == 0
        assert pq.read_schema(out / "observations.parquet").equals(OBSERVATIONS)
        assert pq.read_schema(out / "results.parquet").equals(RESULTS)
        page = (out / "report.html").read_text("utf-8")
        assert "person 3" in page
        assert "Hello" in page
        assert "60 conversations in = 60 scored + 0 rejected." in done.err

    def test_score_measure_and_report_give_the_same_as_run(self, gracja, chats, good, edition, tmp_path):
        source = chats(*(good(n) for n in range(40)))
        gracja("run", source, "-e", edition, "-o", tmp_path / "run")
        observations, results = tmp_path / "o.parquet", tmp_path / "r.parquet"
        gracja("score", source, "-e", edition, "-o", observations)
        gracja("measure", observations, "-e", edition, "-o", results)
        gracja(
            "report", results, "--observations", observations, "-e", edition, "-o", tmp_path / "p.html",
            "--conversations", source,
        )  # fmt: skip
        assert pq.read_table(results).equals(pq.read_table(tmp_path / "run" / "results.parquet"))
        assert (tmp_path / "p.html").read_text("utf-8") == (tmp_path / "run" / "report.html").read_text(
            "utf-8"
        )

    def test_files_and_standard_input_are_read_as_one(self, gracja, chats, good, edition, tmp_path):
        packed = tmp_path / "b.jsonl.gz"
        packed.write_bytes(gzip.compress(json.dumps(good(2)).encode()))
        done = gracja(
            "score", chats(good(1)), packed, "-", "-e", edition, "-o", tmp_path / "o.parquet",
            "--format", "json",
            stdin=json.dumps(good(3)).encode(),
        )  # fmt: skip
        assert (done.json["conversations_in"], done.json["scored"], done.json["observations"]) == (3, 3, 6)

    def test_the_edition_hash_travels_with_the_observations(self, gracja, chats, good, edition, tmp_path):
        gracja("score", chats(good(1)), "-e", edition, "-o", tmp_path / "o.parquet")
        metadata = pq.read_schema(tmp_path / "o.parquet").metadata
        assert len(metadata[b"gracja.edition.sha256"]) == 64

    def test_conversations_that_name_no_language_take_the_one_given(
        self, gracja, chats, good, edition, tmp_path
    ):
        source, out = chats(good(1, language=None)), tmp_path / "o.parquet"
        gracja("score", source, "-e", edition, "-o", out)
        assert set(pq.read_table(out)["status"].to_pylist()) == {"abstained"}
        gracja("score", source, "-e", edition, "-o", out, "--conversation-language", "en")
        assert set(pq.read_table(out)["status"].to_pylist()) == {"marked"}


class TestBadConversations:
    def bad(self, gracja, chats, edition, tmp_path, *rows, strict=False):
        out = tmp_path / "out"
        done = gracja("run", chats(*rows), "-e", edition, "-o", out, *(["--strict"] if strict else []))
        return done, out

    def test_one_broken_line_of_ten_thousand_is_rejected_and_the_rest_goes_on(
        self, gracja, chats, good, edition, tmp_path
    ):
        rows = [good(n) for n in range(10_000)]
        rows[6] = '{"contact": "c6", "turns": ['
        done = gracja("score", chats(*rows), "-e", edition, "-o", tmp_path / "o.parquet")
        assert done.code == 0
        assert "10,000 conversations in = 9,999 scored + 1 rejected." in done.err
        (row,) = rejected_in(tmp_path)
        assert (row["line"], row["code"]) == (7, "json_broken")
        assert row["raw"].startswith('{"contact": "c6"')
        assert pq.read_metadata(tmp_path / "o.parquet").num_rows == 9_999 * 2

    def test_strict_stops_at_the_first_bad_line(self, gracja, chats, good, edition, tmp_path):
        done, _ = self.bad(gracja, chats, edition, tmp_path, good(1), "{", good(2), strict=True)
        assert done.code == 2
        assert "chats.jsonl:2" in done.err

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"turns": [{"speaker": "robot", "text": "hi"}]}, "speaker_unknown"),
            ({"turns": [{"speaker": "agent", "text": "x" * 2_000_000}]}, "turn_too_long"),
            ({"turns": []}, "turns_empty"),
            ({"channel": "smoke"}, "channel_unknown"),
            (
                {
                    "turns": [
                        {"speaker": "agent", "text": "b", "at": "2026-03-01T10:00:00Z"},
                        {"speaker": "agent", "text": "a", "at": "2026-03-01T09:00:00Z"},
                    ]
                },
                "turns_out_of_order",
            ),
        ],
    )
    def test_a_conversation_that_cannot_be_used_is_rejected_with_its_reason(
        self, gracja, chats, good, edition, tmp_path, fields, code
    ):
        done, out = self.bad(gracja, chats, edition, tmp_path, good(1), good(2, **fields), good(3))
        assert done.code == 0
        (row,) = rejected_in(out)
        assert (row["contact"], row["line"], row["code"]) == ("c2", 2, code)
        assert row["message"]
        assert "3 conversations in = 2 scored + 1 rejected." in done.err

    def test_fifty_megabytes_in_one_turn_do_not_stop_the_others(self, gracja, chats, good, edition, tmp_path):
        giant = json.dumps(good(2, turns=[{"speaker": "agent", "text": "x" * 50_000_000}]))
        _, out = self.bad(gracja, chats, edition, tmp_path, good(1), giant, good(3))
        (row,) = rejected_in(out)
        assert row["code"] == "turn_too_long"
        assert len(row["raw"]) <= 2_000

    def test_invalid_utf_8_is_rejected_by_its_line(self, gracja, chats, good, edition, tmp_path):
        _, out = self.bad(gracja, chats, edition, tmp_path, good(1), b'{"contact": "\xb3"}', good(3))
        assert [(row["line"], row["code"]) for row in rejected_in(out)] == [(2, "not_utf8")]

    def test_a_missing_agent_is_said_and_the_marks_belong_to_nobody(
        self, gracja, chats, good, edition, tmp_path
    ):
        done, out = self.bad(gracja, chats, edition, tmp_path, good(1, employee=None))
        assert done.code == 0
        assert "1 conversation does not say who served" in done.err
        assert pq.read_table(out / "observations.parquet")["employee"].null_count == 2
        assert "employee" not in pq.read_table(out / "results.parquet")["subject_kind"].to_pylist()

    def test_an_empty_file_is_said_and_no_report_is_made_up(self, gracja, chats, edition, tmp_path):
        done, _ = self.bad(gracja, chats, edition, tmp_path)
        assert done.code == 2
        assert "There is nothing in this file." in done.err

    def test_a_missing_file_is_said(self, gracja, edition, tmp_path):
        done = gracja("run", tmp_path / "none.jsonl", "-e", edition, "-o", tmp_path / "out")
        assert done.code == 2
        assert "There is no such file." in done.err


class TestBadEditions:
    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            (
                'detect: {agent_says: {pl: ["dzień dobry"]',
                'detect: {after: thank, agent_says: {pl: ["dzień dobry"]',
                None,
            ),
            ('"good morning"', '"good {9..1} morning"', "must run from a smaller to a larger"),
        ],
    )
    def test_a_wrong_edition_is_refused_with_file_line_and_remedy(
        self, gracja, chats, good, edition, tmp_path, old, new, code
    ):
        text = edition.read_text("utf-8")
        text = text.replace(old, new)
        if code is None:
            text = text.replace(
                'detect: {agent_says: {pl: ["~dzię', 'detect: {after: greet, agent_says: {pl: ["~dzię'
            )
            code = "wait for one another in a circle: greet -> thank -> greet"
        edition.write_text(text, "utf-8")
        done = gracja("run", chats(good(1)), "-e", edition, "-o", tmp_path / "out")
        assert done.code == 2
        assert code in done.err
        assert "shop.yaml:18" in done.err

    def test_the_same_is_said_in_polish(self, gracja, chats, good, edition, tmp_path):
        edition.write_text(edition.read_text("utf-8").replace("version: 1", "version: jeden"), "utf-8")
        done = gracja("--lang", "pl", "run", chats(good(1)), "-e", edition, "-o", tmp_path / "out")
        assert "pole version" in done.err


class TestOddResults:
    def test_all_marks_equal_are_measured_and_nobody_is_ranked(self, gracja, chats, good, edition, tmp_path):
        rows = [good(12 * n + 1, employee=f"p{n % 4}") for n in range(40)]
        done = gracja("run", chats(*rows), "-e", edition, "-o", tmp_path / "out", "--format", "json")
        assert done.code == 0
        assert done.json["employees"] == 4
        assert done.json["tiers"] <= 1
        results = pq.read_table(tmp_path / "out" / "results.parquet")
        assert all(low < 1 for low in results["base_low"].drop_null().to_pylist())

    def test_an_employee_without_a_mark_is_named_not_scored_zero(
        self, gracja, chats, good, edition, tmp_path
    ):
        rows = [good(n) for n in range(30)]
        rows.append(good(31, employee="Nowa", complete=False, turns=[{"speaker": "agent", "text": "Hm"}]))
        done = gracja("run", chats(*rows), "-e", edition, "-o", tmp_path / "out", "--format", "json")
        assert ("employee", "Nowa") in {(n["subject_kind"], n["subject"]) for n in done.json["not_measured"]}
        results = pq.read_table(tmp_path / "out" / "results.parquet").to_pylist()
        assert all(row["base"] is None for row in results if row["subject"] == "Nowa")
        assert "Nowa" in (tmp_path / "out" / "report.html").read_text("utf-8")

    def test_observations_of_one_evaluator_are_measured_and_it_is_said(self, gracja, edition, tmp_path):
        rows = [
            {
                "contact": f"c{n}", "employee": f"p{n % 3}", "standard": "greet", "edition": "shop@1",
                "source": "review", "evaluator": "Borys", "status": "marked", "value": float(n % 2),
            }
            for n in range(24)
        ]  # fmt: skip
        path = tmp_path / "reviews.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        done = gracja("measure", path, "-e", edition, "-o", tmp_path / "r.parquet", "--format", "json")
        assert done.json["basis"] == "human"
        assert "one_evaluator" in {note["code"] for note in done.json["notes"]}


class TestOtherCommands:
    def test_every_command_explains_itself_in_both_languages(self, gracja):
        for lang in ("pl", "en"):
            assert gracja("--help", "--lang", lang).code == 0
            for command in ("run", "score", "measure", "report", "lint", "editions", "new", "schema", "demo"):
                assert gracja(command, "--help", "--lang", lang).code == 0

    def test_editions_lists_eight_trades(self, gracja):
        assert len(gracja("editions", "--format", "json").json) == 8

    def test_new_copies_one_and_does_not_overwrite_yours(self, gracja, tmp_path):
        mine = tmp_path / "mine.yaml"
        assert gracja("new", mine, "--from", "salon").code == 0
        assert gracja("lint", mine).code == 0
        mine.write_text("mine", "utf-8")
        done = gracja("new", mine, "--from", "salon")
        assert (done.code, mine.read_text("utf-8")) == (2, "mine")
        assert gracja("new", mine, "--from", "salon", "--force").code == 0

    def test_new_from_an_unknown_edition_names_those_there_are(self, gracja, tmp_path):
        done = gracja("new", tmp_path / "x.yaml", "--from", "bakery")
        assert done.code == 2
        assert "car_mechanic" in done.err

    def test_lint_ends_with_1_on_a_vague_standard(self, gracja, edition):
        edition.write_text(edition.read_text("utf-8").replace("Mówi: „Dziękuję”", "Jest uprzejmy"), "utf-8")
        done = gracja("lint", edition, "--format", "json")
        assert done.code == 1
        assert "GR101" in {finding["code"] for finding in done.json}

    def test_lint_explains_a_code_and_names_the_codes_there_are(self, gracja):
        assert "GR101" in gracja("lint", "--explain", "gr101").out
        done = gracja("lint", "--explain", "GR999")
        assert done.code == 2
        assert "GR101" in done.err

    def test_schema_prints_json(self, gracja):
        assert gracja("schema").json["title"] == "Edition"

    @pytest.mark.parametrize("arguments", [["--lang", "de", "editions"], ["score"], ["fly"]])
    def test_wrong_usage_ends_with_2(self, gracja, arguments):
        assert gracja(*arguments).code == 2


def test_the_version_is_shown_without_a_command(gracja):
    done = gracja("--version")
    assert (done.code, done.out.split()[0]) == (0, "gracja")


def test_rows_that_did_not_count_are_said_on_the_screen(gracja, edition, tmp_path):
    row = {"edition": "shop@1", "status": "marked", "value": 1.0, "employee": "Ola", "standard": "greet"}
    rows = [row | {"contact": f"c{n}", "source": "review", "evaluator": "Borys"} for n in range(6)]
    rows += [row | {"contact": "a1", "source": "automatic"}]
    rows += [row | {"contact": "b1", "source": "review", "evaluator": "Borys", "standard": "great"}]
    path = tmp_path / "marks.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in rows), "utf-8")
    done = gracja("measure", path, "-e", edition, "-o", tmp_path / "r.parquet")
    assert "1 automatic mark did not count: beside people’s marks" in done.err
    assert "not in this edition: great" in done.err


def measured_with(note: Note) -> Measured:
    return Measured(RESULTS.empty_table(), (), "human", (note,), FitInfo(), Fitted(pl.DataFrame(), None))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", LEFT_OUT)
def test_what_did_not_count_is_said_in_words_and_not_in_codes(code, lang, capsys):
    tell_measured(measured_with(Note(code, {"rows": 2})), Screen(lang))

    _, said = capsys.readouterr().err.splitlines()
    assert "2" in said
    assert "_" not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_marks_of_a_detector_that_count_beside_people_s_are_said_with_what_tells_its_error(lang, capsys):
    note = Note("automatic_combined", {"rows": 2000, "pairs": 61, "standards": 3})
    tell_measured(measured_with(note), Screen(lang))

    _, said = capsys.readouterr().err.splitlines()
    assert "2000" in said.replace("\N{NO-BREAK SPACE}", "").replace(",", "")
    assert "61" in said


def test_the_first_reason_for_each_kind_of_rejection_is_said(gracja, chats, good, edition, tmp_path):
    done = gracja(
        "score", chats(good(1), good(2, channel="smoke")), "-e", edition, "-o", tmp_path / "o.parquet"
    )
    assert "There is no channel “smoke”." in done.err


def test_an_unknown_language_is_refused_by_name(gracja):
    assert "“de” is not a language that Gracja speaks" in gracja("editions", "--lang", "de").err.replace(
        "\n", " "
    )
