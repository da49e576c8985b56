"""A state at which a recursion rests."""

from __future__ import annotations

from typing import NamedTuple


class FixedPoint(NamedTuple):
    """A mean-square error that a step of state evolution leaves as it is.

    Attributes
    ----------
    mse : float
        q, an unknown.
    slope : float
        By how much a step multiplies a small deviation from it.
    """

    mse: float
    slope: float

    @property
    def stable(self) -> bool:
        """Whether small deviations die out."""
        return abs(self.slope) < 1
