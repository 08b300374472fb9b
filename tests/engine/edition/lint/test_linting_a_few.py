"""While a standard is written, it alone is linted: with what the whole edition would find in it."""

from __future__ import annotations

import pytest

from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.lint import lint, lint_standards
from gracja.engine.edition.read import EditionDocument, check_edition, read_edition
from gracja.engine.edition.write import as_json

VAGUE = {"pl": "Uprzejmie i szybko wita klienta i pyta o zdanie", "en": "Greets nicely and helps fast"}


def plain(findings):
    return [(one.code, one.severity, one.path, one.spans, one.rewording, one.facts) for one in findings]


@pytest.mark.parametrize("trade", ["salon", "contact_centre"])
def test_a_standard_linted_alone_shows_what_the_whole_edition_shows(trade):
    document = read_edition(bundled_text(trade), file=f"{trade}.yaml")
    spoilt = as_json(document.edition)
    for part in spoilt["sequence"]:
        for enhancer in part.get("enhancers", []):
            for at, standard in enumerate(enhancer.get("standards", [])):
                if at == 0:
                    standard["behaviour"] = dict(VAGUE)
                    standard["critical"] = True
    edition = check_edition(spoilt)
    whole = lint(EditionDocument(edition, document.tree))

    together = [
        finding
        for _, _, standard in edition.standards()
        for finding in lint_standards(edition, [standard.standard])
    ]

    assert together
    assert sorted(map(str, plain(together))) == sorted(
        str(one) for one in plain(finding for finding in whole if finding.path[4:5] == ("standards",))
    )
