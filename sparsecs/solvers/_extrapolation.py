r"""Dual extrapolation: a better dual point from the last few residuals, at no further product with A.

    U = [ r_2 - r_1, ..., r_6 - r_5 ],    c = (U^H U)^{-1} 1 / (1^T (U^H U)^{-1} 1),    r = sum_i c_i r_{i+1}

Near the end of a descent residuals move along a line of geometric steps, whose limit such a combination finds (Massias, Gramfort
and Salmon 2018). For the squared loss the image A^H r is the same combination of images that are known already. A combination
that proves less than the last residual is not used, so nothing can be lost.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from sparsecs.losses.squared import Squared
from sparsecs.penalties.base import Penalty
from sparsecs.problems.problem import Problem
from sparsecs.solvers._penalized import Terms, proof

KEPT = 6  # residuals


class Extrapolation:
    """The residuals seen last, with their images.

    Parameters
    ----------
    problem : Problem
    terms : Terms
    """

    def __init__(self, problem: Problem, terms: Terms) -> None:
        penalty: Penalty = terms.penalty
        self._problem, self._terms = problem, terms
        self._useful = penalty.convex and isinstance(terms.loss, Squared)
        self._seen: deque[tuple[np.ndarray, np.ndarray]] = deque(maxlen=KEPT)

    def better(
        self, z: np.ndarray, Az: np.ndarray, residual: np.ndarray, image: np.ndarray, gap: float
    ) -> tuple[float, np.ndarray]:
        """The relative gap and the dual direction, extrapolated if that proves more than ``gap`` from the residual."""
        self._seen.append((residual, image))
        if not self._useful or len(self._seen) < KEPT:
            return gap, residual
        steps = np.stack([b[0].ravel() - a[0].ravel() for a, b in zip(self._seen, list(self._seen)[1:], strict=False)])
        shares = np.linalg.lstsq(steps.conj() @ steps.T, np.ones(len(steps)), rcond=None)[0]
        total = shares.sum()
        if not np.isfinite(shares).all() or abs(total) <= 1e-12 * np.abs(shares).sum():
            return gap, residual
        later = list(self._seen)[1:]
        direction, slope = (sum(c * pair[i] for c, pair in zip(shares / total, later, strict=True)) for i in (0, 1))
        found = proof(self._problem, self._terms, z, Az, direction, slope, "").relative_gap
        return (found, direction.astype(residual.dtype)) if found < gap else (gap, residual)
