"""The vertices that the simplex method stands on: the first one, that of each column, and one rebuilt from its basis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.geometry._null_space_coordinates import Coordinates
from sparsecs.kernels.null_space_simplex import same

ROOM = 2**29  # bytes that the vertices kept for all columns may take


@dataclass(frozen=True, eq=False)
class Vertex:
    """A tableau with what stands in it; see ``null_space_simplex``. Its arrays are written to by the kernels."""

    T: np.ndarray
    basis: np.ndarray
    sign: np.ndarray
    other: np.ndarray

    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        return self.T, self.basis, self.sign, self.other

    def copy(self) -> Vertex:
        return Vertex(*(part.copy() for part in self.parts()))

    def become(self, other: Vertex) -> None:
        same(*other.parts(), *self.parts())

    def bare(self) -> Vertex:
        """The same vertex with no objective."""
        fresh = self.copy()
        fresh.T[-1] = 0.0
        return fresh


def first_vertex(space: Coordinates) -> Vertex:
    """The null vector of the first column that is not in the basis, with no objective."""
    r, n = space.basis.size, space.n
    omega = space.weights
    g = np.append(-space.table[:, 0], 1.0)
    basis = np.append(space.basis, space.rest[0])
    sign = np.where(g >= 0, 1.0, -1.0)
    size = float(np.abs(g) @ omega[basis])
    tau = np.vstack([space.table[:, 1:], np.zeros(n - r - 1)])
    theta = (omega[space.rest[1:]] - (sign * omega[basis]) @ tau) / size
    T = np.zeros((r + 2, n - r))
    T[:-1, :-1] = sign[:, None] * (tau + g[:, None] * theta)
    T[:-1, -1] = np.abs(g) / size
    return Vertex(T, basis.astype(np.int64), sign, space.rest[1:].astype(np.int64))


def rebuilt(space: Coordinates, vertex: Vertex) -> Vertex:
    """The vertex of the same basis from the matrix itself, without what rounding did on the way; with no objective."""
    B, omega = space.rows(), space.weights
    lifted = np.vstack([B, omega])
    system = np.vstack([B[:, vertex.basis] * vertex.sign, omega[vertex.basis]])
    right = np.hstack([lifted[:, vertex.other], np.eye(system.shape[0])[:, -1:]])
    T = np.vstack([np.linalg.solve(system, right), np.zeros(right.shape[1])])
    return Vertex(T, vertex.basis.copy(), vertex.sign.copy(), vertex.other.copy())
