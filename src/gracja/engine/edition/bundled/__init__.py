"""Editions that a company can start from, one trade a file."""

from __future__ import annotations

from importlib.resources import files

from gracja.engine.errors import EngineInputError

_SUFFIX = ".yaml"


def bundled_names() -> list[str]:
    """The ids of the bundled editions, sorted."""
    return sorted(
        file.name.removesuffix(_SUFFIX) for file in files(__name__).iterdir() if file.name.endswith(_SUFFIX)
    )


def bundled_text(name: str) -> str:
    """The YAML text of a bundled edition. Raises EngineInputError: edition_not_bundled (name, known)."""
    known = bundled_names()
    if name not in known:
        raise EngineInputError("edition_not_bundled", name=name, known=known)
    return files(__name__).joinpath(name + _SUFFIX).read_text(encoding="utf-8")
