"""Linear algebra in one thread.

The rating model solves thousands of small systems one after another: threads that wait for each other made a
company of 45,000 marks take twelve times the processor time on two busy cores.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from threadpoolctl import threadpool_limits


def one_thread[F: Callable[..., Any]](function: F) -> F:
    """A decorator: BLAS has one thread while the function runs, and then as many as before. Of several
    threads of a process that call at once the first one's limit holds; a server sets it from its start.
    """
    limited: F = threadpool_limits.wrap(limits=1, user_api="blas")(function)
    return limited
