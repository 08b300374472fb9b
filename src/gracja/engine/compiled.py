"""Compile a function with numba, and keep what was compiled where a place for it can be found."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, Final

import numba as nb

_BLAS: Final = "scipy.linalg.cython_blas"


def _learn_arrays() -> None:
    """Let numba load what it knows of arrays, without SciPy's linear algebra.

    Numba only looks whether that is there, which takes a third of a second of every command, and looks again
    where a compiled function really asks for it.
    """
    if _BLAS in sys.modules:
        return
    sys.modules[_BLAS] = ModuleType(_BLAS)
    try:
        import_module("numba.np.arraymath")
    finally:
        del sys.modules[_BLAS]


_learn_arrays()


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
