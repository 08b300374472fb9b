"""`gracja judge` from files to files, against an endpoint on this machine."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

from gracja.cli.main import main
from gracja.wording import LANGUAGES

from .conftest import EDITION, answer, completion, error, talk

KEY = "sk-of-the-test"


class Said:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, " ".join(err.split())

    @property
    def data(self):
        return json.loads(self.out.splitlines()[-1])


@pytest.fixture
def gracja(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments):
        code = 0
        try:
            main([str(one) for one in arguments])
        except SystemExit as end:
            code = end.code or 0
        return Said(code, *capsys.readouterr())

    return run


@pytest.fixture
def desk(tmp_path, stub, gracja):
    """A folder with sixty conversations, their edition and observations; even ones explain the bill."""
    (tmp_path / "desk.yaml").write_text(EDITION.replace("ADDRESS", stub.address), encoding="utf-8")
    rows = [
        talk(
            f"c: Hello, this is Anna Nowak, what is {n} on my bill?",
            "a: It is the fee for delivery" if n % 2 == 0 else "a: I do not know",
            contact=f"c{n}",
        )
        for n in range(60)
    ]
    with (tmp_path / "talks.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    gracja("score", tmp_path / "talks.jsonl", "-e", tmp_path / "desk.yaml", "-o", tmp_path / "auto.parquet")

    def by_words(request):
        text = json.loads(request["messages"][-1]["content"])["turns"][1]["text"]
        return completion(answer("yes", (1, "the fee")) if "fee" in text else answer("no"))

    stub.will(by_words)
    return tmp_path


@pytest.fixture
def judge(gracja, desk):
    def run(*options, lang="en"):
        return gracja(
            "--lang", lang, "judge", desk / "talks.jsonl", "-e", desk / "desk.yaml",
            "--observations", desk / "auto.parquet", "-o", desk / "judged.parquet", *options,
        )  # fmt: skip

    return run


def judged(desk):
    rows = pq.read_table(desk / "judged.parquet").to_pylist()
    return {row["contact"]: row for row in rows if row["standard"] == "explains"}


def human(desk, wrong=(), count=60):
    """People's marks of so many contacts: as the talk says, but for those named."""
    lines = [
        {
            "contact": f"c{n}", "segment": 0, "employee": "anna", "standard": "explains", "edition": "desk@1",
            "source": "review", "evaluator": "borys", "status": "marked", "revision": 1,
            "value": float((n % 2 == 0) != (n in wrong)), "evidence": [],
        }
        for n in range(count)
    ]  # fmt: skip
    path = desk / "human.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_abstained_rows_become_marks_and_everything_is_said(judge, desk, lang, stub):
    said = judge("--format", "json", lang=lang)

    assert said.code == 0
    assert (said.data["questions"], said.data["marked"], said.data["input_tokens"]) == (60, 60, 6000)
    assert said.data["cost"] == pytest.approx(60 * (100 * 2 + 20 * 8) / 1e6)
    assert {row["value"] for row in judged(desk).values()} == {0.0, 1.0}
    assert pq.read_table(desk / "judged.parquet").num_rows == pq.read_table(desk / "auto.parquet").num_rows
    assert "Anna" not in json.dumps(stub.requests)
    assert {"en": "its error is not known", "pl": "błąd nie jest znany"}[lang] in said.err


def test_a_second_run_asks_nothing_and_says_so(judge, desk, stub):
    judge()
    first = judged(desk)
    said = judge("--format", "json")
    assert len(stub.requests) == 60
    assert (said.data["asked"], said.data["from_cache"]) == (0, 60)
    assert judged(desk) == first


def test_a_dry_run_prints_what_would_leave_and_sends_nothing(judge, desk, stub):
    said = judge("--dry-run")
    lines = [json.loads(line) for line in said.out.splitlines()]

    assert (len(lines), len(stub.requests)) == (60, 0)
    assert "Nowak" not in said.out
    assert "[PERSON_1]" in lines[0]["messages"][1]["content"]
    assert "60 questions would go to" in said.err
    assert not (desk / "judged.parquet").exists()


