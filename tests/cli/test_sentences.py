"""What is said of errors, in both languages."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest
from ruamel.yaml import YAML

from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import ManyInputErrors
from gracja.wording.sentences import CATALOGUES, LANGUAGES, catalogue, say_error


def test_every_sentence_has_both_languages():
    for code, sentence in catalogue("errors").items():
        assert set(sentence) == set(LANGUAGES), code


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "path", [("version",), ("effective_from",), ("title",), ("sequence",), ("aspire", "base"), ("service",)]
)
def test_a_wrong_type_in_an_edition_is_said_without_a_programs_words(path, lang):
    wrong = {
        "version": "one",
        "effective_from": "soon",
        "title": 5,
        "sequence": "x",
        "base": "much",
        "service": 5,
    }
    tree = YAML(typ="safe").load(bundled_text("salon"))
    tree.pop("effective_from")  # JSON has no dates
    below = tree
    for step in path[:-1]:
        below = below.setdefault(step, {})
    below[path[-1]] = wrong[path[-1]]

    with pytest.raises(ManyInputErrors) as error:
        read_edition(json.dumps(tree, default=str))

    said = say_error(error.value, lang)
    assert str(wrong[path[-1]]) in said
    assert not re.search(r"_type|_parsing|_from_", said)


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_catalogue_is_read_as_yaml_reads_it(name):
    text = files("gracja.wording").joinpath(f"{name}.yaml").read_text(encoding="utf-8")

    assert catalogue(name) == YAML(typ="safe").load(text)
