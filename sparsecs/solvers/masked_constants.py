r"""How strongly convex and how smooth a loss is on a mask, and how fast gradient descent is there.

    mu ||u||^2 <= u^H A_S^H D A_S u <= L ||u||^2,      D the second derivative of the loss

For the squared loss D = 1, and mu and L are the extreme eigenvalues of A_S^H A_S: restricted strong convexity and smoothness
of the mask S. Gradient descent with steps 1/L then shortens the distance from the minimiser by 1 - mu/L or more in each step,
and with steps 2/(L + mu), the best of a fixed length, by (kappa - 1)/(kappa + 1), kappa = L/mu (Nesterov 2004, section 2.1.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of, columns_of, distinct, indices
from sparsecs.losses.base import Loss
from sparsecs.losses.squared import Squared
from sparsecs.operators.door import as_operator
from sparsecs.solvers._newton import hessian


@dataclass(frozen=True, eq=False)
class MaskedConstants:
    """The convexity of a loss on a mask.

    Attributes
    ----------
    strong_convexity : float
        μ; zero if the columns of the mask depend on each other.
    smoothness : float
        L.
    columns : int
        How many the mask has.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import masked_constants
    >>> masked_constants(np.diag([1.0, 2.0, 3.0]), [0, 1])
    <MaskedConstants of 2 columns: 1 to 4, condition 4, rate 0.75, at best 0.6>
    """

    strong_convexity: float
    smoothness: float
    columns: int

    @property
    def condition(self) -> float:
        """κ = L/μ."""
        return self.smoothness / self.strong_convexity if self.strong_convexity > 0 else np.inf

    @property
    def rate(self) -> float:
        """1 − μ/L: what a step of length 1/L leaves of the distance at most."""
        return 1 - 1 / self.condition

    @property
    def best_rate(self) -> float:
        """(κ − 1)/(κ + 1): the same for steps of length 2/(L + μ)."""
        return 1 - 2 / (self.condition + 1)

    def __repr__(self) -> str:
        return (
            f"<MaskedConstants of {self.columns} columns: {self.strong_convexity:.3g} to {self.smoothness:.3g}, "
            f"condition {self.condition:.3g}, rate {self.rate:.3g}, at best {self.best_rate:.3g}>"
        )


def masked_constants(A: Any, mask: Any, *, loss: Loss | None = None, y: Any = None, x: Any = None) -> MaskedConstants:
    """The restricted strong convexity and smoothness of a mask.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n).
    mask : array of int, or (n,) array of truth values
        At least one column; they are formed, so the cost is that of their Gram matrix.
    loss : Loss, optional
        The squared loss by default, whose constants hold everywhere.
    y, x : arrays, optional
        For another loss, where its second derivative is taken: what was measured, and the coefficients. The constants hold
        near x, and so do the rates.

    Raises
    ------
    TypeError, ValueError
        If the mask is empty, or y and x are missing for a loss whose curvature is not the same everywhere.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import masked_constants
    >>> constants = masked_constants(np.diag([1.0, 2.0, 3.0]), [1, 2])
    >>> round(constants.smoothness, 9), round(constants.rate, 9)
    (9.0, 0.555555556)
    """
    operator, loss = as_operator(A), Squared() if loss is None else loss
    a_kind_of(loss, Loss, "loss", "Squared()")
    m, n = operator.shape
    chosen = distinct(indices(mask, "mask", n), "mask")
    if chosen.size == 0:
        raise ValueError("mask is empty; it needs at least one column.")
    columns = operator.columns(chosen)
    wide = columns.astype(np.result_type(columns, np.float64))
    if isinstance(loss, Squared):
        lengths = np.linalg.svd(wide, compute_uv=False)
        least = 0.0 if chosen.size > m else _seen(lengths[-1], lengths[0], max(wide.shape))
        return MaskedConstants(least**2, float(lengths[0]) ** 2, chosen.size)
    if y is None or x is None:
        raise ValueError(f"{loss} has no one curvature: give y= and x=, where it is to be taken.")
    y = columns_of(y, "y", m, f"the operator measures {m} values")
    x = columns_of(x, "x", n, f"the operator has {n} columns")
    if y.shape[1:] != x.shape[1:]:
        raise ValueError(f"y has shape {y.shape} and x has {x.shape}; both need the same number of columns.")
    loss.accepts(y)
    prediction = operator @ x
    prediction = prediction.astype(np.result_type(prediction, y, np.float64))
    y = y.astype(np.result_type(y, np.float64))
    # Complex numbers count as two real ones: Huber's loss bends differently along a residual and across it.
    values = np.linalg.eigvalsh(hessian(loss.fitted(y), wide, prediction, y))
    return MaskedConstants(_seen(values[0], values[-1], values.size), float(values[-1]), chosen.size)


def _seen(least: float, most: float, size: int) -> float:
    """The least of some singular values, or zero if rounding can have made it."""
    return float(least) if least > size * np.finfo(np.float64).eps * most else 0.0
