r"""What soft thresholding takes from every coefficient, against hard thresholding on the same support S.

    hard = argmin 1/2 ||y - A_S x||^2,     soft = argmin 1/2 ||y - A_S x||^2 + lambda ||x||_1,
    soft - hard = -lambda (A_S^T A_S)^{-1} sign(hard)          exactly, as long as no sign changes

Hard thresholding leaves least squares on its support; the l1 norm shortens it by the bias, which no amount of data removes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import indices, positive, vector
from sparsecs.operators.base import vector_norms
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.solvers.debias import debias
from sparsecs.solvers.proximal_gradient import ProximalGradient
from sparsecs.solvers.result import Result
from sparsecs.solvers.solve import solve

SHOWN = 12  # coefficients in a printed table


@dataclass(frozen=True, eq=False, repr=False)
class ShrinkageBias:
    """Hard and soft thresholding on one support, coefficient by coefficient.

    Attributes
    ----------
    support : (k,) array of int
    hard, soft : (k,) array
        The coefficients on the support.
    predicted : (k,) array
        −λ (A_SᵀA_S)⁻¹ sign(hard).
    weight : float
        λ.
    truth : (k,) array or None
        The planted coefficients on the support, if they are known.
    missed : float
        The norm of what the truth has off the support.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import shrinkage_bias
    >>> bias = shrinkage_bias(np.eye(3), [4.0, -5.0, 1.0], [0, 1], weight=2.0)
    >>> bias.measured, bias.signs_stay
    (array([-2.,  2.]), True)
    >>> print(bias)
    λ = 2, 2 coefficients, no sign changes
    column        hard        soft    measured   predicted
         0           4           2          -2          -2
         1          -5          -3           2           2
      norm       6.403       3.606       2.828       2.828
    """

    support: np.ndarray
    hard: np.ndarray
    soft: np.ndarray
    predicted: np.ndarray
    weight: float
    truth: np.ndarray | None = None
    missed: float = 0.0

    @property
    def measured(self) -> np.ndarray:
        """soft − hard, (k,)."""
        return self.soft - self.hard

    @property
    def signs_stay(self) -> bool:
        """Whether the prediction is exact: no coefficient has lost or changed its sign."""
        return bool((np.sign(self.soft) == np.sign(self.hard)).all())

    @property
    def errors(self) -> tuple[float, float]:
        """‖hard − truth‖ and ‖soft − truth‖, with what lies off the support.

        Raises
        ------
        ValueError
            If the truth is not known.
        """
        if self.truth is None:
            raise ValueError("The errors need the planted signal: give truth=.")
        hard, soft = (float(np.hypot(np.linalg.norm(x - self.truth), self.missed)) for x in (self.hard, self.soft))
        return hard, soft

    def __repr__(self) -> str:
        size = float(np.linalg.norm(self.measured))
        return f"<ShrinkageBias of {self.support.size} coefficients at weight {self.weight:.3g}: {size:.3g} in norm>"

    def __str__(self) -> str:
        columns = {"hard": self.hard, "soft": self.soft, "measured": self.measured, "predicted": self.predicted}
        if self.truth is not None:
            columns = {"truth": self.truth, **columns}
        signs = "no sign changes" if self.signs_stay else "some signs change, so the prediction is not exact"
        lines = [f"λ = {self.weight:.4g}, {self.support.size} coefficients, {signs}"]
        lines.append("column" + "".join(f"{name:>12}" for name in columns))
        for i in range(min(self.support.size, SHOWN)):
            lines.append(f"{self.support[i]:>6}" + "".join(f"{values[i]:>12.4g}" for values in columns.values()))
        if self.support.size > SHOWN:
            lines.append(f"{'...':>6}")
        lines.append("  norm" + "".join(f"{np.linalg.norm(values):>12.4g}" for values in columns.values()))
        if self.truth is not None:
            lines.append("error: hard {:.4g}, soft {:.4g}".format(*self.errors))
        return "\n".join(lines)


def shrinkage_bias(A: Any, y: Any, support: Any, weight: float, *, truth: Any = None) -> ShrinkageBias:
    """What the ℓ1 norm takes from the coefficients of a support, measured and predicted.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n), real.
    y : (m,) array
    support : Result, array of int, or (n,) array of truth values
        Its columns must not depend on each other.
    weight : float
        λ in ½‖y − A_S x‖² + λ‖x‖₁, in units of A times y.
    truth : (n,) array, optional
        The planted signal, for the errors of both.

    Raises
    ------
    TypeError, ValueError
        If the support is empty, or its columns depend on each other.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import shrinkage_bias
    >>> bias = shrinkage_bias(np.eye(3), [4.0, -5.0, 1.0], [0, 1], 2.0, truth=[4.5, -5.0, 0.0])
    >>> [round(error, 6) for error in bias.errors]
    [0.5, 3.201562]
    """
    problem, weight = Problem(A, y), positive(weight, "weight")
    n = problem.shape[1]
    chosen = np.unique(indices(support.support if isinstance(support, Result) else support, "support", n))
    if chosen.size == 0:
        raise ValueError("support is empty; there is nothing to shorten.")
    if problem.y.ndim != 1 or np.iscomplexobj(problem.y):
        raise ValueError(f"One real y was asked for; got shape {problem.y.shape}, {problem.y.dtype}.")
    part, y = problem.operator.columns(chosen).astype(np.float64), problem.y.astype(np.float64)
    hard = debias(part, y, np.arange(chosen.size)).x
    predicted = -weight * _inverse_gram(part, np.sign(hard))
    soft = solve(part, y, ProximalGradient(L1(), weight=weight, tolerance=1e-14)).x
    if truth is None:
        return ShrinkageBias(chosen, hard, soft, predicted, weight)
    planted = vector(truth, "truth", n, f"the operator has {n} columns")
    missed = float(np.linalg.norm(np.delete(planted, chosen)))
    return ShrinkageBias(chosen, hard, soft, predicted, weight, planted[chosen], missed)


def _inverse_gram(part: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(A_SᵀA_S)⁻¹ times a vector, by the singular values of the columns at unit length."""
    lengths = vector_norms(part)
    if (lengths > 0).all() and part.shape[1] <= part.shape[0]:
        _, s, Vt = np.linalg.svd(part / lengths, full_matrices=False)
        if s[-1] > 1e3 * part.shape[0] * np.finfo(np.float64).eps * s[0]:
            return Vt.T @ ((Vt @ (right / lengths)) / s**2) / lengths
    raise ValueError(
        "The columns of the support depend on each other, so no coefficients are theirs alone; take fewer."
    )