def test_the_key_comes_from_the_environment_and_is_nowhere_else(judge, desk, stub, monkeypatch):
    monkeypatch.setenv("GRACJA_JUDGE_KEY", KEY)
    said = judge()
    assert {headers["authorization"] for headers in stub.headers} == {f"Bearer {KEY}"}
    assert KEY not in said.out + said.err
    assert not any(KEY.encode() in path.read_bytes() for path in desk.iterdir())


def test_a_ceiling_leaves_the_rest_abstained_and_says_so(judge, desk):
    said = judge("--most-tokens", "4000", "--at-once", "1")
    statuses = [row["status"] for row in judged(desk).values()]
    assert 0 < statuses.count("marked") < 60
    assert f"the ceiling is reached (--most-tokens, --most-cost): {statuses.count('abstained')}" in said.err


def test_a_ceiling_in_money_takes_other_prices_than_the_editions(judge, desk):
    judge("--most-cost", "0.15", "--price-in", "100", "--price-out", "0", "--at-once", "1")
    assert 0 < [row["status"] for row in judged(desk).values()].count("marked") < 60


def test_marks_of_people_measure_the_judge_and_let_it_pass_where_it_is_good(judge, desk):
    said = judge("--check", human(desk), "--format", "json")
    (card, _) = said.data["cards"]

    assert (card["labelled"], card["answered"], card["guarantee_holds"]) == (60, 60, True)
    bare = card["card"]["bare"]
    assert (bare["sensitivity"]["value"], bare["specificity"]["value"]) == (1.0, 1.0)
    rows = judged(desk).values()
    assert {(row["status"], row["value"]) for row in rows} == {("marked", 0.0), ("marked", 1.0)}
    assert all((row["probability"] > 0.9) == (row["value"] == 1.0) for row in rows)
    assert "at most 5% of the marks kept are wrong" in said.err


def test_marks_too_few_to_show_the_guarantee_leave_every_row_abstained(judge, desk):
    said = judge("--check", human(desk, count=40), "--format", "json")
    assert not said.data["cards"][0]["guarantee_holds"]  # forty without one error: it takes 45
    assert {(row["status"], row["value"]) for row in judged(desk).values()} == {("abstained", None)}
    assert said.data["abstained_by_reason"] == {"not_guaranteed": 60}


def test_keep_all_keeps_what_the_guarantee_does_not_cover(judge, desk):
    said = judge("--check", human(desk, wrong=(1, 2)), "--keep-all")
    assert {row["status"] for row in judged(desk).values()} == {"marked"}
    assert "explains: 60 of 60 checked contacts answered" in said.err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_endpoint_that_refuses_the_key_leaves_no_output_and_says_what_to_do(judge, desk, stub, lang):
    stub.will(error(401, "Missing bearer"))
    said = judge(lang=lang)
    assert said.code == 2
    assert "GRACJA_JUDGE_KEY" in said.err
    assert not (desk / "judged.parquet").exists()


def test_without_the_editions_permission_nothing_is_sent(judge, desk, stub):
    text = (desk / "desk.yaml").read_text(encoding="utf-8")
    start, end = text.index("language_model:"), text.index("signals:")
    (desk / "desk.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
    said = judge()
    assert said.code == 2
    assert "does not allow any text to leave" in said.err
    assert not stub.requests


def test_people_who_said_the_same_of_everyone_measure_nothing(judge, desk):
    said = judge("--check", human(desk, wrong=range(1, 60, 2)))
    assert "marked all 60 of 60 contacts alike" in said.err
    assert {row["status"] for row in judged(desk).values()} == {"abstained"}


def test_a_no_of_the_command_line_is_said_before_anything_is_asked(judge, desk, stub):
    assert judge("--check", desk / "nobody.csv").code == 2
    assert judge("--cache", desk / "talks.jsonl").code == 2
    assert not stub.requests


@pytest.mark.parametrize(
    ("lang", "waits", "ends"),
    [
        ("en", "The endpoint does not answer yet", "Nobody answers at this address"),
        ("pl", "Usługa jeszcze nie odpowiada", "Pod tym adresem nikt nie odpowiada"),
    ],
)
def test_an_endpoint_that_is_not_there_is_said_while_it_is_tried(judge, desk, stub, lang, waits, ends):
    stub.close()
    said = judge("--lang", lang)
    assert said.code == 2
    assert said.err.count(waits) == 1
    assert ends in said.err
