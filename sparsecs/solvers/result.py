"""What a solver answers with: the signal, a reason in words, and for convex problems a proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from sparsecs.problems.units import times

IMPOSSIBLE = 1e-3  # so far above the primal objective no rounding takes a dual one


class Status(Enum):
    """Why a solver stopped, as a sentence that a person can act on."""

    SOLVED = "The residual is zero to within the tolerance."
    OPTIMAL = "The certificate proves that the answer is optimal to within the tolerance."
    ZERO = "x = 0 answers the problem: y is zero, or no column correlates with it enough."
    ALL_CHOSEN = "As many columns as were asked for are chosen, and a residual remains."
    DEPENDENT = "No other column reduces the residual: those left depend on the chosen ones or are orthogonal to it."
    STATIONARY = (
        "A stationary point within the tolerance; unless the problem is convex, a better one may exist elsewhere."
    )
    STALLED = "The iterates stopped moving before the residual reached the tolerance: a fixed point, not an exact fit."
    LIMIT = "The iteration limit came first; the answer is the last iterate. Raise max_iterations for a better one."
    UNCERTAIN = "An answer was found, but it misses the tolerance; see result.residual and result.certificate."
    INFEASIBLE = (
        "No x satisfies the constraint to within the tolerance; the answer comes as close to it as was possible."
    )
    DIVERGED = (
        "The iterates grew out of bounds; the answer is the last sound one. Take a smaller step or NormalizedIHT."
    )

    @property
    def reached(self) -> bool:
        """Whether the method reached what it aims for."""
        return self in (Status.SOLVED, Status.OPTIMAL, Status.ZERO, Status.STATIONARY)


@dataclass(frozen=True, eq=False, repr=False)
class Certificate:
    """A proof of how far an answer is from optimal, that anyone can check with one product with Aᴴ.

    For A x = y, or loss(A x) + λ · norm(x), without limits on x, these are the dual problems, P° being the dual norm:

    ======================================  ==========================  =============================================
    solver                                  dual point ν                dual
    ======================================  ==========================  =============================================
    BasisPursuit                            |Aᴴν| ≤ w                   Re⟨y, ν⟩
    BasisPursuitDenoising                   |Aᵀν| ≤ w                   ⟨y, ν⟩ − σ‖ν‖
    SquareRootLasso                         |Aᵀν| ≤ λw, ‖ν‖ ≤ 1         ⟨y, ν⟩
    Lasso, GroupLasso, any norm             P°(Aᴴν) ≤ λ                 Re⟨y, ν⟩ − ½‖ν‖² (squared), −loss*(−ν) (any)
    ElasticNet, and limits on x             any                         the same, minus the conjugate P*(Aᵀν)
    DantzigSelector                         μ, (n,): |AᵀAμ| ≤ w         ⟨Aᵀy, μ⟩ − δ Σ w|μ|
    ======================================  ==========================  =============================================

    Attributes
    ----------
    primal : float
        The objective at x.
    dual : float
        What the dual point proves: no feasible x has a smaller objective.
    infeasibility : float
        ‖A x − y‖ / ‖y‖ where A x = y is asked for, else 0.
    dual_point : (m,) array
        ν; for DantzigSelector μ, an (n,) array.
    road : str
        How the answer was found.
    relative_gap : float
        The gap as a part of the primal objective; below zero by rounding only. Infinite if the dual point proves more than
        the primal objective: then a loss or a penalty is not what it says.
    """

    primal: float
    dual: float
    infeasibility: float
    dual_point: np.ndarray
    road: str

    relative_gap: float

    @classmethod
    def of(cls, primal: float, dual: float, infeasibility: float, dual_point: np.ndarray, road: str) -> Certificate:
        """The certificate whose relative gap is (primal − dual) / primal; 0 where both are zero."""
        gap = primal - dual
        relative = gap / primal if primal > 0 else (0.0 if gap == 0 else np.inf)
        if not relative > -IMPOSSIBLE:
            relative = np.inf
        return cls(primal, dual, infeasibility, dual_point, road, float(relative))

    def __repr__(self) -> str:
        return (
            f"Certificate(primal={self.primal:.10g}, dual={self.dual:.10g}, relative_gap={self.relative_gap:.1e}, "
            f"infeasibility={self.infeasibility:.1e}, road={self.road!r})"
        )

    @property
    def gap(self) -> float:
        """primal − dual: the answer is at most this far above the optimum."""
        return self.primal - self.dual

    def rescaled(self, objective: int, dual: int) -> Certificate:
        """The certificate with objectives and dual point times powers of two, given as exponents."""
        primal, bound = times(np.array([self.primal, self.dual]), objective)
        return replace(self, primal=float(primal), dual=float(bound), dual_point=times(self.dual_point, dual))


@dataclass(frozen=True, eq=False)
class Result:
    """A solver's answer.

    Attributes
    ----------
    x : (n,) or (n, p) array
    support : array of int
        Where x, or a row of it, is not zero.
    residual : (m,) or (m, p) array
        y − A x; for another loss than the squared one, minus its gradient at A x.
    status : Status
        Why it stopped; ``result.status.value`` is a sentence.
    iterations : int
    seconds : float
        Wall clock.
    certificate : Certificate or None
        With every convex solver.
    """

    x: np.ndarray
    support: np.ndarray
    residual: np.ndarray
    status: Status
    iterations: int
    seconds: float
    certificate: Certificate | None = None

    def __repr__(self) -> str:
        with np.errstate(over="ignore"):
            size = float(np.linalg.norm(self.residual))
        proof = f", relative_gap={self.certificate.relative_gap:.1e}" if self.certificate else ""
        return (
            f"Result({self.status.name}: {self.support.size} of {self.x.shape[0]} nonzero, "
            f"residual={size:.2g}, iterations={self.iterations}, seconds={self.seconds:.2g}{proof})"
        )
