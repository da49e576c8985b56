"""Slow twins of the proximal maps and projections: formulas that try every case."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np


def phase(v: complex) -> complex:
    """v divided by its modulus; 1 at zero."""
    return v / abs(v) if v else 1


def entry_by_entry(x: np.ndarray, rule: Callable[[float], float]) -> np.ndarray:
    """A rule for moduli, applied to each entry; phases stay."""
    return np.array([phase(v) * rule(abs(v)) for v in x.ravel().tolist()], dtype=x.dtype).reshape(x.shape)


def soft(x: np.ndarray, threshold: float) -> np.ndarray:
    """Moduli less the threshold, at least zero."""
    return entry_by_entry(x, lambda r: max(r - threshold, 0) if r == r else r)


def soft_each(x: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """The same with a threshold for each entry."""
    pairs = zip(x.tolist(), thresholds.tolist(), strict=True)
    return np.array([phase(v) * max(abs(v) - t, 0) for v, t in pairs], dtype=x.dtype)


def hard(x: np.ndarray, threshold: float) -> np.ndarray:
    """Entries of modulus above the threshold."""
    return entry_by_entry(x, lambda r: r if r > threshold else 0)


def firm(x: np.ndarray, lower: float, upper: float) -> np.ndarray:
    """0, a straight line, then x; hard at the geometric mean if the line would fall."""
    if upper <= lower:
        return hard(x, math.sqrt(lower * upper))
    return entry_by_entry(x, lambda r: float(np.interp(r, [0, lower, upper], [0, 0, upper])) if r < upper else r)


def mcp_cost(r: float, weight: float, gamma: float) -> float:
    """The minimax concave penalty of one modulus, by adding up its slope max(weight - r / gamma, 0)."""
    end = min(r, gamma * weight)
    return (weight + max(weight - end / gamma, 0)) / 2 * end


def scad_cost(r: float, weight: float, gamma: float) -> float:
    """SCAD of one modulus, by adding up its slope over the three stretches."""
    first, second = min(r, weight), min(max(r - weight, 0), (gamma - 1) * weight)
    slope = max(gamma * weight - (weight + second), 0) / (gamma - 1) if second else weight
    return weight * first + (weight + slope) / 2 * second


def scad_prox(size: float, weight: float, gamma: float, step: float) -> float:
    """The best of all places where ½ (r − size)² + step · SCAD(r) can be least: stationary ones, bends and ends."""
    places = [0.0, size, size - step * weight, weight, gamma * weight]
    if gamma - 1 != step:
        places.append(((gamma - 1) * size - step * gamma * weight) / (gamma - 1 - step))
    inside = [r for r in places if 0 <= r <= size]
    return min(inside, key=lambda r: 0.5 * (r - size) ** 2 + step * scad_cost(r, weight, gamma))


def block_hard(x: np.ndarray, thresholds: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Blocks longer than their threshold."""
    out = np.zeros_like(x)
    for g, threshold in enumerate(thresholds):
        if length(x[labels == g]) > threshold:
            out[labels == g] = x[labels == g]
    return out


def block_soft(x: np.ndarray, thresholds: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Blocks shortened by their threshold."""
    out = np.zeros_like(x)
    for g, threshold in enumerate(thresholds):
        norm = length(x[labels == g])
        if norm > threshold:
            out[labels == g] = x[labels == g] * (1 - threshold / norm)
    return out


def keep_blocks(x: np.ndarray, k: int, labels: np.ndarray) -> np.ndarray:
    """The k longest blocks, of equal ones those of lowest label."""
    blocks = range(int(labels.max()) + 1)
    best = sorted(blocks, key=lambda g: (-length(x[labels == g]), g))[: max(k, 0)]
    return np.array([row if label in best else 0 * row for row, label in zip(x, labels, strict=True)], dtype=x.dtype)


def length(block: np.ndarray) -> float:
    """The Euclidean norm of all entries, by ``math.hypot``."""
    parts = np.concatenate([block.real.ravel(), block.imag.ravel()])
    return math.hypot(*parts.tolist())


def simplex(x: np.ndarray, radius: float) -> np.ndarray:
    """The projection onto the simplex: the support is tried at every size."""
    ordered = sorted(x.tolist(), reverse=True)
    for size in range(len(ordered), 0, -1):
        level = (math.fsum(ordered[:size]) - radius) / size
        if ordered[size - 1] >= level:
            return np.maximum(x - level, 0)
    raise AssertionError("the largest entry alone is always a support")


def l1_ball(x: np.ndarray, radius: float) -> np.ndarray:
    """The projection onto the l1 ball: shrunk by a threshold that bisection finds."""
    sizes = np.abs(x).astype(float)
    if math.fsum(sizes.tolist()) <= radius:
        return x.copy()
    low, high = 0.0, float(sizes.max())
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.maximum(sizes - middle, 0).sum() > radius else (low, middle)
    return soft(x, high)


def sorted_l1(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The prox of the sorted l1 norm, by the min-max formula of isotonic regression over all intervals."""
    order = sorted(range(x.size), key=lambda i: -abs(x[i]))
    z = [abs(x[i]) - w for i, w in zip(order, weights.tolist(), strict=True)]
    out = np.zeros_like(x)
    for place, i in enumerate(order):
        level = min(max(math.fsum(z[a : b + 1]) / (b + 1 - a) for b in range(place, x.size)) for a in range(place + 1))
        out[i] = phase(x[i]) * max(level, 0)
    return out


def sorted_l1_value(x: np.ndarray, weights: np.ndarray) -> float:
    """The sorted l1 norm as the largest over all ways to hand out the weights; for short vectors."""
    sizes = np.abs(x)
    return max(float(sizes @ np.array(given)) for given in itertools.permutations(weights.tolist()))
