r"""The null space of a matrix in coordinates that survive any scaling of its rows and many decades of its columns.

Rows and columns are brought to like sizes in turns (z_j = d_j x_j). Then r columns, the basis, are chosen so that the
others are combinations of them: b_j = sum_i C_ij b_i, and z = (-C_j on the basis, 1 on j) is a null vector for each j. Columns
are asked class by class, heavy ones first, by QR with pivoting within a class: a null vector among heavy columns weighs little
in the l1 norm of x and would drown in rounding if light columns had a part in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.operators.base import vector_norms
from sparsecs.operators.door import as_operator

CLASS = 1e3  # columns whose sizes differ by less are of one class
SPREAD = 1e140  # sizes that differ by more make products that floating point cannot hold


@dataclass(frozen=True, eq=False)
class Coordinates:
    """``basis`` (r,), ``rest`` (n - r,) columns, ``table`` C (r, n - r), ``weights`` omega (n,) = 1 / d_j up to a factor."""

    basis: np.ndarray
    rest: np.ndarray
    table: np.ndarray
    weights: np.ndarray
    dead: np.ndarray

    @property
    def n(self) -> int:
        return self.weights.size

    def rows(self) -> np.ndarray:
        """A matrix of r rows with the same null space, for z."""
        B = np.zeros((self.basis.size, self.n), dtype=self.table.dtype)
        B[:, self.basis] = np.eye(self.basis.size)
        B[:, self.rest] = self.table
        return B

    def null_vectors(self, first: int | None = None) -> np.ndarray:
        """A basis of the null space, (n, n - r), in units of x, each of unit l1 norm; or the ``first`` vectors of it."""
        Z = np.zeros((self.n, self.rest[:first].size), dtype=self.table.dtype)
        Z[self.basis] = -self.table[:, :first]
        Z[self.rest[:first]] = np.eye(self.rest[:first].size)
        Z *= self.weights[:, None]
        return Z / np.abs(Z).sum(axis=0)


def coordinates(A: Any) -> Coordinates:
    """The coordinates of the null space of A, real or complex, in double precision."""
    operator = as_operator(A)
    eps = float(np.finfo(operator.dtype).eps)
    matrix = operator.dense()
    matrix = matrix.astype(np.complex128 if np.iscomplexobj(matrix) else np.float64)
    dead = np.flatnonzero(~matrix.any(axis=0))
    if dead.size:
        n = matrix.shape[1]
        return Coordinates(np.zeros(0, int), np.arange(n), np.zeros((0, n)), np.ones(n), dead)
    unit, lengths = matrix, np.ones(matrix.shape[1])
    for _ in range(3):
        sizes = np.abs(unit).max(axis=1)
        unit = unit[sizes > 0] / sizes[sizes > 0, None]
        norms = vector_norms(unit)
        if not norms.min() * SPREAD > norms.max():
            raise ValueError(
                f"Columns {int(norms.argmin())} and {int(norms.argmax())} differ by a factor of more than {SPREAD:g} in size; "
                "null vectors of both are out of reach of floating point. Scale the columns, or leave out negligible ones."
            )
        unit, lengths = unit / norms, lengths * norms
    basis, table = _chosen(unit, lengths, 8 * max(matrix.shape) * eps)
    rest = np.setdiff1d(np.arange(lengths.size), basis)
    return Coordinates(basis, rest, table[:, rest], lengths.min() / lengths, dead)


def _chosen(unit: np.ndarray, norms: np.ndarray, bar: float) -> tuple[np.ndarray, np.ndarray]:
    """The basis, and all columns in terms of it, (r, n)."""
    from scipy.linalg import qr, solve_triangular

    m, n = unit.shape
    Q, R, basis = np.zeros((m, 0), unit.dtype), np.zeros((0, n), unit.dtype), np.zeros(0, int)
    order = np.argsort(-norms, kind="stable")
    while order.size:
        same = norms[order] * CLASS > norms[order[0]]
        members, order = order[same], order[~same]
        left = unit[:, members]
        for _ in range(2):
            left = left - Q @ (Q.conj().T @ left)
        q, r, places = qr(left, mode="economic", pivoting=True)
        rank = int(np.count_nonzero(np.abs(np.diag(r)) > bar))
        Q, basis = np.hstack([Q, q[:, :rank]]), np.concatenate([basis, members[places[:rank]]])
        later = np.zeros((rank, n), unit.dtype)
        later[:, members[places]] = np.where(np.arange(rank)[:, None] <= np.arange(places.size), r[:rank], 0)
        later[:, order] = q[:, :rank].conj().T @ unit[:, order]
        R = np.vstack([R, later])
    table = solve_triangular(R[:, basis], R) if basis.size else R
    return basis, table
