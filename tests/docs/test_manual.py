"""What the manual shows is true: its editions are read, its conversations judged, its commands exist.

A fenced block says in its first line what it is: `yaml edition` (a whole one), `yaml signals`,
`yaml standard` (a whole one, or only its `measure` and `detect`), `text` behind a standard (conversations
and the marks they get), `console` (commands behind `$`), `json`.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
import typer
from ruamel.yaml import YAML

from gracja.cli.main import build
from gracja.engine.detect import detect
from gracja.engine.edition import model, predicate
from gracja.engine.edition.language_model import LanguageModel, Prices
from gracja.engine.edition.lint import RULES, lint
from gracja.engine.edition.model import Edition
from gracja.engine.edition.read import read_edition
from gracja.engine.measure.measured import NOT_MEASURED_CODES, PROVISIONAL_CODES
from gracja.engine.tables import CONVERSATIONS, OBSERVATIONS, RESULTS

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "docs/manual"
PAIRS = {
    "index.md": "index.md",
    "first-steps.md": "pierwsze-kroki.md",
    "conversations.md": "rozmowy.md",
    "edition.md": "wydanie.md",
    "standards.md": "standardy.md",
    "which-to-read.md": "co-czytac.md",
    "planning-reviews.md": "plan-ocen.md",
    "language-model-judge.md": "sedzia-jezykowy.md",
    "archive.md": "archiwum.md",
    "results.md": "wyniki.md",
    "learned-detectors.md": "wyuczone-detektory.md",
    "certainty.md": "pewnosc.md",
    "does-a-gesture-work.md": "czy-gest-dziala.md",
    "customer-state.md": "stan-klienta.md",
    "command-line.md": "polecenia.md",
    "python.md": "w-pythonie.md",
    "start.md": "uruchomienie.md",
    "organisation.md": "organizacja.md",
    "studio.md": "studio.md",
    "our-standards.md": "nasze-standardy.md",
    "counter.md": "przy-kliencie.md",
    "gestures.md": "gesty.md",
    "customers.md": "klienci.md",
    "club.md": "klub.md",
    "recovery.md": "naprawa.md",
    "situation-rules.md": "zasady-sytuacji.md",
    "visits-and-conversations.md": "wizyty-i-rozmowy.md",
    "results-in-the-browser.md": "wyniki-w-przegladarce.md",
    "looking-after-it.md": "utrzymanie.md",
    "rest-interface.md": "interfejs-rest.md",
}
PAGES = sorted([*(f"en/{name}" for name in PAIRS), *(f"pl/{name}" for name in PAIRS.values())])
LINKED = [
    *(MANUAL / page for page in PAGES),
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
]
DEFAULTS = {"behaviour": "Does it", "channels": ["chat"]}
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SPEAKERS = {
    "agent": "agent",
    "pracownik": "agent",
    "customer": "customer",
    "klient": "customer",
    "system": "system",
}
SAID = {
    "not applicable": "not_applicable",
    "nie dotyczy": "not_applicable",
    "not seen": "not_seen",
    "nie widziano": "not_seen",
    "abstained": "abstained",
    "wstrzymano się": "abstained",
}
CUT_OFF = ("(cut off)", "(urwana)")


class Block(NamedTuple):
    kind: str
    text: str


def text_of(page: str) -> str:
    return (MANUAL / page).read_text(encoding="utf-8")


def blocks(text: str) -> list[Block]:
    found = re.findall(r"^ *```([^\n]*)\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return [Block(kind.strip(), body) for kind, body in found]


def plain(text: str) -> Any:
    return YAML(typ="safe").load(text)


def standards_of(page: str) -> list[tuple[dict[str, Any], str]]:
    """Every standard of a page, with the conversations that follow it."""
    found: list[tuple[dict[str, Any], str]] = []
    behind = False
    for number, block in enumerate(blocks(text_of(page))):
        if block.kind == "yaml standard":
            given = plain(block.text)
            fields = given[0] if isinstance(given, list) else given
            found.append(({"standard": f"example_{number}", **DEFAULTS, **fields}, ""))
        elif block.kind == "text" and behind:
            found[-1] = (found[-1][0], block.text)
        behind = block.kind == "yaml standard"
    return found


def edition_of(page: str) -> Edition:
    """All signals and standards of a page as one edition."""
    given = [plain(block.text)["signals"] for block in blocks(text_of(page)) if block.kind == "yaml signals"]
    signals = {name: signal for several in given for name, signal in several.items()}
    return _edition_with(*(standard for standard, _ in standards_of(page)), signals=signals)


def _edition_with(*standards: dict[str, Any], signals: dict[str, Any] | None = None) -> Edition:
    return read_edition(json.dumps(_document(standards, signals), ensure_ascii=False)).edition


def _document(standards: Sequence[dict[str, Any]], signals: dict[str, Any] | None = None) -> dict[str, Any]:
    """The smallest edition that holds these standards; as JSON it is YAML too."""
    enhancers = [{"enhancer": "one", "title": "One", "standards": standards}]
    return {
        "gracja": 1,
        "id": "manual",
        "version": 1,
        "title": "Manual",
        "service": {"kind": "encounter"},
        "signals": signals or {},
        "sequence": [{"part": "whole", "title": "Whole", "enhancers": enhancers}],
    }


def conversations(text: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Each conversation of a block with the mark that stands behind its arrow."""
    for part in re.split(r"\n\s*\n", text.strip()):
        *lines, last = [line.strip() for line in part.splitlines()]
        assert last.startswith("→"), last
        complete = lines[0] not in CUT_OFF
        turns = [_turn(line) for line in lines if line not in CUT_OFF]
        row = {
            "contact": "c1",
            "employee": "darek",
            "customer": None,
            "place": None,
            "channel": "chat",
            "language": None,
            "started_at": None,
            "complete": complete,
            "turns": turns,
        }
        yield row, last.removeprefix("→").strip()


