"""Compile a function with numba, and keep what was compiled where a place for it can be found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba as nb


def compiled[F: Callable[..., Any]](**options: Any) -> Callable[[F], F]:
    """A decorator: `numba.njit` with these options, its work kept beside the code or in the user's cache.

    In a container that may write to neither, numba refuses to keep it; then every process compiles anew.
    """

    def made(function: F) -> F:
        try:
            kept: F = nb.njit(cache=True, **options)(function)
        except RuntimeError:
            return nb.njit(**options)(function)  # type: ignore[no-any-return]  # as above
        return kept

    return made
