"""Whether l1 minimisation recovers one support and sign pattern, exactly."""

from __future__ import annotations

from typing import Any

from sparsecs.core.budget import Budget
from sparsecs.geometry._on_support import framed
from sparsecs.geometry.dual_certificate import certified


def is_recoverable(A: Any, support: Any, signs: Any) -> bool:
    """Whether every x with this support and these signs is the only l1 minimiser among all z with A z = A x.

    Amplitudes play no part. For real data it is so if and only if the columns of the support are independent and some nu
    with A_S^T nu = signs has ``|a_j^T nu| < 1`` off the support; for complex data, where independence is asked over real
    combinations of ``s_i a_i`` only, that is sufficient, and necessary but for a value of exactly one. A value within 1e-9 of
    one counts as one, and the answer is then False: that recovery is unique is not proven. It stops as soon as the side is
    known; ``dual_certificate`` says how far it is from one, and why.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n). Columns are used as given.
    support : positions, or a mask of n truth values
        None at all is always recovered, since zero has the least norm.
    signs : (k,) array
        +1 or -1, or complex numbers of modulus one, in the order of ``support``. If A or signs are complex, recovery is among
        complex vectors.

    Raises
    ------
    TypeError, ValueError
        If the support is none, names a column twice, or the signs do not fit it or have not modulus one.

    References
    ----------
    Fuchs, "On sparse representations in arbitrary redundant bases" (2004).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import is_recoverable
    >>> A = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8]])
    >>> is_recoverable(A, [0, 1], [1, -1]), is_recoverable(A, [0, 1], [1, 1])
    (True, False)
    """
    frame, wanted = framed(A, support, signs)
    if frame.support.size > frame.operator.shape[0] and frame.dtype.kind != "c":
        return False
    return certified(frame, wanted, Budget(None), decide=True).holds
