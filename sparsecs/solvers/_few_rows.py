r"""The Dantzig selector on the few columns that matter.

    min sum v_j |u_j|   subject to   s = A_W^T y - G u,  |s_j| <= delta v_j,          G = A_W^T A_W,  j in W

At the answer u lives on T, s is at its bounds on I, the support of mu, and both solve a square system exactly:

    G_IT u_T = (A_I^T y - delta v_I sign(mu_I)),          G_TI mu_I = v_T sign(u_T)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.solvers._pieces import BLOCK, Pieces
from sparsecs.solvers._unit_columns import Columns

ROUNDS, SMALL = 100, 1e-9
TIGHT: Any = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}

Pair = tuple[np.ndarray, np.ndarray]


def selected(columns: Columns, delta: float) -> Pair:
    """u and mu, (n,) arrays in terms of unit columns; as far as they could be found."""
    v = columns.v
    pieces = Pieces(columns)
    pieces.move_to(delta)
    chosen = np.sort(pieces.support) if pieces.support.size else np.array([np.argmax(np.abs(pieces.q) / v)])
    u, mu = np.zeros(v.size), np.zeros(v.size)
    for _ in range(ROUNDS):
        part = columns.part(chosen)
        found = _program(part, columns.y, v[chosen], delta)
        if found is None:
            break
        u[:], mu[:] = 0.0, 0.0
        u[chosen], mu[chosen] = polished(part, columns.y, v[chosen], delta, *found)
        seen = np.abs(columns.correlations(columns.y - part @ u[chosen])) / delta - v
        used = np.abs(columns.correlations(part @ mu[chosen])) - v
        slack = pieces.slack * v
        wrong = np.maximum(np.where(columns.live, seen, -1.0), np.where(columns.live, used, -1.0)) / v
        wrong[chosen] = -1.0
        new = np.flatnonzero(wrong > slack / v)
        if new.size == 0:
            break
        best = new[np.argsort(-wrong[new], kind="stable")[: max(BLOCK, chosen.size // 2)]]
        chosen = np.sort(np.concatenate([chosen, best]))
    return u, mu


def _program(part: np.ndarray, y: np.ndarray, v: np.ndarray, delta: float) -> Pair | None:
    """u and mu by HiGHS, to its tolerances; in units in which the largest correlation is 1."""
    from scipy.optimize import linprog

    k, gram, b = v.size, part.T @ part, part.T @ y
    unit = float(np.abs(b).max()) or 1.0
    edges = (delta / unit) * v
    bounds: Any = [*[(0, None)] * (2 * k), *zip(-edges, edges, strict=True)]
    rows = np.hstack([gram, -gram, np.eye(k)])
    costs = np.concatenate([v, v, np.zeros(k)])
    found = linprog(costs, A_eq=rows, b_eq=b / unit, bounds=bounds, method="highs", options=TIGHT)
    if found.x is None:
        return None
    return (found.x[:k] - found.x[k : 2 * k]) * unit, np.asarray(found.eqlin.marginals)


def polished(part: np.ndarray, y: np.ndarray, v: np.ndarray, delta: float, u: np.ndarray, mu: np.ndarray) -> Pair:
    """The pair computed anew from its zeros and its signs, if that agrees with them."""
    T = np.flatnonzero(np.abs(u) > SMALL * np.abs(u).max(initial=0))
    rows = np.flatnonzero(np.abs(mu) > SMALL * np.abs(mu).max(initial=0))
    if T.size == 0 or rows.size == 0:
        return u, mu
    left, right = part[:, rows], part[:, T]
    square = left.T @ right
    aim_u, aim_mu = left.T @ y - delta * v[rows] * np.sign(mu[rows]), v[T] * np.sign(u[T])
    exact_u, exact_mu = np.zeros_like(u), np.zeros_like(mu)
    exact_u[T] = np.linalg.lstsq(square, aim_u, rcond=None)[0]
    exact_mu[rows] = np.linalg.lstsq(square.T, aim_mu, rcond=None)[0]
    for _ in range(2):  # with the columns themselves, not their products
        exact_u[T] += np.linalg.lstsq(square, aim_u - left.T @ (right @ exact_u[T]), rcond=None)[0]
        exact_mu[rows] += np.linalg.lstsq(square.T, aim_mu - right.T @ (left @ exact_mu[rows]), rcond=None)[0]
    same_u = np.linalg.norm(exact_u - u) <= 1e-5 * np.linalg.norm(u)
    same_mu = np.linalg.norm(exact_mu - mu) <= 1e-5 * np.linalg.norm(mu)
    return exact_u if same_u else u, exact_mu if same_mu else mu
