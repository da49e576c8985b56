"""Draws of the statistical dimension under the covariance of gradients, until their mean is known well enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry.statistical_dimension import statistical_dimension
from sparsecs.penalties.l1 import L1
from sparsecs.prediction._sample_case import LARGE, SampleCase

TIMES, ENOUGH = 5, 2.5  # gradients for each that is expected to be needed, and how many there must be in the end
FEW = 12  # draws before anybody looks at their spread
LOOKED_AT = 6  # tickets without a dimension whose uniqueness is decided one by one


@dataclass(frozen=True)
class Dimension:
    """What the draws say, in samples.

    Parameters
    ----------
    centre, spread : float
        Mean and standard deviation of ln V, over tickets that have one; the centre is infinite if none has.
    mean, error : float
        The mean of V and its standard error.
    draws : int
    have : float
        The share of tickets that ``population`` samples tell.
    share : float
        The share that any number of samples tells, by an exact test on a part of those left.
    population : int
        How many gradients they were found with.
    """

    centre: float
    spread: float
    mean: float
    error: float
    draws: int
    have: float
    share: float
    population: int

    def at(self, level: float) -> float:
        """The number of samples at which success passes a level, by these draws alone."""
        from scipy.special import ndtri

        return float(np.exp(self.centre + self.spread * ndtri(level / self.have))) if level < self.have else np.inf


def counted(k: int, n: int, outputs: int) -> float:
    """The number of samples if their rows were independent Gaussian vectors."""
    spikes = np.zeros(n)
    spikes[:k] = 1
    return max(statistical_dimension(L1(), spikes).value, 1.0) / outputs


def dimension(question: SampleCase, guess: float, draws: int, accuracy: float, budget: Budget) -> Dimension:
    """Draws until the relative standard error of their mean is below ``accuracy``.

    Parameters
    ----------
    question : SampleCase
    guess : float
        About how many samples are needed.
    draws : int
        The most.
    accuracy : float
    budget : Budget
        When to end early; a few draws are made in any case.
    """
    most, outputs = question.gradients.most, question.gradients.outputs
    population = min(most, int(np.ceil(TIMES * guess)) + 8)
    values: list[float] = []
    with budget.watch():
        while len(values) < draws and (len(values) < 2 or not budget.spent()):
            values.append(question.face(len(values), population, guess * outputs))
            if len(values) < FEW:
                continue
            V = np.array(values)
            if np.median(V) * ENOUGH > population and population < min(most, 512 * guess):
                population, values = min(most, 2 * population), []
                continue
            finite = V[np.isfinite(V)]
            if finite.size >= FEW and finite.std(ddof=1) <= accuracy * finite.mean() * finite.size**0.5:
                break
            if finite.size < FEW and len(values) >= 3 * FEW:
                break
    return _summary(question, np.array(values), population, budget)


def _summary(question: SampleCase, V: np.ndarray, population: int, budget: Budget) -> Dimension:
    finite = V[np.isfinite(V)]
    share = _share(question, V, population, budget)
    if finite.size < 2:
        return Dimension(np.inf, 0.3, np.inf, np.inf, V.size, finite.size / max(V.size, 1), share, population)
    x = np.log(np.maximum(finite, 0.5 / question.gradients.outputs))  # a face of dimension 0: one row is enough
    error = float(finite.std(ddof=1) / finite.size**0.5)
    spread = max(float(x.std(ddof=1)), 0.01)
    return Dimension(
        float(x.mean()), spread, float(finite.mean()), error, V.size, finite.size / V.size, share, population
    )


def _share(question: SampleCase, V: np.ndarray, population: int, budget: Budget) -> float:
    """The share of tickets that enough samples tell: those with a dimension, and of the others what a test says of a few."""
    lost = np.flatnonzero(~np.isfinite(V))
    if lost.size == 0:
        return 1.0
    rows = min(4 * question.kept.size + 64, max(LARGE // 8 // question.kept.size, 64))
    count = max(min(question.gradients.most, rows // question.gradients.outputs), population)
    if count * question.gradients.outputs < question.kept.size:
        return 1.0  # more of them might tell
    told: list[bool] = []
    with budget.watch():
        for number in lost[:LOOKED_AT]:
            if told and budget.spent():
                break
            told.append(question.told(int(number), count))
    return float(1.0 - lost.size / V.size * (1.0 - sum(told) / max(len(told), 1)))
