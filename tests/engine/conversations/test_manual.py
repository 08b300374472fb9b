"""What the manual shows is what the readers take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gracja.engine.conversations.flat import read_flat_jsonl
from gracja.engine.conversations.jsonl import read_jsonl
from gracja.engine.conversations.kinds import OBSERVATION
from gracja.engine.conversations.outcome import Accepted
from gracja.engine.conversations.sheet import Sheet, check_sheet
from gracja.engine.conversations.turns_csv import read_turns_csv
from gracja.wording.sentences import catalogue

ROOT = Path(__file__).parents[3]
ROOMS = [*(ROOT / "src/gracja/engine/conversations").glob("*.py"), ROOT / "src/gracja/files/opening.py"]
RAISED = re.compile(r'(?:WrongError|EngineInputError|Noticed|Rule)\(\s*"(\w+)"|\("(\w+)", None\)')
CODES = {
    found[1] or found[2] for path in ROOMS for found in RAISED.finditer(path.read_text(encoding="utf-8"))
} - {"line_blank"}

manuals = pytest.mark.parametrize("page", ["en/conversations.md", "pl/rozmowy.md"])


def blocks(page: str, kind: str) -> list[bytes]:
    text = (ROOT / "docs/manual" / page).read_text(encoding="utf-8")
    found = re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [block.encode() for named, block in found if named == kind]


@manuals
def test_the_examples_of_the_manual_are_accepted(page):
    conversation, observation = blocks(page, "json")
    (turns,) = (block for block in blocks(page, "") if block.startswith(b"contact;"))

    for (outcome,) in (read_jsonl([conversation]), read_turns_csv(lambda: [turns])):
        assert isinstance(outcome, Accepted)
        assert outcome.notices == ()
    (sheet,) = read_flat_jsonl(OBSERVATION, [observation])
    assert isinstance(sheet, Sheet)
    good, rejections = check_sheet(OBSERVATION, sheet)
    assert (good.table.num_rows, rejections) == (1, [])


@manuals
def test_every_code_is_in_the_manual(page):
    text = (ROOT / "docs/manual" / page).read_text(encoding="utf-8")

    assert len(CODES) > 50
    assert not {code for code in CODES if f"`{code}`" not in text}


def test_every_code_has_a_sentence():
    assert not CODES - catalogue("errors").keys()
