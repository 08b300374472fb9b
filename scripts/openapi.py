"""Write docs/openapi.json anew: .venv/bin/python scripts/openapi.py"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import django

KEPT = Path(__file__).parents[1] / "docs" / "openapi.json"

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "gracja.app.settings"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRACJA_HOME"] = folder
        django.setup()
        from gracja.app.api.document import document

        KEPT.write_text(json.dumps(document(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(document()['paths'])} addresses in docs/openapi.json")
