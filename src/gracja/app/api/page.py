"""The documentation page, made on the server from the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gracja.app.api.document import document


@dataclass(frozen=True)
class Field:
    name: str
    kind: str  # as one reads it: text, list of Place
    required: bool
    about: str
    where: str = ""


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    title: str
    about: list[str]
    scope: str
    parameters: list[Field]
    body: str
    answers: list[tuple[str, str, str]]  # status, what it means, shape
    tag: str
    anchor: str = field(default="")


@dataclass(frozen=True)
class Shape:
    name: str
    about: str
    fields: list[Field]


@login_not_required
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Every operation and shape, readable without any script."""
    made = document()
    operations = [
        _operation(path, method, one) for path, ways in made["paths"].items() for method, one in ways.items()
    ]
    return render(
        request,
        "tokens/interface.html",
        {
            "about": made["info"]["description"].split("\n\n"),
            "tags": [(tag, [one for one in operations if one.tag == tag["name"]]) for tag in made["tags"]],
            "shapes": [_shape(name, one) for name, one in sorted(made["components"]["schemas"].items())],
        },
    )


def _operation(path: str, method: str, made: dict[str, Any]) -> Operation:
    body = made.get("requestBody", {}).get("content", {})
    return Operation(
        method=method.upper(),
        path=path,
        title=made["summary"],
        about=made["description"].rsplit("\n\nScope:", 1)[0].split("\n\n"),
        scope=made["security"][0]["Token"][0],
        parameters=[
            Field(one["name"], _kind(one["schema"]), one["required"], one.get("description", ""), one["in"])
            for one in made["parameters"]
        ],
        body=next((_kind(one["schema"]) for one in body.values()), ""),
        answers=[
            (
                status,
                one["description"],
                next((_kind(form["schema"]) for form in one.get("content", {}).values()), ""),
            )
            for status, one in sorted(made["responses"].items())
        ],
        tag=made["tags"][0],
        anchor=made["operationId"],
    )


def _shape(name: str, made: dict[str, Any]) -> Shape:
    required = made.get("required", ())
    return Shape(
        name,
        made.get("description", ""),
        [
            Field(field_name, _kind(one), field_name in required, one.get("description", ""))
            for field_name, one in made.get("properties", {}).items()
        ],
    )


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    match schema:
        case {"$ref": name}:
            said = str(name).rsplit("/", 1)[-1]
        case {"anyOf": ways}:
            said = " | ".join(_kind(one) for one in ways)
        case {"enum": [*values]} | {"const": values}:
            said = " | ".join(f"“{one}”" for one in (values if isinstance(values, list) else [values]))
        case {"type": "array"}:
            said = f"[{_kind(schema.get('items', {}))}]"
        case {"type": [*types]}:
            said = " | ".join(types)
        case _:
            said = str(schema.get("format") or schema.get("type", "any"))
    return said
