"""What no template may hold: words outside translation, style and script inside the page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import gracja.app.web

WEB = Path(gracja.app.web.__file__).parent
TEMPLATES = sorted(path for path in WEB.rglob("templates/**/*") if path.suffix in (".html", ".txt", ".svg"))
SAME_IN_BOTH = {"Gracja", "Polski", "English", "PL", "EN", "CSV", "YAML", "PDF", "JSON", "API", "QR", "https"}
READ_ALOUD = {"alt", "aria-label", "aria-description", "placeholder", "title"}

# the block `entry` of bare.html holds names of classes
_TRANSLATED = re.compile(
    r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{% block entry %}.*?{% endblock %}|"
    r"{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}",
    re.DOTALL,
)
_CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{2,}")


class Page(HTMLParser):
    """What a browser would be given, as far as a template shows it."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._raw = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        # what stands in code is written the same in every language
        in_code = tag in ("code", "kbd", "samp") or "code" in (given.get("class") or "").split()
        self._raw = in_code or tag in ("script", "style")
        if tag == "style":
            self._fault("<style> in the page")
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self._fault("<script> in the page")
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on", "data-hx-on")):
                self._fault(f"{name}= is forbidden by the page's CSP")
            if re.match(r"\s*(?:js|javascript):", value or ""):
                self._fault(f"{name}= holds code")
            if name in READ_ALOUD:
                self._words(value or "", f"{name}=")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):  # noqa: ARG002
        self._raw = False

    def handle_data(self, data):
        if not self._raw:
            self._words(data, "text")

    def _words(self, text, where):
        if bare := [word for word in _WORD.findall(text) if word not in SAME_IN_BOTH]:
            self._fault(f"{where} outside translation: {' '.join(bare)[:60]}")

    def _fault(self, what):
        self.faults.append(f"line {self.getpos()[0]}: {what}")


def faults(template: str) -> list[str]:
    keep_lines = lambda found: "\n" * found.group().count("\n")  # noqa: E731
    page = Page()
    shown = _CODE.sub(keep_lines, _TRANSLATED.sub(keep_lines, template))
    # a part that holds nothing but attributes stands within its tag
    page.feed(f"<form {shown}>" if re.match(r"[a-z-]+=\"", shown) else shown)
    page.close()
    return page.faults


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_template_speaks_through_translation_and_keeps_to_the_csp(path):
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("<p>\nSave</p>", "line 1: text outside translation: Save"),
        ('<a title="Save">x</a>', "line 1: title= outside translation: Save"),
        ('<i style="top:0"></i>', "line 1: style= is forbidden by the page's CSP"),
        ('<i onclick="x()"></i>', "line 1: onclick= is forbidden by the page's CSP"),
        ('<i hx-on:click="x()"></i>', "line 1: hx-on:click= is forbidden by the page's CSP"),
        ("<i hx-vals='js:x()'></i>", "line 1: hx-vals= holds code"),
        ("\n<script>x()</script>", "line 2: <script> in the page"),
        ("<style>a {}</style>", "line 1: <style> in the page"),
    ],
)
def test_a_fault_is_found(template, fault):
    assert faults(template) == [fault]


@pytest.mark.parametrize(
    "template",
    [
        '<p>{% translate "Save" %} {{ name }} 12 %</p>',
        '<dt class="code">zmieni*</dt><dd>{% translate "every word that begins so" %}</dd>',
        "{% block entry %}entry entry--wide{% endblock %}",
        "<p>{% blocktranslate %}Save <b>all</b>{% endblocktranslate %}</p>",
        '<a{% if here %} aria-current="page"{% endif %} title="{% translate "Save" %}">{# why #}Gracja</a>',
        '<script type="module" src="{% static "gracja/page.js" %}"></script>',
    ],
)
def test_what_is_right_is_left_alone(template):
    assert faults(template) == []
