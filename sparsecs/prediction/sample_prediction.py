"""The carrier of a predicted number of samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import probability
from sparsecs.prediction._sample_belief import SampleBelief

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, eq=False, repr=False)
class SamplePrediction:
    """How many samples make a ticket recoverable; ``samples_needed`` makes it.

    Attributes
    ----------
    gradients : str
        What was asked about, in words.
    sparsity : int
        k.
    level : float
        The success probability that ``samples`` is for.
    outputs : int
        Rows that one sample gives.
    columns, kept : int
        How many there are, and how many can be told apart.
    belief : SampleBelief
        Of the success curve.
    tosses : tuple of (int, bool)
        The trials that were made: samples, and whether the ticket was found.
    baselines : dict
        Samples at that level by each rule alone; infinite where it gives none.
    dimension : float
        Mean of the statistical dimension under the covariance, over tickets that have one, in samples.
    draws : int
        How many projections it is the mean of.
    dimension_error : float
        Its standard error.
    share : float
        An estimate of the share of tickets that enough samples tell from all others.
    trusted : bool
    verdict : str
        Whether to trust it, and why, in words.
    seconds : float

    Examples
    --------
    >>> from sparsecs import Linear, Network, Tanh, samples_needed
    >>> found = samples_needed(Network((12,), (Linear(8), Tanh(), Linear(1))), 8, probes=0)
    >>> 27 < found.samples < 33, found.success([20, 60]).round()
    (True, array([0., 1.]))
    """

    gradients: str
    sparsity: int
    level: float
    outputs: int
    columns: int
    kept: int
    belief: SampleBelief
    tosses: tuple[tuple[int, bool], ...]
    baselines: dict[str, float]
    dimension: float
    draws: int
    dimension_error: float
    share: float
    trusted: bool
    verdict: str
    seconds: float

    @property
    def samples(self) -> float:
        """The number of samples, a real number; infinite if no number is enough."""
        return self.at(self.level)

    @property
    def measurements(self) -> float:
        """The number of rows: samples times outputs."""
        return self.samples * self.outputs

    @property
    def error(self) -> float:
        """The standard deviation of ln(samples): an estimate."""
        return self.belief.where(self.level)[1]

    @property
    def solves(self) -> int:
        """How many problems were solved by basis pursuit."""
        return len(self.tosses)

    def at(self, level: float) -> float:
        """The number of samples at which the success probability passes ``level``."""
        return float(np.exp(self.belief.where(probability(level, "level"))[0]))

    def interval(self, confidence: float = 0.95, level: float | None = None) -> tuple[float, float]:
        """Between which numbers of samples success passes a level, by default that asked for, with this probability."""
        from scipy.special import ndtri

        centre, error = self.belief.where(self.level if level is None else probability(level, "level"))
        if not np.isfinite(centre):
            return np.inf, np.inf
        half = float(ndtri(0.5 + 0.5 * probability(confidence, "confidence"))) * error
        return float(np.exp(centre - half)), float(np.exp(centre + half))

    def success(self, samples: Any) -> Any:
        """The predicted probability that a random ticket is recovered from so many samples, of the shape of ``samples``."""
        values = np.asarray(samples, dtype=float)
        if not (values > 0).all():
            raise ValueError(f"samples must be above 0; got {values[~(values > 0)].flat[0]}.")
        found = self.belief.success(values.ravel())
        return float(found[0]) if values.ndim == 0 else found.reshape(values.shape)

    @property
    def rows(self) -> tuple[dict[str, float], ...]:
        """The success curve as a table: level, samples, and the ends of the 95 % interval."""
        table = []
        for level in LEVELS:
            lower, upper = self.interval(0.95, level)
            table.append({"success": level, "samples": self.at(level), "lower": lower, "upper": upper})
        return tuple(table)

    def __repr__(self) -> str:
        trust = "trusted" if self.trusted else "not trusted"
        return f"<SamplePrediction: {self.samples:.1f} samples for k = {self.sparsity}, {trust}>"

    def __str__(self) -> str:
        each = f", {self.outputs} rows each" if self.outputs > 1 else ""
        lines = [
            f"{self.gradients}",
            f"k = {self.sparsity}, {self.kept} of {self.columns} columns told apart{each}",
            "",
        ]
        lines += ["success   samples   95 % interval"]
        lines += [
            f"{row['success']:>6.0%}  {row['samples']:>8.1f}   {row['lower']:>6.1f} to {row['upper']:.1f}"
            for row in self.rows
        ]
        lines += ["", f"samples at {self.level:.0%} by single rules"]
        lines += [f"{value:>8.1f}   {name}" for name, value in self.baselines.items()]
        return "\n".join([*lines, "", self.verdict])
