"""A start loads what every page needs, and nothing that one page in a hundred asks for."""

from __future__ import annotations

import subprocess
import sys

LOAD = """
import sys, django
django.setup()
from django.urls import get_resolver, resolve, reverse
get_resolver().url_patterns
reverse("setup")
print(*(name for name in sys.argv[1:] if name in sys.modules))
assert resolve("/api/v1/openapi.json").view_name == "api:openapi"
assert reverse("api:openapi") == "/api/v1/openapi.json"
assert "gracja.app.api.api" in sys.modules
"""


def loaded(*names: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", LOAD, *names], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_no_page_s_own_statistics_fonts_and_dictionaries_are_loaded_at_the_start():
    assert loaded("scipy.stats", "scipy.special", "sklearn", "fontTools", "simplemma") == []


def test_what_answers_programs_is_loaded_when_the_first_of_them_asks():
    assert loaded("ninja.main", "gracja.app.api.api") == []
