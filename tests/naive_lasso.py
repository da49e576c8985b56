"""Slow twins for the LASSO and its relatives: plain coordinate descent, and optimality conditions written out."""

from __future__ import annotations

import itertools

import numpy as np


def lasso(
    A: np.ndarray, y: np.ndarray, prices: np.ndarray, low: float = -np.inf, high: float = np.inf, passes: int = 20_000
) -> np.ndarray:
    """min ½‖Ax − y‖² + Σ p_j |x_j| within bounds, one coefficient after the other, each to its exact minimiser."""
    x = np.zeros(A.shape[1])
    for _ in range(passes):
        before = x.copy()
        for j in range(x.size):
            square = float(A[:, j] @ A[:, j])
            if square == 0:
                continue
            rest = float(A[:, j] @ (y - A @ x)) + square * x[j]
            x[j] = min(max(np.sign(rest) * max(abs(rest) - prices[j], 0) / square, low), high)
        if np.abs(x - before).max() <= 1e-15 * np.abs(x).max():
            break
    return x


def lasso_by_signs(A: np.ndarray, y: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """The same without bounds, by trying every pattern of signs: the best of those whose signs are true."""
    best, lowest = np.zeros(A.shape[1]), 0.5 * float(y @ y)
    for signs in itertools.product((-1.0, 0.0, 1.0), repeat=A.shape[1]):
        pattern = np.array(signs)
        support = np.flatnonzero(pattern)
        x = np.zeros(A.shape[1])
        part = A[:, support]
        x[support] = np.linalg.lstsq(part.T @ part, part.T @ y - prices[support] * pattern[support], rcond=None)[0]
        if (x * pattern >= 0).all():
            value = 0.5 * float(np.sum((A @ x - y) ** 2)) + float(prices @ np.abs(x))
            if value < lowest:
                best, lowest = x, value
    return best


def group_lasso(
    A: np.ndarray, y: np.ndarray, labels: np.ndarray, prices: np.ndarray, steps: int = 200_000
) -> np.ndarray:
    """min ½‖Ax − y‖² + Σ p_g ‖x_g‖, by plain proximal gradient steps."""
    x, step = np.zeros(A.shape[1]), 1 / np.linalg.norm(A, 2) ** 2
    for _ in range(steps):
        before, v = x, x + step * (A.T @ (y - A @ x))
        x = v.copy()
        for g, price in enumerate(prices):
            length = float(np.linalg.norm(v[labels == g]))
            x[labels == g] *= max(0.0, 1 - step * price / length) if length > 0 else 0.0
        if np.abs(x - before).max() <= 1e-16 * np.abs(x).max():
            break
    return x


def violation(A: np.ndarray, y: np.ndarray, x: np.ndarray, prices: np.ndarray, low: float, high: float) -> float:
    """How far x is from satisfying the optimality conditions of the LASSO within bounds, relative to the prices."""
    worst = 0.0
    for c, v, price in zip(A.T @ (y - A @ x), x, prices, strict=True):
        least, most = (price, price) if v > 0 else (-price, -price) if v < 0 else (-price, price)
        if v == high:
            most = np.inf
        if v == low:
            least = -np.inf
        worst = max(worst, (least - c) / price, (c - most) / price)
    return worst


def gap(A: np.ndarray, y: np.ndarray, x: np.ndarray, weight: float) -> float:
    """The relative duality gap of the LASSO, from scratch, with the scaled residual as dual point."""
    residual = y - A @ x
    nu = residual * min(1.0, weight / float(np.abs(A.T @ residual).max()))
    primal = 0.5 * float(residual @ residual) + weight * float(np.abs(x).sum())
    return (primal - float(y @ nu) + 0.5 * float(nu @ nu)) / primal
