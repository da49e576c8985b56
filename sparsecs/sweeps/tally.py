"""Counts that add."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import probability, whole_number


@dataclass(frozen=True)
class Tally:
    """How many trials there were, and how many of them succeeded.

    Examples
    --------
    >>> from sparsecs import Tally
    >>> total = Tally(10, 8) + Tally(10, 9)
    >>> total, total.rate
    (Tally(trials=20, successes=17), 0.85)
    >>> low, high = total.interval()
    >>> round(low, 3), round(high, 3)
    (0.64, 0.948)
    """

    trials: int = 0
    successes: int = 0

    def __post_init__(self) -> None:
        whole_number(self.trials, "trials", 0)
        whole_number(self.successes, "successes", 0, self.trials)

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.trials + other.trials, self.successes + other.successes)

    @property
    def rate(self) -> float:
        """Successes over trials; NaN without trials."""
        return self.successes / self.trials if self.trials else float("nan")

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Wilson's score interval for the success probability (Wilson 1927); (0, 1) without trials."""
        from scipy.special import ndtri

        probability(confidence, "confidence")
        if not self.trials:
            return 0.0, 1.0
        z = float(ndtri(0.5 + confidence / 2))
        spread = z * z / self.trials
        centre = (self.rate + spread / 2) / (1 + spread)
        half = z * np.sqrt(self.rate * (1 - self.rate) / self.trials + spread / (4 * self.trials)) / (1 + spread)
        low = 0.0 if self.successes == 0 else max(0.0, centre - half)
        high = 1.0 if self.successes == self.trials else min(1.0, centre + half)
        return float(low), float(high)
