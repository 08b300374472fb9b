"""Whatever is written into the log can be read in words."""

from __future__ import annotations

import re
from pathlib import Path

import gracja.app
from gracja.app.web.organisation.logbook import SENTENCES

APP = Path(gracja.app.__file__).parent
RECORDED = re.compile(r'audit\.record\(\s*"([a-z_]+\.[a-z_]+)"|_note\(\w+, "([a-z]+\.[a-z]+)"')


def test_every_action_that_is_recorded_has_a_sentence():
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(APP.rglob("*.py")))
    actions = {one or other for one, other in RECORDED.findall(text)}

    assert len(actions) > 90
    assert sorted(actions - SENTENCES.keys()) == []
