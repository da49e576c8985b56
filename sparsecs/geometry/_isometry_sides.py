"""What is known of one end of the spectra of all parts of a Gram matrix, and the bounds of L or U that follow."""

from __future__ import annotations

import numpy as np

from sparsecs.geometry.bounds import Bounds


class Side:
    """The largest ``sign`` times eigenvalue over all supports: what one attains, what none exceeds, and who said so.

    Parameters
    ----------
    sign : int
        1 for the largest eigenvalue, -1 for the least.
    """

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.attained, self.support, self.found_by = -np.inf, np.zeros(0, np.int64), ""
        self.ceiling, self.shown_by = np.inf, ""
        self.stopped = ""

    def offer(self, support: np.ndarray, value: float, by: str) -> None:
        """A support, and ``sign`` times its eigenvalue."""
        if value > self.attained:
            self.attained, self.support, self.found_by = value, np.sort(support), by

    def cap(self, value: float, by: str) -> None:
        """No support has more; a tie is left to whom said it first."""
        if value < self.ceiling:
            self.ceiling, self.shown_by = value, by

    @property
    def proven(self) -> float:
        """The ceiling, which rounding may have left below what is attained."""
        return max(self.ceiling, self.attained)

    def bounds(self, square: float) -> Bounds:
        """Of L or U, if eigenvalues are to be multiplied by ``square``."""
        if self.found_by == self.shown_by:
            method = self.found_by
        else:
            method = f"lower bound: {self.found_by}; upper bound: {self.shown_by}"
        lower, upper = float(self.attained * square - self.sign), float(self.proven * square - self.sign)
        known = Bounds(lower, upper).exact  # then it does not matter what came to an early end
        return Bounds(lower, upper, self.support, method, stopped="" if known else self.stopped)
