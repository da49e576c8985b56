"""Some samples of a circular convolution with a random kernel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.operators.base import Operator
from sparsecs.operators.circulant import Circulant
from sparsecs.problems.ensembles._sizes import at_most_all_rows
from sparsecs.problems.ensembles._some_rows import some_rows
from sparsecs.problems.ensembles.base import Ensemble


@dataclass(frozen=True)
class PartialCirculant(Ensemble):
    """m rows of an n × n circulant matrix, drawn at random; its kernel is Gaussian.

    Squared column norms are 1 on average. With a short kernel rows have few nonzeros; columns that no drawn row meets are
    zero, and those that only one and the same row meets are parallel.

    Parameters
    ----------
    kernel : int, optional
        How many entries the kernel has; None means all n.

    Raises
    ------
    ValueError
        If m or the kernel is above n.

    References
    ----------
    Rauhut, Romberg and Tropp, "Restricted isometries for partial random circulant matrices" (2012).

    Examples
    --------
    >>> from sparsecs import PartialCirculant, stream
    >>> A = PartialCirculant(kernel=3).draw(5, 20, stream(0, "A")).dense()
    >>> (A != 0).sum(axis=1).tolist()
    [3, 3, 3, 3, 3]
    """

    kernel: int | None = None

    def __post_init__(self) -> None:
        if self.kernel is not None:
            whole_number(self.kernel, "kernel", 1)

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        at_most_all_rows(m, n, "A circulant matrix")
        length = n if self.kernel is None else self.kernel
        whole_number(n, "n", length, why=f"The kernel has {length} entries and does not wrap round.")
        kernel = rng.standard_normal(length) * length**-0.5
        return some_rows(Circulant(kernel, n).dense(), m, rng)
