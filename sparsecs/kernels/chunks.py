r"""Long arrays in pieces, one Python thread a piece: compiled kernels release the interpreter, so no threading layer is needed.

How many threads: as many as the linear algebra libraries of this process may use at the moment, and one in any thread but the
main one. So a worker that threadpoolctl, OMP_NUM_THREADS or a pool of threads keeps to one thread stays there, and arrays too
short to repay the start of a thread (some 50 microseconds) are done at once. The threads live only during the call: nothing
is left behind that a fork could break.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

LONG = 1 << 20  # bytes: below, a second thread gains nothing


def pieces(bytes_touched: int, size: int) -> list[tuple[int, int]]:
    """Where to cut ``range(size)`` so that each thread gets a piece; one piece for short arrays.

    Examples
    --------
    >>> from sparsecs.kernels.chunks import pieces
    >>> pieces(80, 10)
    [(0, 10)]
    """
    count = 1 if bytes_touched < 4 * LONG else max(1, min(threads_allowed(), bytes_touched // LONG))
    cuts = [size * i // count for i in range(count + 1)]
    return list(itertools.pairwise(cuts))


def in_parallel(work: Callable[..., Any], arguments: list[tuple[Any, ...]]) -> list[Any]:
    """What ``work`` returns for each tuple of arguments, all at the same time; an error in one is raised here.

    Examples
    --------
    >>> from sparsecs.kernels.chunks import in_parallel
    >>> in_parallel(pow, [(2, 3), (3, 2)])
    [8, 9]
    """
    found: list[Any] = [None] * len(arguments)
    errors: list[BaseException] = []

    def one(number: int) -> None:
        try:
            found[number] = work(*arguments[number])
        except BaseException as error:
            errors.append(error)

    helpers = [threading.Thread(target=one, args=(number,)) for number in range(1, len(arguments))]
    for helper in helpers:
        helper.start()
    one(0)
    for helper in helpers:
        helper.join()
    if errors:
        raise errors[0]
    return found


def threads_allowed() -> int:
    """How many threads a kernel may use here and now.

    Examples
    --------
    >>> from threadpoolctl import threadpool_limits
    >>> from sparsecs.kernels.chunks import threads_allowed
    >>> with threadpool_limits(limits=1):
    ...     threads_allowed()
    1
    """
    if threading.current_thread() is not threading.main_thread():
        return 1
    limits = [library.num_threads for library in _linear_algebra()]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([cores, *limits]))


@cache
def _linear_algebra() -> list[Any]:
    """The libraries of linear algebra in this process; looking for them costs milliseconds, asking one a microsecond."""
    from threadpoolctl import ThreadpoolController

    np.zeros((1, 1)) @ np.zeros((1, 1))
    return [library for library in ThreadpoolController().lib_controllers if library.user_api == "blas"]
