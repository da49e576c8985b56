"""What must hold for every operator: it is linear, has an adjoint, and all its verbs speak of one matrix."""

from __future__ import annotations

from typing import Any

from sparsecs.core.checks import positive, whole_number
from sparsecs.operators.door import as_operator
from sparsecs.testing._laws import keep
from sparsecs.testing._operator_laws import LAWS, WHOLE, Probe

LARGE = 4_000_000  # entries: a larger matrix is not formed


def check_operator(A: Any, columns: int = 64, roundings: float = 20.0, seed: int = 0) -> None:
    """Raise AssertionError, with the law and the numbers, if ``A`` is not one linear map in all that it does.

    Shape and kind, linearity, the adjoint, products with several columns, columns, column norms, the Gram matrix and the
    dense form; inputs stay as they are, and answers are not shared. The columns are those that ``matvec`` gives for unit
    vectors.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of finite numbers.
    columns : int
        How many columns are looked at one by one; of more than these a sample is taken, and then nothing that would form the
        matrix is asked for.
    roundings : float
        How many units of rounding, of the size of the operator times that of its argument, may be lost.
    seed : int
        Of the vectors that it is tried on.

    Raises
    ------
    AssertionError
        If a law is broken.
    TypeError, ValueError
        If ``A`` is no operator at all.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.sparse.linalg import LinearOperator
    >>> from sparsecs.testing import check_operator
    >>> check_operator(np.array([[1.0, 2.0, 0.0], [0.0, 1j, 0.0]]))
    >>> wrong = LinearOperator((2, 3), matvec=np.diff, rmatvec=lambda y: np.diff(y, prepend=0, append=0), dtype=float)
    >>> check_operator(wrong)
    Traceback (most recent call last):
    AssertionError: Foreign breaks a law: rmatvec is the adjoint of matvec: <A x, y> = <x, A^H y>. But ...
    """
    operator = as_operator(A)
    count, most = whole_number(columns, "columns", 1), positive(roundings, "roundings")
    probe = Probe(operator, count, most, seed)
    keep(LAWS, probe, type(operator).__name__)
    m, n = operator.shape
    if n <= count and m * max(m, n) <= LARGE:
        keep(WHOLE, probe, type(operator).__name__)
