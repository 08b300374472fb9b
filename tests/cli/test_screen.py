"""What stands on the screen: one language, no stray lines, and pure data on standard output."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
from rich.console import Console

from gracja.cli.screen import Screen

WRONG = [
    (["run"], "Brakuje argumentu"),
    (["score", "x"], "Brakuje opcji '--edition' / '-e'."),
    (["score", "x", "-e"], "Opcja '-e' wymaga wartości."),
    (["fly"], "Nie ma polecenia „fly”."),
    (["score", "x", "--wrong"], "Nie ma opcji --wrong."),
    (["measure", "x", "-e", "y", "--source", "z"], "Niewłaściwa wartość '--source'"),
    (["lint"], "Niewłaściwa wartość FILE"),
    (["score", "x", "-e", "y", "--workers", "two"], "potrzebna jest liczba całkowita"),
    (["score", "x", "-e", "y", "--batch", "0.5"], "potrzebna jest liczba całkowita"),
    (["score", "x", "-e", "y", "--workers", "-1"], "'--workers': musi wynosić co najmniej 0."),
    (["sample", "x", "-e", "y", "--observations", "z", "--budget", "0"], "musi wynosić co najmniej 1."),
    (["sample", "x", "-e", "y", "--random-share", "half"], "potrzebna jest liczba,"),
    (["schema", "x"], "To zbędne: x."),
]
ENGLISH = ("Usage", "OPTIONS", "Try", "Missing", "Invalid", "No such", "Input")


def test_a_command_that_shows_no_help_loads_no_module_of_pretty_help():
    loaded = (
        "import sys; from gracja.cli.main import main\n"
        "try: main(['editions'])\n"
        "except SystemExit as left: print(left.code, 'typer.rich_utils' in sys.modules, file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=False)

    assert done.stderr.splitlines()[-1] == "None False"


def test_after_polish_help_english_help_is_english(gracja):
    assert "Opcje" in gracja("--lang", "pl", "lint", "--help").out
    assert "Opcje" not in gracja("--lang", "en", "lint", "--help").out


@pytest.mark.parametrize(
    ("arguments", "said"), WRONG, ids=lambda given: " ".join(given) if isinstance(given, list) else None
)
def test_wrong_usage_is_said_in_polish(gracja, monkeypatch, arguments, said):
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    done = gracja(*arguments, "--lang", "pl")

    assert done.code == 2
    assert said in done.err
    assert not [word for word in ENGLISH if word in done.err]


def test_help_is_polish_where_polish_is_asked_for_and_english_afterwards(gracja):
    polish, english = gracja("score", "--help", "--lang", "pl").out, gracja("score", "--help").out

    assert "Pokaż ten tekst." in polish
    assert not [word for word in ("Usage", "OPTIONS", "Show this", "required") if word in polish]
    assert "Show this text." in english
    assert not [word for word in ("Użycie", "OPCJE", "wymagane", "Opcje") if word in english]


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_progress_leaves_no_empty_lines_where_nobody_watches(gracja, chats, good, edition, tmp_path, lang):
    done = gracja(
        "run", chats(*(good(n) for n in range(9))), "-e", edition, "-o", tmp_path / "o", "--lang", lang
    )

    assert done.code == 0
    assert "" not in done.err.splitlines()
    assert done.out == ""


def test_standard_output_is_data_and_nothing_else(gracja, chats, good, edition, tmp_path):
    talks, marks, results = (
        chats(*(good(n) for n in range(9)), "{"),
        tmp_path / "o.parquet",
        tmp_path / "r.parquet",
    )
    for arguments in (
        ["run", talks, "-e", edition, "-o", tmp_path / "run"],
        ["score", talks, "-e", edition, "-o", marks],
        ["measure", marks, "-e", edition, "-o", results],
        ["editions"],
        ["lint", edition],
    ):
        done = gracja(*arguments, "--format", "json", "--lang", "pl")
        assert done.code == 0
        assert json.loads(done.out) is not None


def test_who_watches_sees_the_step_beside_the_bar():
    screen, seen = Screen("en"), io.StringIO()
    screen.console = Console(file=seen, force_terminal=True, width=120)
    with screen.stage("learn") as stage:
        stage.step("learning_standard", "greet", 1, 2)
        stage.step("learning_standard", "thank", 2, 2)

    assert "thank" in seen.getvalue()
    assert "Learning thank" not in seen.getvalue()
