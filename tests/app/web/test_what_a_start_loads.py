"""A start loads what every page needs, and nothing that one page in a hundred asks for."""

from __future__ import annotations

import subprocess
import sys

LOAD = """
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print(*(name for name in ("scipy.stats", "sklearn") if name in sys.modules))
"""


def test_no_page_s_own_statistics_are_loaded_at_the_start():
    done = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []
