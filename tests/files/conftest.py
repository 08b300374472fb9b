from __future__ import annotations

from conversation_files import reading, refused, talk, written  # noqa: F401  (fixtures)
