r"""What can be said at once of the restricted eigenvalue, and where it is zero.

Let x lie in the cone ||x off S||_1 <= c ||x_S||_1 with |S| = k. Three lower bounds of ||A x|| / ||x_S||_2:

Least singular value, if no null vector but zero exists: ||A x|| >= sigma ||x||_2 >= sigma ||x_S||_2.

Gram matrix, with g = min_i ||a_i||^2 and nu = max_{i != j} |<a_i, a_j>|: ||A x||^2 >= g ||x||_2^2 - nu (||x||_1^2 -
||x||_2^2), and ||x||_1 <= (1 + c) ||x_S||_1 <= (1 + c) sqrt(k) ||x_S||_2, so kappa^2 >= g + nu - nu (1 + c)^2 k.

Null space constant, with beta = alpha_k / (1 - alpha_k) and sigma the least singular value that is not zero: x = h + z with A
h = 0 and ||z||_2 <= ||A x|| / sigma; ||h_S||_1 <= beta ||h off S||_1 gives (1 - beta c) ||x_S||_1 <= ||z_S||_1 + beta ||z off
S||_1, which is at most ||z||_2 sqrt(k + beta^2 (n - k)). It is above zero exactly if alpha_k < 1 / (1 + c), and so is kappa.
"""

from __future__ import annotations

import numpy as np

CAREFUL = 8.0  # rounding units that a singular value may be off, times the dimensions


def at_once(A: np.ndarray, k: int, c: float, power: int, rank: int, alpha: float) -> tuple[float, str]:
    """The best lower bound of ||A x|| / ||x_S|| in the norm 1 or 2, and its name; ``alpha`` is an upper bound of alpha_k."""
    m, n = A.shape
    values = np.linalg.svd(A, compute_uv=False)
    sigma = max(0.0, float(values[rank - 1] - CAREFUL * max(m, n) * np.finfo(float).eps * values[0])) if rank else 0.0
    products = A.conj().T @ A
    shortest = float(np.diag(products).real.min())
    nu = float(np.abs(products - np.diag(np.diag(products))).max(initial=0.0))
    square = shortest + nu - nu * (1 + c) ** 2 * k
    found = {"": 0.0, "Gram matrix": float(np.sqrt(max(0.0, square)))}
    if rank == n:
        found["least singular value"] = sigma
    elif alpha * (1 + c) < 1:
        beta = alpha / (1 - alpha)
        found["null space constant"] = sigma * (1 - beta * c) / float(np.sqrt(k + beta**2 * max(0, n - k)))
    for name in found:
        if power == 1 and name != "null space constant":  # that one is for the norm 1 to begin with
            found[name] /= float(np.sqrt(k))
    name = max(found, key=lambda key: found[key])
    return found[name], name


def in_cone(x: np.ndarray, k: int, c: float) -> np.ndarray:
    """x with what is off its k largest entries shrunk until it lies in their cone."""
    top = np.argsort(-np.abs(x), kind="stable")[:k]
    off = np.ones(x.size, bool)
    off[top] = False
    rest, most = float(np.abs(x[off]).sum()), c * float(np.abs(x[top]).sum())
    return np.where(off, x * (most / rest), x) if rest > most else x


def ratio(A: np.ndarray, x: np.ndarray, k: int, power: int) -> float:
    """||A x||_2 over the norm (1 or 2) of the k largest entries of x."""
    return float(np.linalg.norm(A @ x) / np.linalg.norm(np.sort(np.abs(x))[::-1][:k], power))
