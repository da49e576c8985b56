r"""Gradient descent on a fixed mask m of coefficients, as a network is trained after pruning.

    w' = w - eta (m . grad f(w)),      f(w) = loss(A w),      eta = step / L,      L >= loss'' ||A_S||^2

It ends where m . grad f = 0. For the squared loss each step shortens the distance from there by the factor 1 - mu/L or more,
mu and L the extreme eigenvalues of A_S^H A_S: how strongly convex and how smooth f is when restricted to the mask; see
``masked_constants``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import a_kind_of, distinct, indices, positive, quote
from sparsecs.geometry.spectrum import spectral_norm
from sparsecs.losses.base import Loss
from sparsecs.losses.squared import Squared
from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.operators.selected import Selected
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class MaskedGradient(Solver):
    """Gradient descent on the coefficients of a mask; all others stay zero.

    Parameters
    ----------
    support : tuple of int, or array of truth values, optional
        The mask; it is kept as positions, so that only ``weights=`` can compare its length with A. By default all columns whose
        weight in the problem is not infinite: ``weights=numpy.where(mask, 1, numpy.inf)``. Finite weights say no more than that.
    loss : Loss
    step : float
        In units of 1/L, above 0 and below 2.
    tolerance : float
        It stops when ‖m ∘ ∇f‖ is at most this part of what it was at zero, or when ‖y − A w‖ ≤ tolerance · ‖y‖.

    References
    ----------
    Nesterov, Introductory Lectures on Convex Optimization (2004), section 2.1.5.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import MaskedGradient, solve
    >>> solve(np.eye(3), [4.0, 5.0, 1.0], MaskedGradient(support=(0, 1))).x.round(6)
    array([4., 5., 0.])
    """

    exact: ClassVar[bool] = False
    uses_weights: ClassVar[bool] = True
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "min loss(A w, y) over the w that are zero off a mask"
    support: tuple[int, ...] | None = None
    loss: Loss = field(default=Squared(), kw_only=True)
    step: float = field(default=1.0, kw_only=True)
    max_iterations: int = field(default=20_000, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        a_kind_of(self.loss, Loss, "loss", "Squared()")
        if not positive(self.step, "step") < 2:
            raise ValueError(f"step must be above 0 and below 2, in units of 1/L; got {self.step}.")
        if self.support is not None:
            object.__setattr__(self, "support", _positions(self.support))

    @property
    def scales(self) -> bool:
        return self.loss.scales

    def accepts(self, problem: Problem) -> None:
        super().accepts(problem)
        self.loss.accepts(problem.y)
        self._mask(problem)

    def rescaled(self, units: Units) -> MaskedGradient:
        return replace(self, loss=self.loss.rescaled(units.exponent(0, 1)))

    def residual(self, problem: Problem, x: np.ndarray) -> np.ndarray:
        return -self.loss.fitted(problem.y).gradient(problem.operator @ x, problem.y)

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        y, mask, loss = problem.y, self._mask(problem), self.loss.fitted(problem.y)
        x, z = problem.nothing(), np.zeros_like(y)
        slope = loss.gradient(z, y)
        if mask.size == 0:
            yield Iterate(x, -slope, Status.ZERO)
            return
        A = _part(problem.operator, mask)
        w, gradient, norm = x[mask], A.H @ slope, spectral_norm(A, steps=12)
        eps, start = float(np.finfo(y.dtype).eps), float(np.linalg.norm(gradient))
        rounding = eps * norm * float(np.linalg.norm(slope))
        if start <= 8 * rounding:
            yield Iterate(x, -slope, Status.ZERO)
            return
        bar = max(self.tolerance * start, 2 * rounding)
        L = 1.01 * loss.smoothness * norm**2
        while True:
            while True:
                moved = -(self.step / L) * gradient
                image = A @ (w + moved)
                seen = max(float(np.linalg.norm(image - z)) - 8 * eps * float(np.linalg.norm(z)), 0.0)
                if not loss.smoothness * seen**2 > L * float(np.linalg.norm(moved)) ** 2:
                    break
                L *= 1.05  # the norm was a lower bound
            w, z = w + moved, image
            slope = loss.gradient(z, y)
            gradient = A.H @ slope
            x = problem.nothing()
            x[mask] = w
            status = self._fits(problem, slope) if self.scales else None
            if status is None and float(np.linalg.norm(gradient)) <= bar:
                status = Status.STATIONARY
            yield Iterate(x, -slope, status)

    def _mask(self, problem: Problem) -> np.ndarray:
        """The positions of the mask, in order."""
        n = problem.shape[1]
        free = np.ones(n, dtype=bool) if problem.weights is None else np.isfinite(problem.weights)
        if self.support is not None:
            chosen = np.zeros(n, dtype=bool)
            chosen[indices(np.asarray(self.support), "support", n)] = True
            free &= chosen
        return np.flatnonzero(free)


def _positions(support: Any) -> tuple[int, ...]:
    """The positions of a mask, which may be given by truth values."""
    array = np.asarray(support if isinstance(support, np.ndarray) or not np.iterable(support) else list(support))
    if array.dtype == bool and array.ndim == 1:
        array = np.flatnonzero(array)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "ui"):
        raise TypeError(f"support must be positions such as (0, 2), or a mask of truth values; got {quote(support)}.")
    return tuple(distinct(array, "support").tolist())


def _part(A: Operator, mask: np.ndarray) -> Operator:
    """The columns of a mask: a matrix if A is one, else still an operator."""
    if mask.size == A.shape[1]:
        return A
    return Selected(A, mask) if A.at_hand is None else Dense(A.columns(mask))
