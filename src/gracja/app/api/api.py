"""The REST interface: one NinjaAPI; each word adds its router."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="Gracja", version="1", urls_namespace="api", docs_url=None)