def _turn(line: str) -> dict[str, Any]:
    """`agent @30 (ola): Hello`: 30 seconds in, said by ola; `system: [booked]`: an event."""
    found = re.fullmatch(r"(\w+)(?: @(\d+))?(?: \((\w+)\))?: (.*)", line)
    assert found, line
    who, seconds, employee, text = found.groups()
    event = text.strip("[]") if text.startswith("[") else None
    return {
        "speaker": SPEAKERS[who],
        "employee": employee,
        "text": "" if event else text,
        "event": event,
        "at": START + timedelta(seconds=float(seconds)) if seconds else None,
    }


def mark_of(row: dict[str, Any], standard: str, edition: Edition) -> str:
    table = pa.Table.from_pylist([row], schema=CONVERSATIONS)
    marks = [mark for mark in detect(table, edition).to_pylist() if mark["standard"] == standard]
    said = []
    for mark in sorted(marks, key=lambda mark: mark["employee"] or ""):
        value = mark["status"] if mark["status"] != "marked" else f"{mark['value']:g}"
        said.append(value if mark["employee"] == "darek" else f"{mark['employee']}: {value}")
    return ", ".join(said)


every_page = pytest.mark.parametrize("page", PAGES)
edition_pages = pytest.mark.parametrize("page", ["en/edition.md", "pl/wydanie.md"])


@every_page
def test_every_whole_edition_of_the_manual_is_read_and_passes_the_linter(page):
    for block in blocks(text_of(page)):
        if block.kind == "yaml edition":
            errors = [finding for finding in lint(read_edition(block.text)) if finding.severity == "error"]
            assert not errors


@every_page
def test_every_standard_and_signal_of_the_manual_is_read(page):
    if standards_of(page):
        assert edition_of(page)


