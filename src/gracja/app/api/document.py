"""The OpenAPI document: what django-ninja knows, and what it cannot: problems, scopes, repeats."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, Final

from gracja.app.api.api import api
from gracja.app.api.problems import MEDIA_TYPE
from gracja.app.api.repeats import HEADER, KEY

ROOT: Final = "/api/v1/"
SAYS: Final = {
    400: "The body is not JSON.",
    401: "No token, or one that is not valid (any more).",
    403: "The token lacks the scope, or its person the permission.",
    404: "Not there, or not for this person.",
    405: "Another method than those documented here.",
    409: "A rule of the house refuses it; `code` says which.",
    413: "The body is too large.",
    422: "Something in the address, a parameter or the body does not fit.",
}
PROBLEM: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "facts", "instance"],
    "properties": {
        "type": {"type": "string", "description": "`urn:gracja:problem:` and the code."},
        "title": {"type": "string", "description": "The kind of problem, in the caller's language."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What, why, and what to do, in the caller's language."},
        "code": {"type": "string", "description": "For programs; never changes its meaning."},
        "facts": {"type": "object", "description": "The values that stand in `detail`."},
        "instance": {"type": "string", "description": "The address that was asked."},
        "errors": {
            "type": "array",
            "description": "Every value that does not fit.",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string", "description": "Where it stands: `body.name`."},
                    "line": {"type": ["integer", "null"], "description": "In a document: its line."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_KEY: Final[dict[str, Any]] = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "Chosen by the caller, such as a UUID. The same key within 24 hours: the same answer, "
    "and nothing is done again. The same key with another request is refused.",
    "schema": {"type": "string", "pattern": KEY.pattern},
}


@cache
def document() -> dict[str, Any]:
    """The whole document, as docs/openapi.json keeps it."""
    made = dict(api.get_openapi_schema(path_prefix=ROOT))
    made.pop("servers")
    made["components"]["schemas"]["Problem"] = PROBLEM
    made["components"]["securitySchemes"] = {
        "Token": {"type": "http", "scheme": "bearer", "description": "`gracja_…`, made under *Tokens*."},
        "Session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "A browser that is signed in; to read only.",
        },
    }
    for path in made["paths"].values():
        for method, operation in path.items():
            _complete(operation, writes=method != "get")
    return _renamed(made)


def _renamed(made: dict[str, Any]) -> dict[str, Any]:
    """Shapes by the names that a reader knows: Run and PageOfRun instead of our classes'."""
    text = re.sub(r"\bPage_(\w+?)Out_", r"PageOf\1", json.dumps(made))
    renamed: dict[str, Any] = json.loads(re.sub(r"(?<=schemas/)(\w+)Out\b", r"\1", text))
    shapes = renamed["components"]["schemas"]
    renamed["components"]["schemas"] = {
        name.removesuffix("Out"): shapes[name] | {"title": name.removesuffix("Out")}
        for name in sorted(shapes)
    }
    return renamed


def _complete(operation: dict[str, Any], *, writes: bool) -> None:
    scope = operation.pop("x-scope")
    operation["operationId"] = operation["operationId"].rsplit("gracja_app_api_", 1)[-1].split("_", 1)[1]
    operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
    operation["description"] = f"{operation.get('description', '').strip()}\n\nScope: `{scope}`."
    operation["security"] = [{"Token": [scope]}] + ([] if writes else [{"Session": []}])
    if writes:
        operation["parameters"].append(_KEY)
    operation["responses"] = {str(status): answer for status, answer in operation["responses"].items()}
    media_type = operation.pop("x-media-type", "application/json")
    for answer in operation["responses"].values():
        answer["content"] = {media_type: next(iter(answer["content"].values()))}
    for status in operation.pop("x-problems"):
        operation["responses"][str(status)] = {
            "description": SAYS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
