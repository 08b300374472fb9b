"""What README and the manual show of Python runs as it stands there."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", ["README.md", "docs/manual/en/python.md", "docs/manual/pl/w-pythonie.md"])
def test_the_examples_run_as_they_stand(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    shown = "\n".join(re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    examples = doctest.DocTestParser().get_doctest(shown, {}, page, page, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)

    assert examples.examples
    assert runner.run(examples).failed == 0
