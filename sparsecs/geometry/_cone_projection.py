r"""The projection on the image R D of a descent cone, prepared once and then quick for each draw.

    min ||g - R d||^2,   pull^T d_F + linear^T d_E + sum_g price_g ||d_g|| <= 0            E the coordinates off F

d_F is eliminated: with P the projection on the range of R_F, v = (R_F^+)^T pull, B = (I - P) R_E and nu = |v|,

    min over d_E  ||(I - P) g - B d||^2 + (v^T g + (linear - R_E^T v)^T d + sum price_g ||d_g||)_+^2 / nu^2

which ``nearest_in_cone`` solves. If pull is in no combination of the rows of R_F, a direction that R does not see lowers the norm
at no cost, and the cone's image is all that the side conditions leave. Columns are scaled to unit length first, prices with them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sparsecs.geometry.descent_cone import DescentCone
from sparsecs.kernels.cone_projection import costs_of, freedom, nearest_in_cone
from sparsecs.operators.base import vector_norms

ACCURACY = 1e-11  # on the optimality conditions, in units of |g|
SPARE = 1e-8  # of |g|: what is above rounding for sure
ROUNDING = 1e-10  # of unit columns: what is left of one that depends on others
LEAST, MOST = 1e-100, 1e100  # prices beyond are as good as none, or as infinite ones


class Projected(NamedTuple):
    """One projection.

    Attributes
    ----------
    norm, face : float
        Its squared norm, and the dimension of its face.
    level : float
        λ.
    x : (q,) array
        d off F, in unit columns.
    violation : float
        The misfit of optimality, in units of |g|.
    certain : bool
        Whether it proves that R sees every direction of the cone: g less the projection is then λ times a subgradient, strictly
        within off the groups in use, and the columns in use with those of F are independent (Fuchs 2004).
    """

    norm: float
    face: float
    level: float
    x: np.ndarray
    violation: float
    certain: bool


class ConeImage:
    """The image of a descent cone under a matrix.

    Parameters
    ----------
    cone : DescentCone
    root : (r, n) array
        R.

    Attributes
    ----------
    rank : int
        That of R_F.
    open : bool
        Whether the norm may grow as it likes, since directions that R does not see make up for it, or nothing has a price.
    """

    def __init__(self, cone: DescentCone, root: np.ndarray) -> None:
        idle = not cone.pull.any() and not cone.linear.any()
        self.cone, self.rows = cone.without_prices() if idle else cone, root.shape[0]
        cone, self.open, self.doubtful = self.cone, idle, False
        self.scale = self._lengths(root)
        unit = root / self.scale
        self._eliminate(unit[:, cone.free], cone.pull / self.scale[cone.free])
        top = float(self.pull_norm) or 1.0
        starts = cone.rest[cone.edges[:-1]]
        price = np.clip(cone.price / self.scale[starts] / top, 0, MOST)
        price = np.where((cone.price > 0) & (price < LEAST), LEAST, price)
        outer = self.raw = unit[:, cone.rest]
        linear = np.clip(cone.linear / self.scale[cone.rest] / top, -MOST, MOST) - outer.T @ self.v
        for _ in range(2):
            outer = outer - self.basis @ (self.basis.T @ outer)
        outer[:, vector_norms(outer) <= ROUNDING] = 0
        linear = self._settle(outer, linear, price)
        self.outer = outer
        self.gram = np.ascontiguousarray(outer.T @ outer)
        side = np.asarray(cone.side, dtype=np.int64)
        self.costs = costs_of(self.gram, linear, price, np.asarray(cone.edges, dtype=np.int64), side)
        self.square = float(self.v @ self.v)

    def _settle(self, outer: np.ndarray, linear: np.ndarray, price: np.ndarray) -> np.ndarray:
        """Where a whole group of columns is a combination of those of F: it lowers the norm by itself, or is left alone."""
        cone = self.cone
        if not cone.rest.size:
            return linear
        unseen = ~np.logical_or.reduceat(outer.any(axis=0), cone.edges[:-1])
        lengths = np.sqrt(np.add.reduceat(linear**2, cone.edges[:-1]))
        gain = np.where(cone.side == 0, lengths, np.maximum(-cone.side * linear[cone.edges[:-1]], 0)) - price
        self.open = self.open or bool((unseen & (gain > 1e-9 * (1 + lengths))).any())
        self.doubtful = bool((unseen & (gain > -1e-9 * (1 + lengths))).any())
        return np.where(unseen[cone.owner], 0.0, linear)

    def _lengths(self, root: np.ndarray) -> np.ndarray:
        """What each column is divided by; within a group of several the same."""
        lengths = vector_norms(root)
        tops = np.zeros(self.cone.price.size)
        np.maximum.at(tops, self.cone.owner, lengths[self.cone.rest])
        lengths[self.cone.rest] = tops[self.cone.owner]
        return np.where(lengths > 0, lengths, 1.0)

    def _eliminate(self, inner: np.ndarray, pull: np.ndarray) -> None:
        """The range of R_F, and v for a pull of length one."""
        left, values, right = np.linalg.svd(inner, full_matrices=False) if inner.size else (inner, np.zeros(0), inner.T)
        self.rank = int(np.count_nonzero(values > ROUNDING))
        self.basis = left[:, : self.rank] if inner.size else np.zeros((self.rows, 0))
        self.injective = self.rank == pull.size
        self.inverse = right[: self.rank].T / values[: self.rank] if inner.size else np.zeros((pull.size, 0))
        peak = float(np.abs(pull).max(initial=0))
        self.pull_norm = peak * float(np.linalg.norm(pull / peak)) if peak > 0 else 0.0
        self.v = np.zeros(self.rows)
        if peak > 0:
            goal = pull / self.pull_norm
            part = right[: self.rank] @ goal if inner.size else np.zeros(0)
            self.open = not inner.size or bool(np.linalg.norm(goal - right[: self.rank].T @ part) > 1e-7)
            if not self.open:
                self.v = self.basis @ (part / values[: self.rank])

    def project(self, g: np.ndarray) -> Projected:
        """The projection of an (r,) array."""
        inner = self.basis.T @ g
        size = float(np.linalg.norm(g)) or 1.0
        b, a = g @ self.outer, float(self.v @ g)
        if self.open or self.square > 0:
            w = 0.0 if self.open else 1 / self.square
            x, c, level, violation = nearest_in_cone(self.gram, b, a, w, self.costs, ACCURACY * size)
        else:
            x, c, level, violation = self._held(b, size)
            w = 0.0
        level = level if level * self.square**0.5 > ROUNDING * size or self.square == 0 else 0.0
        rank, bend = freedom(self.gram, x, level, w, self.costs)
        face = min(self.rank + rank - (level > 0) - bend, float(self.rows))
        norm = float(inner @ inner) - 2 * level * a + level * level * self.square + float(x @ (b - c))
        certain = not self.doubtful and self.injective and self._strict(x, c, level, size)
        certain = certain and rank == np.count_nonzero(self._in_use(x)[self.cone.owner])
        return Projected(max(norm, 0.0), face, level, x, violation / size, certain)

    def _in_use(self, x: np.ndarray) -> np.ndarray:
        return np.logical_or.reduceat(x != 0, self.cone.edges[:-1]) if x.size else x != 0

    def _strict(self, x: np.ndarray, c: np.ndarray, level: float, size: float) -> bool:
        """Whether subgradients of the groups that are zero have room to spare."""
        if level <= 0 or not x.size:
            return level > 0
        over = c - level * self.costs.linear
        outward = np.sqrt(np.add.reduceat(over**2, self.cone.edges[:-1]))
        outward = np.where(self.cone.side == 0, outward, self.cone.side * over[self.cone.edges[:-1]])
        spare = level * self.costs.price - outward
        return bool((spare > SPARE * size)[~self._in_use(x)].all())

    def _held(self, b: np.ndarray, size: float) -> tuple[np.ndarray, np.ndarray, float, float]:
        """Where no free coordinate can meet the condition u ≤ 0: the method of multipliers, hastened by secants."""
        w, low, high = 1 / float(self.costs.linear @ self.costs.linear), 0.0, np.inf
        level = past = change = 0.0
        for turn in range(100):
            x, c, after, violation = nearest_in_cone(self.gram, b, level / w, w, self.costs, ACCURACY * size)
            miss = after - level
            if abs(miss) <= ACCURACY * max(size, level):
                break
            low, high = (level, high) if miss > 0 else (low, level)
            ahead = level - miss * (level - past) / (miss - change) if turn and miss != change else after
            past, change = level, miss
            level = ahead if low < ahead < high else after if low < after < high else 0.5 * (low + high)
        return x, c, after, max(violation, abs(miss) / w)

    def direction(self, found: Projected, g: np.ndarray) -> np.ndarray:
        """The d with R d the projection of g, in the coordinates of the signal."""
        d, free, rest = np.zeros(self.cone.size), self.cone.free, self.cone.rest
        d[rest] = found.x / self.scale[rest]
        d[free] = self.inverse @ (self.basis.T @ (g - self.raw @ found.x - found.level * self.v)) / self.scale[free]
        return d
