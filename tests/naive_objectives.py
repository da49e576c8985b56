"""Losses, penalties and their convex conjugates, written out for one real x, so plainly that they are obviously right.

A member without an entry here fails the laws of certificates: write it down.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np

SLACK = 1e-11  # relative: what rounding may add to a dual point on the edge of its set


def charge(penalty: Any, x: np.ndarray, weight: float, longest: float = 1.0) -> float:
    """P(x), with neighbours in pairs where there are groups, for columns of A of norm ``longest`` at most."""
    pairs = np.hypot(x[::2], x[1::2])
    root = 2**0.5 if getattr(penalty, "root_size", False) else 1.0
    sizes = np.abs(x)
    match type(penalty).__name__:
        case "L1":
            return weight * sum(sizes.tolist())
        case "GroupL2":
            return weight * root * sum(pairs.tolist())
        case "SparseGroup":
            return weight * (penalty.ratio * sum(sizes.tolist()) + (1 - penalty.ratio) * root * sum(pairs.tolist()))
        case "ElasticNet":
            return weight * sum(sizes.tolist()) + 0.5 * penalty.ridge * longest**2 * float(x @ x)
        case "SortedL1":
            return weight * float(np.sort(sizes)[::-1] @ _falling(penalty, x.size))
    raise NotImplementedError(f"{penalty} has no entry in naive_objectives.charge")


def conjugate(penalty: Any, z: np.ndarray, weight: float, longest: float = 1.0) -> float:
    """P*(z) = max over x of ⟨z, x⟩ − P(x); infinity where there is none."""
    pairs, sizes = z.reshape(-1, 2), np.abs(z)
    root = 2**0.5 if getattr(penalty, "root_size", False) else 1.0
    top = weight * (1 + SLACK)
    match type(penalty).__name__:
        case "L1":
            return 0.0 if max(sizes) <= top else np.inf
        case "GroupL2":
            return 0.0 if max(np.hypot(*pair) for pair in pairs) <= root * top else np.inf
        case "SparseGroup":
            beyond = np.maximum(np.abs(pairs) - top * penalty.ratio, 0)
            return 0.0 if max(np.hypot(*pair) for pair in beyond) <= (1 - penalty.ratio) * root * top else np.inf
        case "ElasticNet":
            return sum(max(size - weight, 0.0) ** 2 for size in sizes) / (2 * penalty.ridge * longest**2)
        case "SortedL1":
            sums = np.cumsum(np.sort(sizes)[::-1])
            return 0.0 if (sums <= top * np.cumsum(_falling(penalty, z.size))).all() else np.inf
    raise NotImplementedError(f"{penalty} has no entry in naive_objectives.conjugate")


def edge(penalty: Any, z: np.ndarray) -> float:
    """The smallest weight with which x = 0 minimises P(x) − ⟨z, x⟩, by bisection on what the conjugate says."""
    if type(penalty).__name__ == "ElasticNet":
        return float(np.abs(z).max())
    low, high = 0.0, float(np.abs(z).sum()) * 10
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if np.isfinite(conjugate(penalty, z, middle / (1 + SLACK))) else (middle, high)
    return high


def misfit(loss: Any, z: np.ndarray, y: np.ndarray) -> float:
    """f(z)."""
    match type(loss).__name__:
        case "Squared":
            return 0.5 * float((z - y) @ (z - y))
        case "Logistic":
            return sum(float(np.logaddexp(0, -s * v)) for s, v in zip(2 * y - 1, z, strict=True))
        case "Huber":
            delta = _delta(loss, y)
            sizes = np.abs(z - y).tolist()
            return sum(r * r / 2 if r <= delta else delta * r - delta * delta / 2 for r in sizes)
        case "Softmax":
            return sum(float(np.log(np.exp(row).sum()) - row @ label) for row, label in zip(z, y, strict=True))
    raise NotImplementedError(f"{loss} has no entry in naive_objectives.misfit")


def misfit_bound(loss: Any, nu: np.ndarray, y: np.ndarray) -> float:
    """−f*(−ν)."""
    match type(loss).__name__:
        case "Squared":
            return float(y @ nu - 0.5 * nu @ nu)
        case "Logistic":
            a = (2 * y - 1) * nu
            return -sum(_entropy(v) + _entropy(1 - v) for v in a.tolist())
        case "Huber":
            within = np.abs(nu).max() <= _delta(loss, y) * (1 + SLACK)
            return float(y @ nu - 0.5 * nu @ nu) if within else -np.inf
        case "Softmax":
            assert np.abs(nu.sum(axis=1)).max() <= 1e-12
            return -sum(_entropy(v) for v in (y - nu).ravel().tolist())
    raise NotImplementedError(f"{loss} has no entry in naive_objectives.misfit_bound")


def gradient_at_zero(loss: Any, y: np.ndarray) -> np.ndarray:
    """∇f(0)."""
    match type(loss).__name__:
        case "Squared":
            return -y
        case "Logistic":
            return 0.5 - y
        case "Huber":
            return np.clip(-y, -_delta(loss, y), _delta(loss, y))
        case "Softmax":
            return 1 / y.shape[1] - y
    raise NotImplementedError(f"{loss} has no entry in naive_objectives.gradient_at_zero")


def _falling(penalty: Any, n: int) -> np.ndarray:
    """The weights of Benjamini and Hochberg, or those that were given."""
    if penalty.weights is not None:
        return np.array(penalty.weights)
    return np.array([NormalDist().inv_cdf(1 - i * penalty.q / (2 * n)) for i in range(1, n + 1)])


def _delta(loss: Any, y: np.ndarray) -> float:
    return loss.relative_delta * float(np.abs(y).mean()) if loss.delta is None else loss.delta


def _entropy(share: float) -> float:
    assert share >= -1e-12
    return share * float(np.log(share)) if share > 0 else 0.0
