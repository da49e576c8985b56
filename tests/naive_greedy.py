"""Slow twins of orthogonal matching pursuit in all its forms: nothing is updated, every step is computed anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def block_pursuit(
    A: np.ndarray, Y: np.ndarray, steps: int, groups: Sequence[int] | None = None, slack: float = 1e-9
) -> tuple[list[int], np.ndarray]:
    """The blocks in the order of their choice, and the last fit.

    Each column of A is brought to length one. A step takes the first block for which the Frobenius norm of its correlations
    with all residuals is the largest to within ``slack``; then all chosen columns are fitted to all of Y.
    """
    labels = np.arange(A.shape[1]) if groups is None else np.asarray(groups)
    columns = Y.reshape(Y.shape[0], -1)
    lengths = np.linalg.norm(A, axis=0)
    unit = A / np.where(lengths > 0, lengths, 1)
    order: list[int] = []
    z = np.zeros((A.shape[1], columns.shape[1]), dtype=np.result_type(A, Y))
    for _ in range(steps):
        correlations = unit.conj().T @ (columns - unit @ z)
        sizes = np.array(
            [0.0 if g in order else np.linalg.norm(correlations[labels == g]) for g in range(labels.max() + 1)]
        )
        order.append(int(np.flatnonzero(sizes >= sizes.max() * (1 - slack))[0]))
        chosen = np.isin(labels, order)
        z[:] = 0
        z[chosen] = np.linalg.lstsq(unit[:, chosen], columns, rcond=None)[0]
    x = z / np.where(lengths > 0, lengths, 1)[:, None]
    return order, x.reshape(A.shape[1], *Y.shape[1:])
