r"""The leverage law read in the number of samples: gradients are drawn, and it says how often they tell tickets of size k.

    P(N) = E over N gradients, supports S of    [S misses columns that these N do not tell apart]  Phi( (r - psi_S + c_S) / s_S )

It sees what Gaussian rows of the same covariance have not: columns that N gradients leave zero or parallel, lengths of columns
that differ from sample to sample, rows of one sample that depend on each other. P is taken at a few N, further out until it is
above one half, and a probit line in ln N is laid through them.
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

FIRST, FURTHER, PLACES = (0.85, 1.0, 1.2), 1.35, 16  # multiples of the first guess; the step beyond; how many at most
LOW, HIGH = 0.02, 0.98  # what a line can be laid through
EXTREME, TIE = 1e-4, 1e-9  # success beyond is not told; relative difference of lengths


@dataclass(frozen=True)
class SampleLaw:
    """A probit line: success at N samples is Φ((ln N − centre) / spread).

    Parameters
    ----------
    centre, spread : float
        The centre is infinite if success stays below one half wherever it was looked for.
    points : tuple of (int, float)
        N and P(N).
    """

    centre: float
    spread: float
    points: tuple[tuple[int, float], ...]


def leverage_success(operator: Operator, supports: list[np.ndarray], rng: np.random.Generator) -> float:
    """How often basis pursuit finds tickets on these supports through one matrix, by the leverage law.

    Parameters
    ----------
    operator : Operator
        (m, n).
    supports : list of (k,) arrays of int
    rng : numpy.random.Generator
        For the search for independent blocks.
    """
    chosen, lost = _told_apart(operator)
    seen = [support for support in supports if not lost[support].any()]
    if not seen:
        return 0.0
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
        rank = float(h[mine].sum())
        for number, support in enumerate(seen):
            own = inside[place[support]]
            own = own[own >= 0]
            if own.size:
                success[number] *= leverage_law(h[mine], rank, [own], np.array([own.size]))[0, 0]
    return float(success.sum()) / len(supports)


def _told_apart(operator: Operator) -> tuple[np.ndarray, np.ndarray]:
    """One column of each direction, and a mask of those that are lost: zero, or with a parallel one as long or longer."""
    norms = operator.column_norms()
    out, lost = norms == 0, norms == 0
    for found in collinear_columns(operator):
        order = found[np.argsort(-norms[found], kind="stable")]
        out[order[1:]], lost[order[1:]] = True, True
        lost[order[0]] = norms[order[1]] >= norms[order[0]] * (1 - TIE)
    return np.flatnonzero(~out), lost


def sample_law(success: Callable[[int], float], guess: float, least: int, most: int, budget: Budget) -> SampleLaw:
    """The line through success at a few numbers of samples near a guess, or further out.

    Parameters
    ----------
    success : callable
        P(N).
    guess : float
    least, most : int
        Between which N must lie.
    budget : Budget
        When to end early.
    """
    points: dict[int, float] = {}
    with budget.watch():
        for factor in FIRST:
            N = int(np.clip(round(guess * factor), least, most))
            points[N] = points.get(N, -1.0) if N in points else success(N)
        while len(points) < PLACES and not budget.spent():
            low, high = min(points), max(points)
            if points[high] < 0.6 and high < most:
                N = min(max(round(high * FURTHER), high + 1), most)
            elif points[low] > 0.4 and low > least:
                N = max(min(round(low / FURTHER), low - 1), least)
            else:
                break
            points[N] = success(N)
    return _line(points)


def _line(points: dict[int, float]) -> SampleLaw:
    from scipy.special import ndtri

    N, P = np.array(sorted(points)), np.array([points[N] for N in sorted(points)])
    x, z = np.log(N), ndtri(np.clip(P, EXTREME, 1 - EXTREME))
    told, held = (P > LOW) & (P < HIGH), tuple(zip(N.tolist(), P.tolist(), strict=True))
    if P.max() < 0.5:
        return SampleLaw(np.inf, 0.3, held)
    if told.sum() < 2:
        above = int(np.argmax(P >= 0.5))
        return SampleLaw(float(x[max(above - 1, 0) : above + 1].mean()), 0.05, held)
    weight = np.exp(-0.5 * z[told] ** 2) ** 2 + 1e-3  # the middle counts most
    centre = (weight @ x[told]) / weight.sum()
    slope = (weight * (x[told] - centre)) @ z[told] / (weight @ (x[told] - centre) ** 2)
    slope = max(float(slope), 1.0)
    return SampleLaw(float(centre - (weight @ z[told]) / weight.sum() / slope), 1 / slope, held)
