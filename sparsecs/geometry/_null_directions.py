r"""Directions of a descent cone that a matrix does not see: if there is one, the signal is not the only solution.

    min f'(x; d)  and  max c^T d with f'(x; d) <= 0,  +c and -c for a random c,        R d = 0,  |d_j| <= 1 in unit columns

are linear programs for a cone with flat faces, asked only if no projection proved the contrary. A minimum below zero: the norm
falls in unseen directions, and the image of the cone is the whole range. Two maxima of zero: the cone meets the null space in
zero alone. Groups of several have no such program; there a random vector is projected on the cone in a metric in which what R
sees is very long, and only what it finds is a proof.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.randomness import stream
from sparsecs.geometry._cone_projection import ConeImage
from sparsecs.geometry.descent_cone import DescentCone

STIFF = 1e-3  # how much a vector's own length counts beside that of its image
DEAR = 1e6  # times the largest pull: prices above are as good as prohibitive
SLIGHT = 1e-6  # a derivative, in units of the largest price, that is rounding


class Unseen(NamedTuple):
    """A direction of the cone with no image, or None; whether the norm falls along one; whether that is decided."""

    direction: np.ndarray | None
    falls: bool
    decided: bool


def unseen_direction(cone: DescentCone, root: np.ndarray, null: np.ndarray, seconds: float = np.inf) -> Unseen:
    """What the cone and the null space of R have in common.

    Parameters
    ----------
    cone : DescentCone
    root : (r, n) array
        R.
    null : (n, n − r) array
        An orthonormal basis of its null space.
    seconds : float
        How long it may take; nothing is decided if that is too short.
    """
    if null.shape[1] == 0:
        return Unseen(None, False, True)
    lengths = np.linalg.norm(root, axis=0)
    lengths = np.where(lengths > 0, lengths, 1.0)
    c = stream(0, "null direction").standard_normal(null.shape[1])
    goals = [sign * lengths * (null @ c) for sign in (1.0, -1.0)]
    if cone.polyhedral:
        return _by_programs(cone, root / lengths, null, lengths, goals, Budget(seconds if seconds < np.inf else None))
    image = ConeImage(cone, np.vstack([root, STIFF * np.diag(lengths)]))
    for goal in goals:
        g = np.concatenate([np.zeros(root.shape[0]), goal])
        found = _verified(cone, null, image.direction(image.project(g), g))
        if found is not None:
            return Unseen(found, cone.derivative(found) < -SLIGHT * _top(cone), True)
    return Unseen(None, False, False)


def _by_programs(
    cone: DescentCone, unit: np.ndarray, null: np.ndarray, lengths: np.ndarray, goals: list[np.ndarray], budget: Budget
) -> Unseen:
    solve = _in_null_space if 2 * null.shape[1] <= unit.shape[0] else _in_all_coordinates
    scaled, decided = cone.scaled(lengths), True
    for goal in (None, *goals):
        aim = None if goal is None else goal / np.abs(goal).max()
        d = solve(scaled, unit, null, lengths, aim, {"time_limit": min(max(budget.left(), 0.1), 1e9)})
        found = None if d is None else _verified(cone, null, d / lengths)
        decided = decided and d is not None
        falls = found is not None and cone.derivative(found) < -SLIGHT * _top(cone)
        if found is not None and (falls or goal is not None):
            return Unseen(found, falls, True)
    return Unseen(None, False, decided)


def _in_all_coordinates(
    cone: DescentCone, unit: np.ndarray, null: np.ndarray, lengths: np.ndarray, goal: np.ndarray | None, options: dict
) -> np.ndarray | None:
    """The d of the program, in unit columns, with positive and negative parts as variables; no goal: the steepest."""
    from scipy.optimize import linprog

    n = cone.size
    up, down, high, low = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    up[cone.free], down[cone.free], high[cone.free], low[cone.free] = cone.pull, -cone.pull, 1, 1
    up[cone.rest], down[cone.rest] = cone.linear + cone.price, cone.price - cone.linear
    high[cone.rest], low[cone.rest] = cone.side >= 0, cone.side <= 0
    costs = np.clip(np.concatenate([up, down]) / _unit(cone), -DEAR, DEAR)
    limits = {} if goal is None else {"A_ub": costs[None], "b_ub": [0.0]}
    objective = costs if goal is None else np.concatenate([-goal, goal])
    bounds = np.stack([np.zeros(2 * n), np.concatenate([high, low])], axis=1)
    equal = {"A_eq": np.hstack([unit, -unit]), "b_eq": np.zeros(len(unit))} if len(unit) else {}
    found = linprog(objective, **limits, **equal, bounds=bounds, options=options)
    return found.x[:n] - found.x[n:] if found.status == 0 else None


def _in_null_space(
    cone: DescentCone, unit: np.ndarray, null: np.ndarray, lengths: np.ndarray, goal: np.ndarray | None, options: dict
) -> np.ndarray | None:
    """The same with coordinates of the null space as variables, and the moduli of the coefficients that have a price."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, eye_array, hstack, vstack

    basis = np.linalg.qr(lengths[:, None] * null)[0]
    inner, q = basis[cone.rest], cone.rest.size
    held = np.setdiff1d(np.arange(cone.size), np.concatenate([cone.free, cone.rest]))
    slope = (cone.pull @ basis[cone.free] + cone.linear @ inner) / _unit(cone)
    costs = np.concatenate([slope, np.minimum(cone.price / _unit(cone), DEAR)])
    rows = [hstack([csr_array(sign * inner), -eye_array(q)]) for sign in (1.0, -1.0)]
    sided = np.flatnonzero(cone.side)
    rows.append(csr_array(np.hstack([-cone.side[sided, None] * inner[sided], np.zeros((sided.size, q))])))
    if goal is not None:
        rows.append(csr_array(costs[None]))
    objective = costs if goal is None else np.concatenate([-(goal @ basis), np.zeros(q)])
    matrix = vstack(rows, format="csr")
    equal = (
        {"A_eq": np.hstack([basis[held], np.zeros((held.size, q))]), "b_eq": np.zeros(held.size)} if held.size else {}
    )
    box = [(-1, 1)] * basis.shape[1] + [(0, None)] * q
    found = linprog(objective, A_ub=matrix, b_ub=np.zeros(matrix.shape[0]), **equal, bounds=box, options=options)
    return basis @ found.x[: basis.shape[1]] if found.status == 0 else None


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


def _unit(cone: DescentCone) -> float:
    """The largest pull, or the largest price if nothing pulls."""
    pull = float(np.abs(np.concatenate([cone.pull, cone.linear])).max(initial=0))
    return pull or _top(cone)
