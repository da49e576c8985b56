"""The carrier of a prediction: the success curve, how sure it is, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sparsecs.core.checks import probability
from sparsecs.prediction._margin_posterior import MarginPosterior
from sparsecs.prediction._posterior import Posterior
from sparsecs.prediction._theory import Theory
from sparsecs.prediction._trials import Trials

FINE = 400  # points on which levels are looked for
LEVELS = (0.99, 0.9, 0.5, 0.1, 0.01)
THEORY_ERROR = 0.12  # of ln k50 by the leverage law alone: what it was on networks and ensembles, roughly


@dataclass(frozen=True, eq=False, repr=False)
class Prediction:
    """How often a k-sparse signal will be found through one matrix; ``predict`` makes it.

    Attributes
    ----------
    matrix : str
        What was asked about, in words.
    shape : tuple of int
        (m, n).
    rank : int
        Of the matrix.
    kept : int
        How many columns are left when one of each direction is kept.
    support, signal, solver : str
        What it is meant for.
    missing : (K + 1,) array
        The probability that a support of size 0, 1, ..., K holds no column on which a nonzero is never found.
    theory : Theory
        The leverage law's success curve on the kept columns.
    posterior : Posterior, MarginPosterior or None
        What is believed after the trials; None if there were none.
    tosses : tuple of (int, bool)
        The trials that were made: k, and whether the signal was found.
    baselines : dict
        k at 50 % success by simpler rules.
    method : str
        How it was made, and why so.
    diagnostics : dict
        What the trust rests on: ``delocalisation`` of the null space (1 if it is spread like a random one), independent
        ``blocks``, ``dead`` and ``parallel`` columns, and the ``error`` of ln k50.
    trusted : bool
    verdict : str
        Whether to trust it, and why, in words.
    seconds : float
        How long it took.
    trials : Trials
        How more trials are made; see ``verify``.

    Examples
    --------
    >>> from sparsecs import Gaussian, predict, stream
    >>> prediction = predict(Gaussian().draw(50, 100, stream(0, "A")), probes=0)
    >>> 19 < prediction.k50 < 20.5, prediction.trusted
    (True, True)
    >>> prediction.success([10, 20, 30]).round(1).tolist()
    [1.0, 0.5, 0.0]
    """

    matrix: str
    shape: tuple[int, int]
    rank: int
    kept: int
    support: str
    signal: str
    solver: str
    missing: np.ndarray
    theory: Theory
    posterior: Posterior | MarginPosterior | None
    tosses: tuple[tuple[int, bool], ...]
    baselines: dict[str, float]
    method: str
    diagnostics: dict[str, float]
    trusted: bool
    verdict: str
    seconds: float
    trials: Trials

    @property
    def limit(self) -> int:
        """The largest k that there is: beyond the rank, or beyond the columns that supports reach, nothing is found."""
        return len(self.missing) - 1

    @property
    def solves(self) -> int:
        """How many problems were solved."""
        return len(self.tosses)

    @property
    def k50(self) -> float:
        """The sparsity that is recovered half the time; a real number."""
        return self.k(0.5)

    @property
    def error(self) -> float:
        """The standard deviation of ln k50: an estimate."""
        return self.diagnostics["error"]

    def k(self, level: float) -> float:
        """The sparsity, a real number, at which success falls through ``level``."""
        return self._crossing(self._fine[1], probability(level, "level"))

    def k_interval(self, level: float = 0.5) -> tuple[float, float]:
        """Between which sparsities success falls through ``level``, with 95 % probability."""
        probability(level, "level")
        return self._crossing(self._fine[2], level), self._crossing(self._fine[3], level)

    def success(self, k: Any) -> Any:
        """The predicted probability that a random k-sparse signal is recovered.

        Parameters
        ----------
        k : int, float or array
            At least 0, at most n.

        Returns
        -------
        float or array
            Of the same shape.
        """
        values = self._asked(k)
        return _shaped(self._missed(values.ravel()) * self._mean(values.ravel()), values)

    def interval(self, k: Any, confidence: float = 0.95) -> tuple[Any, Any]:
        """Between which values the success probability lies, with this probability: two floats or arrays like k."""
        values, missed = self._asked(k), self._missed(self._asked(k).ravel())
        low, high = self._band(values.ravel(), probability(confidence, "confidence"))
        return _shaped(missed * low, values), _shaped(missed * high, values)

    @property
    def rows(self) -> tuple[dict[str, float], ...]:
        """The success curve as a table: level, k, and the ends of the 95 % interval of k."""
        return tuple(
            {
                "success": level,
                "k": self.k(level),
                "lower": self.k_interval(level)[0],
                "upper": self.k_interval(level)[1],
            }
            for level in LEVELS
        )

    def __repr__(self) -> str:
        return f"<Prediction: k50 = {self.k50:.1f}, {'trusted' if self.trusted else 'not trusted'}, for {self.matrix}>"

    def __str__(self) -> str:
        lines = [
            f"{self.matrix}",
            f"rank {self.rank}, {self.kept} distinct directions; {self.solver}, {self.support}",
            "",
        ]
        lines += ["success   k       95 % interval"]
        lines += [
            f"{row['success']:>6.0%}  {row['k']:6.1f}   {row['lower']:6.1f} to {row['upper']:.1f}" for row in self.rows
        ]
        lines += ["", "k at 50 % by simpler rules"]
        lines += [f"{value:8.1f}   {name}" for name, value in self.baselines.items()]
        return "\n".join([*lines, "", self.method, self.verdict])

    def _asked(self, k: Any) -> np.ndarray:
        values = np.asarray(k, dtype=float)
        wrong = ~((values >= 0) & (values <= self.shape[1]))
        if wrong.any():
            raise ValueError(f"k must be between 0 and n = {self.shape[1]}; got {values[wrong].flat[0]:g}.")
        return values

    def _missed(self, k: np.ndarray) -> np.ndarray:
        return np.where(k <= self.limit, np.interp(k, np.arange(self.limit + 1), self.missing), 0.0)

    def _mean(self, k: np.ndarray) -> np.ndarray:
        return self.theory.at(k) if self.posterior is None else np.where(k > 0, self.posterior.success(k), 1.0)

    def _band(self, k: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
        from scipy.special import ndtri

        if self.posterior is not None:
            low, high = self.posterior.band(k, confidence)
            return np.where(k > 0, low, 1.0), np.where(k > 0, high, 1.0)
        factor = float(np.exp(ndtri(0.5 + confidence / 2) * self.error))
        return self.theory.at(k * factor), self.theory.at(k / factor)

    @cached_property
    def _fine(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """A fine grid of k, and on it success and the ends of its 95 % interval."""
        k = np.linspace(0, self.limit, min(FINE, 8 * self.limit + 1))
        return (k, self.success(k), *self.interval(k))

    def _crossing(self, curve: np.ndarray, level: float) -> float:
        k, below = self._fine[0], np.flatnonzero(curve < level)
        if below.size == 0:
            return float(self.limit)
        end = max(int(below[0]), 1)
        fall = curve[end - 1] - curve[end]
        return float(k[end - 1] + (k[end] - k[end - 1]) * (curve[end - 1] - level) / (fall if fall > 0 else 1))


def _shaped(out: np.ndarray, like: np.ndarray) -> Any:
    return float(out[0]) if like.ndim == 0 else out.reshape(like.shape)
