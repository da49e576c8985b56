r"""The descent cone of a penalty at a signal, by the directional derivative that bounds it.

    closure of D(f, x) = { d : f'(x; d) <= 0 },     f'(x; d) = pull^T d_F + sum_i linear_i d_i + sum_g price_g ||d_g||

F are the free coordinates, in which f is smooth: the support. The others come in groups, most of them of one. A group of one may
be held at or above zero (side 1), or at or below it (side -1), where the signal stands at a bound. The cone knows the signs of a
signal, not its amplitudes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import indices, quote, vector
from sparsecs.penalties._rows import group_costs
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.group_l2 import GroupL2
from sparsecs.penalties.l1 import L1


@dataclass(frozen=True, eq=False)
class DescentCone:
    """Where a penalty does not grow, to first order; see the module's text.

    Parameters
    ----------
    size : int
        n, the number of real coordinates. Those that are in no list are held at zero.
    free, pull : (k,) arrays
        The free coordinates and the derivative along each.
    rest, linear : (q,) arrays
        The others, group by group.
    edges : (r + 1,) integer array
        Group g is made of ``rest[edges[g]:edges[g + 1]]``.
    price, side : (r,) arrays

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.geometry.descent_cone import descent_cone
    >>> from sparsecs import L1
    >>> cone = descent_cone(L1(), np.array([0.0, -2.0, 0.0]))
    >>> cone.free, cone.pull, cone.rest
    (array([1]), array([-1.]), array([0, 2]))
    >>> cone.derivative(np.array([1.0, 3.0, -1.0]))
    -1.0
    """

    size: int
    free: np.ndarray
    pull: np.ndarray
    rest: np.ndarray
    linear: np.ndarray
    edges: np.ndarray
    price: np.ndarray
    side: np.ndarray

    @property
    def owner(self) -> np.ndarray:
        """The group of each coordinate of ``rest``."""
        return np.repeat(np.arange(self.price.size), np.diff(self.edges))

    @property
    def polyhedral(self) -> bool:
        """Whether finitely many inequalities bound it."""
        return bool((np.diff(self.edges)[self.price > 0] == 1).all())

    @property
    def two_sided(self) -> bool:
        """Whether no coordinate is held on one side of zero, or at zero."""
        return not self.side.any() and self.free.size + self.rest.size == self.size

    def without_prices(self) -> DescentCone:
        """The same with all coordinates that have a price held at zero."""
        keep = (self.price == 0)[self.owner]
        edges = np.concatenate([[0], np.cumsum(np.diff(self.edges)[self.price == 0])])
        kept = self.price[self.price == 0], self.side[self.price == 0]
        return DescentCone(self.size, self.free, self.pull, self.rest[keep], self.linear[keep], edges, *kept)

    def scaled(self, lengths: np.ndarray) -> DescentCone:
        """The same for coordinates that are multiplied by these lengths; groups must be of one."""
        rest = lengths[self.rest]
        first = rest[self.edges[:-1]]
        parts = self.rest, self.linear / rest, self.edges, self.price / first, self.side
        return DescentCone(self.size, self.free, self.pull / lengths[self.free], *parts)

    def derivative(self, d: np.ndarray) -> float:
        """f'(x; d); infinite where d leaves the bounds."""
        part = d[self.rest]
        if (self.side[self.owner] * part < 0).any():
            return np.inf
        lengths = np.sqrt(np.bincount(self.owner, weights=part**2, minlength=self.price.size))
        return float(self.pull @ d[self.free] + self.linear @ part + self.price @ lengths)


def descent_cone(penalty: Penalty, x: Any, groups: Any = None, weights: Any = None) -> DescentCone:
    """The descent cone of an ℓ1 norm or a group norm at x; complex coordinates become pairs of real ones.

    Parameters
    ----------
    penalty : L1 or GroupL2
    x : (n,) array
        The signal; only its signs and zeros, or the directions of its groups, matter.
    groups : (n,) array of int, optional
        The group of each coordinate, for GroupL2.
    weights : array, optional
        One for each coordinate, or for each group, at least zero.
    """
    signal = vector(x, "x")
    if np.iscomplexobj(signal):
        penalty, signal, groups = _as_pairs(penalty, signal, groups)
    if isinstance(penalty, GroupL2):
        if groups is None:
            raise ValueError("GroupL2 needs the groups of the coefficients: give groups=, a label for each.")
        labels = indices(groups, "groups", signal.size)
        if labels.size != signal.size:
            raise ValueError(f"groups has {labels.size} labels but x has {signal.size} coefficients.")
        costs = group_costs(labels, _weights(weights), penalty.root_size, "GroupL2")
        return _of_groups(signal.astype(np.float64), labels, costs)
    if not isinstance(penalty, L1):
        raise TypeError(f"The descent cones of L1 and GroupL2 are known here; got {quote(penalty)}.")
    each = _weights(weights, signal.size)
    return _of_l1(penalty, signal.astype(np.float64), np.ones(signal.size) if each is None else each)


