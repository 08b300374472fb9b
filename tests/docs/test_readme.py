"""What README shows of the command line is what it prints, and README leads to every page of the manual."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from gracja.cli.main import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```console\n\$ \./run gracja ([^\n]*)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def test_every_command_shown_with_its_output_prints_just_that(capsys):
    assert SHOWN
    for words, output in SHOWN:
        with pytest.raises(SystemExit) as ended:
            main(["--lang", "en", *shlex.split(words)])
        assert not ended.value.code  # none, and 0, mean that all went well
        assert capsys.readouterr().out == output


@pytest.mark.parametrize("language", ["en", "pl"])
def test_every_page_of_the_manual_is_found_from_the_readme(language):
    pages = {path.name for path in (ROOT / "docs/manual" / language).glob("*.md")} - {"index.md"}

    assert pages
    assert not {page for page in pages if f"](docs/manual/{language}/{page})" not in README}
