"""Some rows of the discrete cosine transform: measured frequencies of a real signal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.operators.base import Operator
from sparsecs.problems.ensembles._sizes import at_most_all_rows
from sparsecs.problems.ensembles._some_rows import some_rows
from sparsecs.problems.ensembles.base import Ensemble


@dataclass(frozen=True)
class PartialDCT(Ensemble):
    """m rows of the orthonormal n × n discrete cosine transform, drawn at random, times √(n/m).

    Rows are orthogonal and of equal norm; squared column norms are 1 on average.

    Raises
    ------
    ValueError
        If m is above n.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import PartialDCT, stream
    >>> A = PartialDCT().draw(20, 50, stream(0, "A"))
    >>> np.allclose(A.gram(), 2.5 * np.eye(20))
    True
    """

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        from scipy.fft import dct

        at_most_all_rows(m, n, "The discrete cosine transform")
        return some_rows(dct(np.eye(n), norm="ortho", axis=0), m, rng)
