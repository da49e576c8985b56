r"""Lower bounds by chance: thresholded power iterations from random supports.

S <- the k largest |(H + c) x|,   x the top eigenvector on S,  until the eigenvalue on S no longer grows
"""

from __future__ import annotations

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.randomness import stream

STARTS = 200


def random_climb(H: np.ndarray, k: int, budget: Budget, starts: int = STARTS) -> np.ndarray:
    """The support with the largest eigenvalue that was met; each start takes milliseconds at most."""
    n = H.shape[0]
    rng = stream(0, "isometry by chance", n, k)
    shift = max(0.0, -float(np.linalg.eigvalsh(H)[0]))
    best, found = -np.inf, np.arange(k)
    with budget.watch():
        for _ in range(starts):
            support, value = rng.permutation(n)[:k], -np.inf
            while True:
                values, vectors = np.linalg.eigh(H[np.ix_(support, support)])
                if not values[-1] > value:
                    break
                value = float(values[-1])
                if value > best:
                    best, found = value, support
                image = H[:, support] @ vectors[:, -1]
                image[support] += shift * vectors[:, -1]
                support = np.argsort(-np.abs(image), kind="stable")[:k]
            if budget.spent():
                break
    return found
