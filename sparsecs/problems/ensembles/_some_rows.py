"""Rows of a square matrix, drawn without replacement, and the factor that gives columns their size back."""

from __future__ import annotations

import numpy as np

from sparsecs.operators.dense import Dense


def some_rows(square: np.ndarray, m: int, rng: np.random.Generator) -> Dense:
    """m random rows of an n × n matrix in a random order, times √(n/m): squared column norms keep their mean."""
    n = square.shape[0]
    return Dense(square[rng.choice(n, m, replace=False)] * (n / m) ** 0.5)
