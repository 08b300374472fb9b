"""The command line in this process: `gracja("score", ...)` gives exit code, output and errors."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest
from conversation_files import reading, refused, talk, written  # noqa: F401  (fixtures)

from gracja.cli.main import main

EDITION = """\
gracja: 1
id: shop
version: 1
title: {pl: Sklep, en: Shop}
service: {kind: encounter, occupation: shop_assistant}
sequence:
  - part: welcome
    title: {pl: Powitanie, en: Welcome}
    enhancers:
      - enhancer: noticed
        title: {pl: Klient zauważony, en: The customer is noticed}
        evidence: {pl: "Założenie: rozmowy z klientami", en: "Assumption: talks with customers"}
        standards:
          - standard: greet
            behaviour: {pl: "Mówi: „Dzień dobry”", en: "Says: “Good morning”"}
            when: {pl: na początku rozmowy, en: at the start}
            channels: [chat]
            detect: {agent_says: {pl: ["dzień dobry"], en: ["good morning", "hello"]}}
          - standard: thank
            behaviour: {pl: "Mówi: „Dziękuję”", en: "Says: “Thank you”"}
            when: {pl: na końcu rozmowy, en: at the end}
            channels: [chat]
            detect: {agent_says: {pl: ["~dziękować"], en: ["thank*"]}}
"""


@dataclass
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def gracja(capsys, monkeypatch):
    def run(*arguments: Any, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin))))
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    monkeypatch.setenv("GRACJA_LANG", "en")
    return run


@pytest.fixture
def edition(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(EDITION, encoding="utf-8")
    return path


def conversation(number: int, **fields: Any) -> dict[str, Any]:
    """One chat; every third agent forgets the greeting, every fourth the thanks."""
    greeting = "Well?" if number % 3 == 0 else "Hello, how can I help?"
    ending = "Bye" if number % 4 == 0 else "Thank you"
    return {
        "contact": f"c{number}",
        "employee": f"person {number % 6}",
        "channel": "chat",
        "language": "en",
        "turns": [
            {"speaker": "agent", "text": greeting},
            {"speaker": "customer", "text": "My order please"},
            {"speaker": "agent", "text": ending},
        ],
        **fields,
    }


@pytest.fixture
def chats(tmp_path):
    """Write conversations as JSON lines; a string is a line as it stands."""

    def write(*rows: dict[str, Any] | str | bytes, name: str = "chats.jsonl"):
        path = tmp_path / name
        lines = [
            row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode()
            for row in rows
        ]
        path.write_bytes(b"".join(line + b"\n" for line in lines))
        return path

    return write


@pytest.fixture
def good():
    return conversation


@pytest.fixture
def mark():
    def one(**changes):
        record = {
            "contact": "c1",
            "employee": "darek",
            "standard": "greet",
            "edition": "salon@3",
            "source": "review",
            "evaluator": "borys",
            "status": "marked",
            "value": 0.5,
        }
        return record | changes

    return one