@every_page
def test_every_yaml_block_says_what_it_is(page):
    kinds = {block.kind for block in blocks(text_of(page))}
    known = {"yaml edition", "yaml standard", "yaml signals", "yaml workflow", "yaml draft"}
    known |= {"yaml conditions", "console", "text", "json", "python", "sql", ""}

    assert kinds <= known
    for block in blocks(text_of(page)):
        if block.kind.startswith("yaml"):
            assert plain(block.text)


@edition_pages
def test_every_conversation_of_the_manual_gets_the_mark_that_it_shows(page):
    language = page[:2]
    edition = edition_of(page)
    shown, wrong = 0, []
    for standard, text in standards_of(page):
        for row, said in conversations(text) if text else ():
            shown += 1
            marked = mark_of({**row, "language": language}, standard["standard"], edition)
            if marked != SAID.get(said, said.replace(",", ".") if said[0].isdigit() else said):
                wrong.append((standard["standard"], [turn["text"] for turn in row["turns"]], said, marked))
    assert not wrong
    assert shown > 25


@edition_pages
def test_every_phrase_of_the_manual_finds_what_it_says_and_nothing_else(page):
    table = re.split(r"^\| (?:phrase|fraza) \|", text_of(page), flags=re.MULTILINE)[1].split("\n\n")[0]
    rows = re.findall(r"^\| `([^`]+)` \|([^|]*)\|([^|]*)\|([^|]*)\|$", table, re.MULTILINE)
    found = [
        (phrase, cell, value) for phrase, _, met, unmet in rows for cell, value in ((met, "1"), (unmet, "0"))
    ]
    spoken = [(p, said, value) for p, cell, value in found for said in re.findall(r"[“„]([^”]+)”", cell)]
    assert len(spoken) > 12
    for phrase, sentence, value in spoken:
        edition = _edition_with({**DEFAULTS, "standard": "s", "detect": {"agent_says": [phrase]}})
        ((row, _),) = conversations(f"agent: {sentence}\n→ {value}")
        assert mark_of({**row, "language": page[:2]}, "s", edition) == value, (phrase, sentence)


@edition_pages
def test_every_field_of_the_edition_is_in_the_manual(page):
    shapes = [
        model.Edition,
        model.Service,
        model.Aspire,
        LanguageModel,
        Prices,
        model.Part,
        model.Enhancer,
        model.Standard,
        predicate.Predicate,
        predicate.Where,
        predicate.Timed,
        model.ScaleMeasure,
        model.CountMeasure,
        model.SecondsMeasure,
    ]
    fields = {field.alias or name for shape in shapes for name, field in shape.model_fields.items()}
    text = text_of(page)

    assert not {field for field in fields if not re.search(rf"`[^`\n]*\b{field}\b", text)}


def commands(text: str) -> Iterator[list[str]]:
    """Every `gracja ...` behind a `$` in a console block, as words, without pipes and comments."""
    for block in blocks(text):
        if block.kind == "console":
            for line in block.text.splitlines():
                if line.lstrip().startswith("$ "):
                    for part in re.split(r"\||&&|;", line.lstrip()[2:]):
                        words = shlex.split(part.split(">")[0], comments=True)
                        words = words[1:] if words[:1] == ["./run"] and words[1:2] == ["gracja"] else words
                        words = ["gracja", *words[1:]] if words[:2] == ["./run", "demo"] else words
                        if words and words[0] == "gracja":
                            yield words[1:]


