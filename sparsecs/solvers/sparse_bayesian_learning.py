r"""Sparse Bayesian learning: every coefficient has a prior N(0, 1/alpha_i) of its own, and the data choose the alphas.

    Sigma = (A_S^T A_S / s + diag alpha)^{-1},    x_S = Sigma A_S^T y / s                  posterior on the support S
    alpha_i' = (1 - alpha_i Sigma_ii) / x_i^2,    s' = ||y - A x||^2 / (m - sum(1 - alpha_i Sigma_ii))
    column j joins S if q_j^2 > s c_j,  leaves if not:    q = A^T (y - A x),  c_j = ||a_j||^2 - a_j^T A_S Sigma A_S^T a_j / s

(Tipping 2001; the last line is the exact change of the marginal likelihood, Tipping and Faul 2003, so no alpha has to grow to
infinity.) The noise s is the problem's, or is learned. Columns are brought to norm 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.operators.base import Operator
from sparsecs.problems.problem import Problem
from sparsecs.solvers._message_passing import unit_columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status

QUIET = 0.01  # the noise's part of y's power at the start, where it is learned
GAIN = 1.0001  # q²/(s c) above which a column joins: its likelihood must gain, and not by rounding


@dataclass(frozen=True)
class SparseBayesianLearning(Solver):
    """Type-II maximum likelihood: the support, the size of each coefficient and the noise are learned from y alone.

    The answer is the posterior mean, a little shorter than least squares on its support; see ``debias``.

    Parameters
    ----------
    tolerance : float
        It stops when no column joins or leaves and x moves by at most this part of its size.

    References
    ----------
    Tipping, "Sparse Bayesian learning and the relevance vector machine" (2001); Tipping and Faul, "Fast marginal likelihood
    maximisation for sparse Bayesian models" (2003).

    Examples
    --------
    >>> from sparsecs import Gaussian, SparseBayesianLearning, Spikes, answer, plant, stream
    >>> problem = plant(Gaussian().draw(50, 100, stream(0, "A")), Spikes(), 5, stream(0, "x"), noise=0.01)
    >>> result = answer(problem, SparseBayesianLearning())
    >>> result.status.name, set(problem.truth.nonzero()[0]) <= set(result.support)
    ('STATIONARY', True)
    """

    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "max over alpha and noise of the likelihood of y, with x_i ~ N(0, 1/alpha_i)"

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        (A, factors), y = unit_columns(problem.operator), problem.y
        if self._unseen(problem, A.rmatvec(y), 1.0):
            yield Iterate(problem.nothing(), y.copy(), Status.ZERO)
            return
        posterior, floor = _Posterior(A, y, problem.noise, self._floor(problem)), self._floor(problem)
        x = problem.nothing()
        while True:
            calm = posterior.step()
            before, x = x, problem.nothing()
            x[posterior.support] = posterior.mean
            x = x * factors
            residual = y - problem.operator @ x
            at_rest = calm and np.linalg.norm(x - before) <= floor * np.linalg.norm(x)
            status = (self._fits(problem, residual) or Status.STATIONARY) if at_rest else None
            yield Iterate(x, residual, status)


class _Posterior:
    """The posterior on a support that grows and shrinks, one column at a time."""

    def __init__(self, A: Operator, y: np.ndarray, noise: float, floor: float) -> None:
        self._A, self._y, self._seen = A, y, A.rmatvec(y).astype(np.float64)
        power = float(np.linalg.norm(y)) ** 2 / y.size
        self._least = floor**2 * power  # the least noise that is told from rounding
        self._given = noise > 0
        self._noise = max(noise**2 if self._given else QUIET * power, self._least)
        self._dependent = float(np.finfo(y.dtype).eps) ** 0.5
        self._columns, self._free = np.zeros((y.size, 0)), np.ones(self._seen.size, dtype=bool)
        self._squares = A.column_norms().astype(np.float64) ** 2
        self._alphas, self._products = np.zeros(0), np.zeros((self._seen.size, 0))
        self.support, self.mean = np.zeros(0, dtype=np.intp), np.zeros(0)

    def step(self) -> bool:
        """One round for all alphas and the noise, one column in or out; whether none came and none went."""
        part, noise = self._products[self.support], self._noise
        inverse = np.linalg.inv(part + np.diag(noise * self._alphas))
        self.mean = inverse @ self._seen[self.support]
        variances = noise * np.diag(inverse)
        certain = np.maximum(1 - self._alphas * variances, np.finfo(np.float64).eps)
        residual = self._y - self._columns @ self.mean
        entering = self._entering(inverse, self._A.rmatvec(residual.astype(self._y.dtype)).astype(float))
        if not self._given:
            free = max(self._y.size - float(certain.sum()), 1.0)
            self._noise = max(float(residual @ residual) / free, self._least)
        surplus = (
            self.mean**2 / (certain * variances) - 1
        )  # at most zero: with this coefficient the likelihood is smaller
        self._alphas = certain / np.maximum(self.mean**2, np.finfo(np.float64).tiny)
        if surplus.size and surplus.min() <= 0:
            self._drop(int(surplus.argmin()))
            return False
        if entering is None:
            return True
        self._add(*entering)
        return False

    def _entering(self, inverse: np.ndarray, q: np.ndarray) -> tuple[int, float] | None:
        """The column that adds most to the likelihood, and its alpha."""
        c = self._squares - np.einsum("ij,ij->i", self._products @ inverse, self._products)
        free = self._free & (c > self._dependent)
        ratio = np.divide(q * q, self._noise * c, out=np.zeros_like(c), where=free)
        j = int(np.argmax(ratio))  # the gain, (ratio - 1 - log ratio)/2, grows with it
        if ratio[j] <= GAIN:
            return None
        return j, float(c[j] ** 2 / (q[j] ** 2 - self._noise * c[j]))

    def _add(self, j: int, alpha: float) -> None:
        """Take a column in, unless it depends on those that are: a share of their coefficients would be its own."""
        self._free[j] = False
        column = self._A.columns(np.array([j]))
        product = self._A.rmatvec(column[:, 0]).astype(np.float64)
        rest = column[:, 0] - self._columns @ np.linalg.lstsq(self._columns, column[:, 0], rcond=None)[0]
        if float(rest @ rest) <= self._dependent:
            return
        self._columns = np.column_stack([self._columns, column])
        self._products = np.column_stack([self._products, product])
        self.support, self._alphas = np.append(self.support, j), np.append(self._alphas, alpha)
        self.mean = np.append(self.mean, 0.0)

    def _drop(self, place: int) -> None:
        """Let a column go, and with it all that depended on it."""
        self._columns, self._products = np.delete(self._columns, place, 1), np.delete(self._products, place, 1)
        self.support, self._alphas = np.delete(self.support, place), np.delete(self._alphas, place)
        self.mean = np.delete(self.mean, place)
        self._free[:] = True
        self._free[self.support] = False
