r"""Bounds of the extreme singular values of a matrix K when one entry d = K[o, i] is set to zero, for every entry at once.

With K = U diag(σ) V^H, r = min of the sides, and a = row o of U, b = row i of V:

*Largest.* In the Hermitian matrix [[0, K], [K^H, 0]] the change has the eigenvalues ±|d|, the positive one with the eigenvector
w = (e_o, -conj(d)/|d| e_i)/√2. Keeping that alone, and σ_2 for all but the leading eigenvector, leaves the larger eigenvalue of
[[σ_1 + |d| α, |d| β], [|d| β, σ_2 + |d| (1-α)]] with α = |a_1 - d/|d| b_1|² / 4, β² = α (1-α), as an upper bound.

*Smallest.* Seen from the range of the smaller side it is that of diag(σ) - d a^H b or larger, whose inverse is known (Sherman and
Morrison); the inverse of its Frobenius norm is a lower bound. Where rounding could spoil the formula the bound is zero.
"""

from __future__ import annotations

import numpy as np

WORST = 1e6  # condition up to which the formula is used: rounding then stays below 1e-8
MARGIN = 1e-3  # relative; added for rounding


def extremes_less_one(K: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Upper bounds of the largest, lower bounds of the smallest singular value: two arrays of the shape of K, (p, a, b)."""
    U, sigma, Vh = np.linalg.svd(K, full_matrices=False)
    V = Vh.conj().swapaxes(1, 2)
    size = np.abs(K)
    turn = np.where(size > 0, K / np.where(size > 0, size, 1), 1)
    alpha = np.minimum(np.abs(U[:, :, None, 0] - turn * V[:, None, :, 0]) ** 2 / 4, 1)
    second = sigma[:, 1] if sigma.shape[1] > 1 else np.zeros(len(sigma))
    one, other = sigma[:, 0, None, None] + size * alpha, second[:, None, None] + size * (1 - alpha)
    ceiling = (one + other) / 2 + np.sqrt(((one - other) / 2) ** 2 + size**2 * alpha * (1 - alpha))
    return ceiling, _floor(K, U, sigma, V)


def _floor(K: np.ndarray, U: np.ndarray, sigma: np.ndarray, V: np.ndarray) -> np.ndarray:
    sound = sigma[:, -1] * WORST > sigma[:, 0]
    least = np.where(sound, sigma[:, -1], 1)[:, None, None]
    ratio = least / np.where(sound[:, None], sigma, 1)[:, None]  # (p, 1, r): 1 for the smallest; so no power overflows
    d = K / least
    left, right = U * ratio, V * ratio
    inner = left.conj() @ V.swapaxes(1, 2)  # sum_j conj(a_j) b_j / σ_j for all (o, i), in units of the smallest
    reach = np.abs(d) * (np.abs(left) @ np.abs(V).swapaxes(1, 2))
    rest = 1 - d * inner
    kept = np.abs(rest) > MARGIN * (1 + reach)
    c = np.where(kept, d / np.where(kept, rest, 1), 0)
    cross = (left * ratio).conj() @ right.swapaxes(1, 2)
    parts = (ratio**2).sum(axis=2)[:, :, None], 2 * (c * cross).real
    far = np.abs(c) ** 2 * (np.abs(left) ** 2).sum(axis=2)[:, :, None] * (np.abs(right) ** 2).sum(axis=2)[:, None]
    square = parts[0] + parts[1] + far + MARGIN * (parts[0] + np.abs(parts[1]) + far)
    return np.where(kept & sound[:, None, None], least / np.sqrt(square), 0)
