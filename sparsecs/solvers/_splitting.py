r"""The two smooth steps of a splitting method: a ridge regression with a matrix made once, and the proximal map of a loss.

(rho I + A^H A)^-1 b = ( b - A^H (rho I + A A^H)^-1 A b ) / rho
prox_f(a) = argmin_v f(v) + rho/2 ||v - a||^2
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.losses.base import Loss
from sparsecs.losses.squared import Squared
from sparsecs.operators.base import Operator
from sparsecs.solvers._newton import as_reals, reals_as, sample_bends

LARGEST = 4000  # rows or columns whose Gram matrix is formed and factored
ENOUGH = 1e-13  # of the right-hand side: where conjugate gradients stop


class Ridge:
    """Solves (ρI + AᴴA) x = b for one A and many b; by a Cholesky factor of the smaller Gram matrix, or by conjugate gradients.

    Parameters
    ----------
    A : Operator
    """

    def __init__(self, A: Operator) -> None:
        m, n = A.shape
        self._A, self._wide = A, np.result_type(A.dtype, np.float64)
        self._flat = m < n
        self._gram = None
        if min(m, n) <= LARGEST:
            self._gram = (A if self._flat else A.H).gram().astype(self._wide)
        self._rho = 0.0
        self._factor: Any = None

    def solve(self, b: np.ndarray, rho: float, start: np.ndarray) -> np.ndarray:
        """x, from a start that conjugate gradients improve on."""
        if self._gram is None:
            return self._by_gradients(b, rho, start)
        import scipy.linalg

        if rho != self._rho:
            self._factor = scipy.linalg.cho_factor(self._gram + rho * np.eye(self._gram.shape[0]))
            self._rho = rho
        if not self._flat:
            return scipy.linalg.cho_solve(self._factor, b)
        inner = scipy.linalg.cho_solve(self._factor, self._A @ b)
        return (b - self._A.H @ inner) / rho

    def _by_gradients(self, b: np.ndarray, rho: float, start: np.ndarray) -> np.ndarray:
        x = start.copy()
        r = b - rho * x - self._A.H @ (self._A @ x)
        p, square = r, float(np.vdot(r, r).real)
        enough = ENOUGH**2 * float(np.vdot(b, b).real)
        for _ in range(2 * min(self._A.shape) + 10):  # ρI + AᴴA has one eigenvalue more than A has singular values
            if square <= enough:
                break
            Ap = rho * p + self._A.H @ (self._A @ p)
            share = square / float(np.vdot(p, Ap).real)
            x, r = x + share * p, r - share * Ap
            before, square = square, float(np.vdot(r, r).real)
            p = r + (square / before) * p
        return x


def loss_prox(loss: Loss, a: np.ndarray, y: np.ndarray, rho: float, start: np.ndarray) -> np.ndarray:
    """prox of f / ρ at a, by Newton's method sample by sample, and a gradient step where that does not help."""
    if isinstance(loss, Squared):
        return (y + rho * a) / (1 + rho)
    m, v = a.shape[0], start
    pull = _pull(loss, v, a, y, rho)
    size = np.linalg.norm(pull, axis=1)
    enough = 1e-14 * (1 + rho) * (1 + float(np.abs(a).max(initial=0)))
    for _ in range(50):
        if size.max(initial=0) <= enough:
            break
        bends = sample_bends(loss, v, y) + rho * np.eye(pull.shape[1])
        jump = v - reals_as(np.linalg.solve(bends, pull[:, :, None]).reshape(-1), v)
        landed = _pull(loss, jump, a, y, rho)
        lower = np.linalg.norm(landed, axis=1) <= 0.9 * size
        slow = v - reals_as(pull.reshape(-1), v) / (loss.smoothness + rho)  # always nearer to the minimiser
        v = np.where(lower if v.ndim == 1 else lower[:, None], jump, slow)
        pull = landed if lower.all() else _pull(loss, v, a, y, rho)
        size = np.linalg.norm(pull, axis=1)
    return v.reshape(m, *a.shape[1:])


def _pull(loss: Loss, v: np.ndarray, a: np.ndarray, y: np.ndarray, rho: float) -> np.ndarray:
    """The gradient of f(v) + ρ/2 ‖v − a‖², a row of real numbers for each sample."""
    return as_reals(loss.gradient(v, y) + rho * (v - a)).reshape(a.shape[0], -1)