@pytest.mark.parametrize("path", LINKED, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_of_the_manual_exists_with_its_options(path):
    group = typer.main.get_command(build("en"))
    for words in commands(path.read_text(encoding="utf-8")):
        name = next((word for word in words if not word.startswith("-") and word not in ("pl", "en")), None)
        assert name is None or name in group.commands, words
        options = {option for parameter in group.params for option in parameter.opts} | {"--help", "-h"}
        if name:
            command = group.commands[name]
            if hasattr(command, "commands"):
                command = command.commands[words[words.index(name) + 1]]
            options |= {option for parameter in command.params for option in parameter.opts}
        given = {word.split("=")[0] for word in words if word.startswith("-") and word != "-"}
        assert given <= options, words


@pytest.mark.parametrize("page", ["en/command-line.md", "pl/polecenia.md"])
def test_every_command_and_option_is_in_the_manual(page):
    text = text_of(page)
    group = typer.main.get_command(build("en"))
    for name, command in group.commands.items():
        assert f"gracja {name}" in text
        for parameter in command.params:
            for option in parameter.opts:
                assert not option.startswith("--") or f"`{option}" in text or option == "--help", option


@pytest.mark.parametrize("page", ["en/archive.md", "pl/archiwum.md"])
def test_every_command_of_the_archive_stands_with_its_options_in_the_manual(page):
    for name, command in typer.main.get_command(build("en")).commands["archive"].commands.items():
        row = re.search(rf"^\| `gracja archive {name}` .*", text_of(page), re.MULTILINE)[0]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {option for option in options if option.startswith("--")} == set(
            re.findall(r"`(--[\w-]+)`", row)
        )


@pytest.mark.parametrize("page", ["en/results.md", "pl/wyniki.md"])
def test_every_column_and_every_reason_is_in_the_manual(page):
    text = text_of(page)
    ends = [name for name in RESULTS.names if not name.endswith(("_low", "_high")) or "rank" in name]
    words = [*OBSERVATIONS.names, *ends, *PROVISIONAL_CODES, *NOT_MEASURED_CODES]

    assert not [word for word in words if f"`{word}`" not in text]


@pytest.mark.parametrize("page", ["en/standards.md", "pl/standardy.md"])
def test_every_code_of_the_linter_is_in_the_manual_and_no_other(page):
    assert set(re.findall(r"GR\d{3}", text_of(page))) == set(RULES)


def test_every_page_stands_in_both_languages():
    for folder, names in (("en", PAIRS), ("pl", PAIRS.values())):
        assert {path.name for path in (MANUAL / folder).glob("*.md")} == set(names)


@pytest.mark.parametrize("path", LINKED, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(path):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]

    assert not [link for link in local if not (path.parent / link).exists()]


TEXTS = re.compile(r"[“„](.+?)”(?= *[,|]| *$)")


@pytest.mark.parametrize("page", ["en/standards.md", "pl/standardy.md"])
def test_every_bad_example_is_found_by_its_code_and_no_good_one_is(page):
    tried = set()
    for line in text_of(page).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not re.match(r"GR(101|102|103|104|105|106|207|301)\b", cells[0]):
            continue
        code = cells[0][:5]
        tried.add(code)
        for cell, wanted in ((cells[2], True), (cells[3], False)):
            found = {
                finding.code
                for finding in lint(read_edition(json.dumps(_as_standard(page, code, cell, cells[2]))))
            }
            assert (code in found) == wanted, (code, cell, found)
    assert len(tried) == 8


def _as_standard(page: str, code: str, cell: str, bad: str) -> dict[str, Any]:
    """The edition that a cell of the table speaks of; where it says "the same", the bad one, changed."""
    polish = page.startswith("pl")
    said = TEXTS.findall(cell)
    behaviour = (said if said and "`when`" not in cell else TEXTS.findall(bad))[:1]
    situation = "gdy klient pyta o cenę" if polish else "when the customer asks for the price"
    if code == "GR106":
        behaviour = ["Podaje cenę" if polish else "Names the price"]
    when = said[-1] if "`when`:" in cell else None if code == "GR103" else situation
    mode = "personal" if "personal" in cell else "any"
    channel = next((name for name in ("phone", "in_person") if f"[{name}]" in cell), "in_person")
    standard = {
        "standard": "s",
        "behaviour": {page[:2]: behaviour[0]},
        **({"when": {page[:2]: when}} if when else {}),
        "channels": [channel],
        "service_mode": mode,
    }
    return _document([standard])
