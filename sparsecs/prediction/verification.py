"""The carrier of a verification: counts of trials beside what was predicted for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sparsecs.prediction.prediction import Prediction
from sparsecs.sweeps.tally import Tally
from sparsecs.sweeps.transition import Transition, fit_transition


@dataclass(frozen=True, eq=False)
class Verification:
    """Measured success at several sparsities, and how the prediction did; ``verify`` makes it.

    Attributes
    ----------
    prediction : Prediction
    tallies : dict
        A ``Tally`` for each k.
    seconds : float
        How long the trials took.
    stopped : str
        Why they ended early, in words; empty if they did not.

    Examples
    --------
    >>> from sparsecs import Gaussian, predict, stream, verify
    >>> found = verify(predict(Gaussian().draw(30, 60, stream(0, "A"))), repeats=10, points=5)
    >>> len(found.rows), abs(found.log_ratio) < 0.3
    (5, True)
    """

    prediction: Prediction
    tallies: dict[int, Tally]
    seconds: float
    stopped: str = ""

    @property
    def solves(self) -> int:
        """How many problems were solved."""
        return sum(tally.trials for tally in self.tallies.values())

    @property
    def transition(self) -> Transition:
        """The probit fit of the measured counts in k.

        Where supports may hit columns on which nothing is found, success falls like an exponential from k = 0 on, and the fit
        is made in ln k; its slope is then one in ln k.
        """
        trials, successes = ([getattr(t, name) for t in self.tallies.values()] for name in ("trials", "successes"))
        if self.prediction.missing[-1] == 1:
            return fit_transition(list(self.tallies), trials, successes, "probit")
        fit = fit_transition(np.log(list(self.tallies)), trials, successes, "probit")
        return replace(fit, value=np.exp(fit.value), lower=np.exp(fit.lower), upper=np.exp(fit.upper))

    @property
    def log_ratio(self) -> float:
        """ln of the predicted 50 % point over the measured one; NaN if the trials do not show one."""
        measured = self.transition.value
        return float(np.log(self.prediction.k50 / measured)) if measured > 0 else float("nan")

    @property
    def brier(self) -> float:
        """The mean square of outcome minus predicted probability, over all trials."""
        hits, misses = self._moments()
        p = self.prediction.success(list(self.tallies))
        return float((hits * (1 - p) ** 2 + misses * p**2).sum() / (hits + misses).sum())

    @property
    def brier_floor(self) -> float:
        """The same with the measured rates as the prediction: no prediction can be below it by more than chance."""
        hits, misses = self._moments()
        return float((hits * misses / (hits + misses)).sum() / (hits + misses).sum())

    @property
    def rows(self) -> tuple[dict[str, Any], ...]:
        """For each k the counts, the rate with its Wilson interval, and the predicted success with its interval."""
        out = []
        for k, tally in self.tallies.items():
            rate, interval = tally.rate, tally.interval()
            predicted, band = self.prediction.success(k), self.prediction.interval(k)
            out.append(
                {
                    "k": k,
                    "trials": tally.trials,
                    "successes": tally.successes,
                    "rate": rate,
                    "rate_lower": interval[0],
                    "rate_upper": interval[1],
                    "predicted": predicted,
                    "predicted_lower": band[0],
                    "predicted_upper": band[1],
                }
            )
        return tuple(out)

    def __str__(self) -> str:
        lines = ["   k   found       rate [95 %]             predicted [95 %]"]
        lines += [
            f"{row['k']:>4}   {row['successes']:>3} of {row['trials']:<3}  {row['rate']:.2f} "
            f"[{row['rate_lower']:.2f}, {row['rate_upper']:.2f}]     {row['predicted']:.2f} "
            f"[{row['predicted_lower']:.2f}, {row['predicted_upper']:.2f}]"
            for row in self.rows
        ]
        fit = self.transition
        lines.append(
            f"50 % point: measured {fit.value:.1f} [{fit.lower:.1f}, {fit.upper:.1f}], predicted {self.prediction.k50:.1f}; "
            f"ln of the ratio {self.log_ratio:+.3f}."
        )
        lines.append(
            f"Brier score {self.brier:.4f}, {self.brier_floor:.4f} at best. {self.solves} solves in {self.seconds:.1f} s; the "
            f"prediction took {self.prediction.solves} solves and {self.prediction.seconds:.2f} s."
        )
        return "\n".join(lines + ([f"The trials ended early: {self.stopped}."] if self.stopped else []))

    def _moments(self) -> tuple[np.ndarray, np.ndarray]:
        hits = np.array([tally.successes for tally in self.tallies.values()], dtype=float)
        return hits, np.array([tally.trials for tally in self.tallies.values()]) - hits
