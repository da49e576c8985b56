"""One BLAS thread for each worker: the workers are the parallelism, and two kinds of it get in each other's way."""

from __future__ import annotations

from typing import Any


def single_threaded() -> Any:
    """A context within which the linear algebra libraries of this process use one thread each.

    Calling it without ``with`` limits them for the rest of the process, which is what a worker wants.

    Examples
    --------
    >>> from sparsecs.core.threads import single_threaded
    >>> with single_threaded():
    ...     pass
    """
    import scipy.linalg  # noqa: F401 - it brings a BLAS of its own, and only what is loaded can be limited
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1)
