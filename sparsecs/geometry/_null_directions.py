r"""Directions of a descent cone that a matrix does not see: if there is one, the signal is not the only solution.

    min f'(x; d)  and  max c^T d with f'(x; d) <= 0,  +c and -c for a random c,        R d = 0,  |d_j| <= 1 in unit columns

are linear programs for a cone with flat faces. A minimum below zero: the norm falls in unseen directions, and the image of the
cone is the whole range. Two maxima of zero: the cone meets the null space in zero alone. Groups of several have no such program;
there a random vector is projected on the cone in a metric in which what R sees is very long, and only what it finds is a proof.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sparsecs.core.randomness import stream
from sparsecs.geometry._cone_projection import ConeImage
from sparsecs.geometry.descent_cone import DescentCone

STIFF = 1e-3  # how much a vector's own length counts beside that of its image
SLIGHT = 1e-6  # a derivative, in units of the largest price, that is rounding


class Unseen(NamedTuple):
    """A direction of the cone with no image, or None; whether the norm falls along one; whether that is decided."""

    direction: np.ndarray | None
    falls: bool
    decided: bool


def unseen_direction(cone: DescentCone, root: np.ndarray, null: np.ndarray) -> Unseen:
    """What the cone and the null space of R have in common.

    Parameters
    ----------
    cone : DescentCone
    root : (r, n) array
        R.
    null : (n, n − r) array
        An orthonormal basis of its null space.
    """
    if null.shape[1] == 0:
        return Unseen(None, False, True)
    lengths = np.linalg.norm(root, axis=0)
    lengths = np.where(lengths > 0, lengths, 1.0)
    c = stream(0, "null direction").standard_normal(null.shape[1])
    goals = [sign * lengths * (null @ c) for sign in (1.0, -1.0)]
    if cone.polyhedral:
        return _by_programs(cone, root / lengths, null, lengths, goals)
    image = ConeImage(cone, np.vstack([root, STIFF * np.diag(lengths)]))
    for goal in goals:
        g = np.concatenate([np.zeros(root.shape[0]), goal])
        found = _verified(cone, null, image.direction(image.project(g), g))
        if found is not None:
            return Unseen(found, cone.derivative(found) < -SLIGHT * _top(cone), True)
    return Unseen(None, False, False)


def _by_programs(
    cone: DescentCone, unit: np.ndarray, null: np.ndarray, lengths: np.ndarray, goals: list[np.ndarray]
) -> Unseen:
    n = cone.size
    up, down, high, low = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    up[cone.free], down[cone.free], high[cone.free], low[cone.free] = cone.pull, -cone.pull, 1, 1
    up[cone.rest], down[cone.rest] = cone.linear + cone.price, cone.price - cone.linear
    high[cone.rest], low[cone.rest] = cone.side >= 0, cone.side <= 0
    costs = np.concatenate([up, down]) / np.tile(lengths, 2)
    costs /= max(float(np.abs(costs).max()), 1e-300)
    most = np.concatenate([high, low])

    def solved(objective: np.ndarray, bounded: bool) -> np.ndarray:
        from scipy.optimize import linprog

        limits = {"A_ub": costs[None], "b_ub": [0.0]} if bounded else {}
        rows = np.hstack([unit, -unit])
        found = linprog(objective, **limits, A_eq=rows, b_eq=np.zeros(len(rows)), bounds=np.stack([0 * most, most], 1))
        return (found.x[:n] - found.x[n:]) / lengths if found.x is not None else np.zeros(n)

    steepest = _verified(cone, null, solved(costs, False))
    if steepest is not None and cone.derivative(steepest) < -SLIGHT * _top(cone):
        return Unseen(steepest, True, True)
    for goal in goals:
        found = _verified(cone, null, solved(np.concatenate([-goal, goal]) / np.abs(goal).max(), True))
        if found is not None:
            return Unseen(found, False, True)
    return Unseen(None, False, True)


def _verified(cone: DescentCone, null: np.ndarray, d: np.ndarray) -> np.ndarray | None:
    """The part of d in the null space at length one, if that is most of it and lies in the cone up to rounding."""
    part, size = null @ (null.T @ d), float(np.linalg.norm(d))
    length = float(np.linalg.norm(part))
    if not length > 0.5 * size or length < SLIGHT:
        return None
    on_edge = part[cone.rest]
    wrong = (cone.side[cone.owner] * on_edge < 0) & (np.abs(on_edge) <= SLIGHT * size)
    part[cone.rest[wrong]] = 0.0
    return part / length if cone.derivative(part) <= SLIGHT * _top(cone) * length else None


def _top(cone: DescentCone) -> float:
    return max(float(np.abs(cone.pull).max(initial=0)), float(cone.price.max(initial=0)), 1e-300)
