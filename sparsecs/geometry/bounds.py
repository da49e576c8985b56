"""A figure that says what it is: a lower and an upper bound, what attains the lower one, and how both were found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ROUNDING = 1e-9  # lower and upper bounds come by different roads, each right to about 1e-12


@dataclass(frozen=True, eq=False)
class Bounds:
    """What is proven of a number: it lies between ``lower`` and ``upper``.

    Parameters
    ----------
    lower, upper : float
        Both hold up to rounding. One that is not known is infinite, or the trivial one.
    witness : array, optional
        What attains a bound and lets anyone check it: a support, a vector.
    method : str
        How the bounds were found, in words.
    stopped : str
        Why the search ended early; empty if it came to its end.
    unit : float
        The size below which ``1e-9`` times it counts as rounding: 1 for constants without a unit.

    Attributes
    ----------
    exact : bool
        Whether the two agree to rounding.

    Examples
    --------
    >>> from sparsecs import Bounds
    >>> Bounds(0.25, 0.5, method="coherence")
    0.25 <= value <= 0.5 (coherence)
    >>> Bounds(0.5, 0.5 + 1e-13).exact
    True
    """

    lower: float
    upper: float
    witness: np.ndarray | None = None
    method: str = ""
    stopped: str = ""
    unit: float = 1.0

    def __post_init__(self) -> None:
        slack = ROUNDING * max(self.unit, abs(self.upper)) if np.isfinite(self.upper) else 0.0
        if not self.lower <= self.upper + slack:  # also where one of them is NaN
            raise ValueError(f"A lower bound lies at or below the upper one; got {self.lower} and {self.upper}.")

    @property
    def exact(self) -> bool:
        if self.lower == self.upper:
            return True
        if np.isinf(self.upper):
            return False
        return bool(self.upper - self.lower <= ROUNDING * max(self.unit, abs(self.upper)))

    @property
    def gap(self) -> float:
        """How far the bounds are apart; zero if they agree."""
        return 0.0 if self.lower == self.upper else max(0.0, self.upper - self.lower)

    def __repr__(self) -> str:
        said = f"{self.lower:.10g}" if self.exact else f"{self.lower:.10g} <= value <= {self.upper:.10g}"
        notes = [note for note in ("exact" if self.exact else "", self.method) if note]
        if self.stopped:
            notes.append(f"stopped early: {self.stopped}")
        return f"{said} ({'; '.join(notes)})" if notes else said
