r"""The leverage law read in the number of samples: gradients are drawn, and it says how often they tell tickets of size k.

    P(N) = M(N) Q(N),    M = P(S misses all columns that N gradients do not tell apart),
                         Q = E Phi( (r - psi_S + c_S) / s_S ) over N gradients and the supports S that do

It sees what Gaussian rows of the same covariance have not: columns that N gradients leave zero or parallel, lengths of columns
that differ from sample to sample, rows of one sample that depend on each other. Both are taken at a few N, further out until P is
above one half, and a probit line in ln N is laid through Q. M rises slowly where some weights act on few inputs, and P with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry._row_space import row_space
from sparsecs.geometry.identifiability import collinear_columns
from sparsecs.operators.base import DENSE_LIMIT, Operator
from sparsecs.operators.dense import Dense
from sparsecs.operators.selected import Selected
from sparsecs.prediction._blocks import blocks
from sparsecs.prediction._leverage_law import leverage_law

FIRST, FURTHER, PLACES, FURTHEST = (
    (0.85, 1.0, 1.2),
    1.35,
    16,
    20,
)  # multiples of the guess; steps beyond; how many; how far
LOW, HIGH = 0.02, 0.98  # what a line can be laid through
USUAL = 0.12  # spread, where one place alone tells something
TICKETS = 24  # supports that Q is averaged over
EXTREME, TIE = 1e-4, 1e-9  # success beyond is not told; relative difference of lengths


@dataclass(frozen=True)
class SampleLaw:
    """Success at N samples, M(N) Φ((ln N − centre) / spread).

    Parameters
    ----------
    centre, spread : float
    points : tuple of (int, float, float)
        N, Q(N) and M(N).
    """

    centre: float
    spread: float
    points: tuple[tuple[int, float, float], ...]

    @property
    def seen(self) -> tuple[np.ndarray, np.ndarray]:
        """ln N, and M there made to rise."""
        N, _, M = np.array(self.points).T
        return np.log(N), np.maximum.accumulate(M)

    def at(self, level: float) -> float:
        """The N at which success passes a level; infinite if that is not within what was looked at."""
        from scipy.special import ndtr

        x, M = self.seen
        fine = np.linspace(min(x[0], self.centre - 3 * self.spread), max(x[-1], self.centre + 3 * self.spread), 4000)
        above = np.interp(fine, x, M) * ndtr((fine - self.centre) / self.spread) >= level
        return float(np.exp(fine[np.argmax(above)])) if above.any() else np.inf


def leverage_success(operator: Operator, supports: list[np.ndarray], rng: np.random.Generator) -> tuple[float, float]:
    """Q and M: how often basis pursuit finds tickets on those supports that miss what is lost, and what share of them does.

    Parameters
    ----------
    operator : Operator
        (m, n).
    supports : list of (k,) arrays of int
    rng : numpy.random.Generator
        For the search for independent blocks.
    """
    chosen, lost = told_apart(operator)
    seen = [support for support in supports if not lost[support].any()]
    share = len(seen) / len(supports)
    if not seen:
        return 0.0, 0.0
    seen = seen[:TICKETS]
    kept: Operator = operator if chosen.size == operator.shape[1] else Selected(operator, chosen)
    if kept.nbytes_dense <= DENSE_LIMIT:
        kept = Dense(kept.dense())
    place = np.full(operator.shape[1], -1)
    place[chosen] = np.arange(chosen.size)
    space = row_space(kept)
    h, labels = space.leverages(), blocks(space, rng)
    success = np.ones(len(seen))
    for label in range(int(labels.max()) + 1):
        mine = np.flatnonzero(labels == label)
        inside = np.full(labels.size, -1)
        inside[mine] = np.arange(mine.size)
        own = [part[part >= 0] for part in (inside[place[support]] for support in seen)]
        sizes, which = np.unique([part.size for part in own], return_inverse=True)
        success *= leverage_law(h[mine], float(h[mine].sum()), own, sizes)[np.arange(len(own)), which]
    return float(success.mean()), share


def told_apart(operator: Operator) -> tuple[np.ndarray, np.ndarray]:
    """One column of each direction, and a mask of what is lost: zero columns, and those with a parallel one as long or longer."""
    norms = operator.column_norms()
    out, lost = norms == 0, norms == 0
    for found in collinear_columns(operator):
        order = found[np.argsort(-norms[found], kind="stable")]
        out[order[1:]], lost[order[1:]] = True, True
        lost[order[0]] = norms[order[1]] >= norms[order[0]] * (1 - TIE)
    return np.flatnonzero(~out), lost


def sample_law(
    success: Callable[[int], tuple[float, float]], guess: float, least: int, most: int, budget: Budget
) -> SampleLaw:
    """The law through success at a few numbers of samples near a guess, or further out.

    Parameters
    ----------
    success : callable
        Q(N) and M(N).
    guess : float
    least, most : int
        Between which N must lie.
    budget : Budget
        When to end early.
    """
    points: dict[int, tuple[float, float]] = {}
    farthest = min(most, int(FURTHEST * guess) + 1)
    with budget.watch():
        for factor in FIRST:
            if points and budget.spent():
                break
            N = int(np.clip(round(guess * factor), least, most))
            points[N] = points[N] if N in points else success(N)
        while len(points) < PLACES and not budget.spent():
            low, high = min(points), max(points)
            if points[high][0] * points[high][1] < 0.6 and high < farthest:
                N = min(max(round(high * FURTHER), high + 1), most)
            elif points[low][0] > 0.4 and low > least:
                N = max(min(round(low / FURTHER), low - 1), least)
            else:
                break
            points[N] = success(N)
    held = tuple((N, *points[N]) for N in sorted(points)) or ((int(max(guess, 1)), 0.5, 1.0),)
    return SampleLaw(*_line(np.array(held)), held)


def _line(points: np.ndarray) -> tuple[float, float]:
    """Where the probit line through Q crosses one half, in ln N, and its spread."""
    from scipy.special import ndtri

    x, Q = np.log(points[:, 0]), points[:, 1]
    z, told = ndtri(np.clip(Q, EXTREME, 1 - EXTREME)), (Q > LOW) & (Q < HIGH)
    if told.sum() == 1:
        return float((x - USUAL * z)[told][0]), USUAL
    if not told.any():
        if Q.max() < 0.5:
            return float(x[-1]), 0.3
        above = int(np.argmax(Q >= 0.5))
        return float(x[max(above - 1, 0) : above + 1].mean()), 0.05
    weight = np.exp(-(z[told] ** 2)) + 1e-3  # the middle counts most
    centre = (weight @ x[told]) / weight.sum()
    slope = (weight * (x[told] - centre)) @ z[told] / (weight @ (x[told] - centre) ** 2)
    slope = max(float(slope), 1.0)
    return float(centre - (weight @ z[told]) / weight.sum() / slope), 1 / slope
