"""Some rows of a Hadamard matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.operators.base import Operator
from sparsecs.problems.ensembles._sizes import at_most_all_rows
from sparsecs.problems.ensembles._some_rows import some_rows
from sparsecs.problems.ensembles.base import Ensemble


@dataclass(frozen=True)
class PartialHadamard(Ensemble):
    """m rows of Sylvester's n × n Hadamard matrix, drawn at random, times 1/√m: entries ±1/√m and orthogonal rows.

    Raises
    ------
    ValueError
        If n is no power of two, or m is above n.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import PartialHadamard, stream
    >>> A = PartialHadamard().draw(4, 16, stream(0, "A")).dense()
    >>> bool((abs(A) == 0.5).all()), np.allclose(A @ A.T, 4 * np.eye(4))
    (True, True)
    """

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        from scipy.linalg import hadamard

        if n & (n - 1):
            below = 1 << (n.bit_length() - 1)
            raise ValueError(
                f"Sylvester's Hadamard matrices have a power of two as size; n = {n} was asked for. "
                f"Use {below} or {2 * below}."
            )
        at_most_all_rows(m, n, "A Hadamard matrix")
        return some_rows(hadamard(n, dtype=np.float64) * n**-0.5, m, rng)
