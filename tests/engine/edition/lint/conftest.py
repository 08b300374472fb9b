"""One small clean edition in each language; a test spoils one line of it and marks that line `# here`."""

from __future__ import annotations

import pytest

from gracja.engine.edition.lint import lint
from gracja.engine.edition.read import read_edition

_EDITION = """\
gracja: 1
id: salon
version: 1
title:
  {lang}: {title}
service: {{kind: relationship}}
signals:
  complains:
    customer_says:
      {lang}: [{complaint}]
sequence:
  - part: welcome
    title:
      {lang}: {title}
    enhancers:
      - enhancer: noticed
        title:
          {lang}: {title}
        evidence:
          {lang}: {evidence}
        standards:
          - standard: greet
            behaviour:
              {lang}: {behaviour}
            when:
              {lang}: {when}
            channels: [in_person, phone]
            rung: initiative
            measure: yes_no
            detect:
              agent_says:
                {lang}: [{greeting}]
"""
_WORDS = {
    "pl": {
        "title": "Powitanie",
        "evidence": "14 z 20 rozmów z klientami",
        "behaviour": "'Mówi: „Dzień dobry”'",
        "when": "gdy klient zaczyna rozmowę",
        "greeting": "dzień dobry",
        "complaint": "~reklamacja",
    },
    "en": {
        "title": "Welcome",
        "evidence": "14 of 20 customer interviews",
        "behaviour": "'Says: “Good morning”'",
        "when": "when the customer begins to speak",
        "greeting": "good morning",
        "complaint": "~complaint",
    },
}


class Page:
    """The clean edition in one language, and ways to spoil it."""

    def __init__(self, lang):
        self.lang = lang
        self.text = _EDITION.format(lang=lang, **_WORDS[lang])

    def spoil(self, old, new):
        assert old in self.text
        self.text = self.text.replace(old, new, 1)
        return self

    def behaviour(self, text, **fields):
        self.spoil(_WORDS[self.lang]["behaviour"], f"'{text.replace(chr(39), chr(39) * 2)}' # here")
        for name, value in fields.items():
            self.field(name, value)
        return self

    def field(self, name, value):
        line = next((one for one in self.text.split("\n") if one.startswith(f"            {name}:")), None)
        if line is None:
            return self.spoil("            rung:", f"            {name}: {value}\n            rung:")
        return self.spoil(line, f"            {name}: {value}")

    def when(self, text):
        return self.spoil(_WORDS[self.lang]["when"], f"'{text}' # here")

    def detect(self, block):
        """Another detector; `block` is indented from 0."""
        at = self.text.index("            detect:")
        inner = "".join(f"              {line}\n" for line in block.strip("\n").split("\n"))
        self.text = self.text[:at] + "            detect:\n" + inner
        return self

    @property
    def marked(self):
        """Line and column of what stands on the marked line."""
        lines = self.text.split("\n")
        line = next(i for i, text in enumerate(lines) if "# here" in text)
        stripped = lines[line].lstrip(" ").removeprefix("- ")
        return line + 1, lines[line].index(stripped) + 1

    def findings(self):
        return lint(read_edition(self.text, file="salon.yaml"))

    def found(self, code):
        return [finding for finding in self.findings() if finding.code == code]


@pytest.fixture(params=["pl", "en"])
def lang(request):
    return request.param


@pytest.fixture
def page(lang):
    return Page(lang)


@pytest.fixture
def page_in():
    return Page
