"""The company, its places and its people."""

from __future__ import annotations

from typing import Any

from ninja import Field, Router, Schema

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads
from gracja.app.api.shapes import Uid
from gracja.app.tokens.scopes import OWN

router = Router()


class Me(Schema):
    """Who calls."""

    uid: Uid = Field(description="Of the person.")
    name: str
    permissions: list[str] = Field(description="What this token may do somewhere.")


@reads(router, "/me", scope=OWN, response=Me)
def get_me(request: Called) -> Any:
    """Who one is here, and what one may do with this token."""
    held = {permission for one in request.auth.held for permission in one.role.permissions}
    person = request.auth.person
    return {"uid": person.uid, "name": person.name, "permissions": sorted(held)}