def _weights(weights: Any, size: int | None = None) -> np.ndarray | None:
    if weights is None:
        return None
    costs = np.asarray(weights, dtype=np.float64)
    if costs.ndim != 1 or (size is not None and costs.size != size):
        raise ValueError(f"weights has shape {costs.shape} but {size or 'one a group'} numbers were asked for.")
    if not (costs >= 0).all():
        raise ValueError("weights must be at least zero; some are negative or NaN.")
    return costs


def _as_pairs(penalty: Penalty, x: np.ndarray, groups: Any) -> tuple[Penalty, np.ndarray, np.ndarray]:
    """The same for real and imaginary parts, one list after the other: moduli are norms of pairs."""
    if isinstance(penalty, L1) and not penalty.bounded:
        penalty, groups = GroupL2(), np.arange(x.size)
    elif not isinstance(penalty, GroupL2) or groups is None or penalty.root_size:
        raise TypeError(f"Of complex signals the cones of L1() and GroupL2() with groups are known; got {penalty}.")
    return penalty, np.concatenate([x.real, x.imag]), np.tile(np.asarray(groups), 2)


def _of_l1(penalty: L1, x: np.ndarray, costs: np.ndarray) -> DescentCone:
    low, high = penalty.bounds
    if ((x < low) | (x > high)).any():
        raise ValueError(f"x must lie within the bounds {low} and {high}; it goes from {x.min():g} to {x.max():g}.")
    live = np.isfinite(costs)
    if (~live & (x != 0)).any():
        raise ValueError(
            "A coefficient that is not zero has an infinite weight, so no signal near it has a finite norm."
        )
    top = max(float(costs[live].max(initial=0)), np.finfo(float).tiny)
    costs = np.where(live, costs / top, 0)
    side = np.where(x == low, 1, np.where(x == high, -1, 0))
    free = live & (side == 0) & ((x != 0) | (costs == 0))
    rest = np.flatnonzero(live & ~free)
    return DescentCone(
        x.size,
        np.flatnonzero(free),
        (costs * np.sign(x))[free],
        rest,
        (costs * np.sign(x))[rest],
        np.arange(rest.size + 1),
        np.where(x == 0, costs, 0)[rest],
        side[rest],
    )


def _of_groups(x: np.ndarray, labels: np.ndarray, costs: np.ndarray) -> DescentCone:
    peak = max(float(np.abs(x).max(initial=0)), np.finfo(float).tiny)
    tops = np.zeros(costs.size)
    np.maximum.at(tops, labels, np.abs(x / peak))
    unit = x / peak / np.where(tops > 0, tops, 1)[labels]
    lengths = np.sqrt(np.bincount(labels, weights=unit**2, minlength=costs.size))
    live = np.isfinite(costs)
    if (~live & (tops > 0)).any():
        raise ValueError("A group that is not zero has an infinite weight, so no signal near it has a finite norm.")
    costs = np.where(live, costs, 0) / max(float(costs[live].max(initial=0)), np.finfo(float).tiny)
    free = (live & ((tops > 0) | (costs == 0)))[labels]
    rest = np.flatnonzero(live[labels] & ~free)
    rest = rest[np.argsort(labels[rest], kind="stable")]
    used, counts = np.unique(labels[rest], return_counts=True)
    pull = (costs / np.where(lengths > 0, lengths, 1))[labels] * unit
    return DescentCone(
        x.size,
        np.flatnonzero(free),
        pull[free],
        rest,
        np.zeros(rest.size),
        np.concatenate([[0], np.cumsum(counts)]),
        costs[used],
        np.zeros(used.size, dtype=np.int64),
    )
