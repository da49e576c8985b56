"""How long a search may go on: it ends by itself, by the clock or by Ctrl-C, and what was found until then stays.

A search that can be stopped at any moment reads

    budget = Budget(seconds)
    with budget.watch():
        while work and not budget.spent():
            ...  # a piece of a tenth of a second or less
    return Bounds(lower, upper, witness, method, stopped=budget.stopped)
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from sparsecs.core.checks import positive


class Budget:
    """The time that a search may take, counted from now.

    Parameters
    ----------
    seconds : float or None
        None: as long as it takes.

    Attributes
    ----------
    stopped : str
        Why the search ended before its end, in words; empty as long as nothing stopped it.

    Examples
    --------
    >>> from sparsecs.core.budget import Budget
    >>> budget = Budget(0)
    >>> budget.spent(), budget.stopped
    (True, 'the time it was given, 0 s, is spent')
    """

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = None if seconds is None else positive(seconds, "seconds", zero=True)
        self.start = time.monotonic()
        self.stopped = ""

    def left(self) -> float:
        """Seconds that are left; infinite without a limit, never negative."""
        if self.seconds is None:
            return float("inf")
        return max(0.0, self.seconds - (time.monotonic() - self.start))

    def spent(self) -> bool:
        """Whether to stop now; the reason is then noted."""
        if not self.stopped and self.left() <= 0:
            self.stopped = f"the time it was given, {self.seconds:.3g} s, is spent"
        return bool(self.stopped)

    def stop(self, reason: str) -> None:
        """Stop for another reason, for example memory; the first reason stays."""
        self.stopped = self.stopped or reason

    @contextlib.contextmanager
    def watch(self) -> Iterator[None]:
        """Within it, Ctrl-C ends the search and not the program: it is noted as the reason, and the block is left."""
        try:
            yield
        except KeyboardInterrupt:
            self.stop("interrupted from the keyboard")
