"""The JSON Schema of the edition document, for editors that complete and check YAML while one types."""

from __future__ import annotations

from typing import Any

from gracja.engine.edition.model import Edition
from gracja.engine.edition.predicate import KINDS


def edition_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the edition document."""
    schema = Edition.model_json_schema(by_alias=True)
    predicate = schema["$defs"]["Predicate"]
    predicate["oneOf"] = [{"required": [kind]} for kind in KINDS]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
