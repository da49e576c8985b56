"""What is believed of k50 before a trial, for a given solver."""

from __future__ import annotations

from sparsecs.curves.measured_transition import MeasuredTransition
from sparsecs.curves.statistical_dimension import StatisticalDimension
from sparsecs.prediction._posterior import Posterior
from sparsecs.prediction._theory import Theory
from sparsecs.prediction.prediction import THEORY_ERROR
from sparsecs.solvers.base import Solver
from sparsecs.solvers.basis_pursuit import BasisPursuit

OTHER_ERROR, UNKNOWN_ERROR = 0.35, 0.7  # of ln k50, where the solver was measured on Gaussian matrices, and where not


def is_plain_l1(solver: Solver) -> bool:
    """Whether the solver is ℓ1 minimisation without limits, which the leverage law is about."""
    return isinstance(solver, BasisPursuit) and solver.lower is None and solver.upper is None


def prior(law: Theory, rank: int, kept: int, complex_data: bool, solver: Solver, signal: str) -> Posterior:
    """Theory's value for ℓ1 minimisation, times what the solver reached on Gaussian matrices of the same size.

    Parameters
    ----------
    law : Theory
    rank, kept : int
        Of the matrix that has one column of each direction.
    complex_data : bool
    solver : Solver
    signal : str
        The name of the law of amplitudes.
    """
    centre, spread = law.probit
    if not is_plain_l1(solver):
        ratio, error = _against_l1(rank, kept, type(solver).__name__, signal)
        return Posterior.prior(max(centre * ratio, 0.5), error, spread)
    if complex_data and rank < kept:
        ratio = StatisticalDimension(group=2).k(rank, kept) / StatisticalDimension().k(rank, kept)
        return Posterior.prior(centre * ratio, OTHER_ERROR, spread)
    return Posterior.prior(centre, THEORY_ERROR, spread)


def _against_l1(rank: int, kept: int, solver: str, signal: str) -> tuple[float, float]:
    """How a solver compares with ℓ1 minimisation on Gaussian matrices, and the error of ln k50 to be expected elsewhere."""
    l1 = StatisticalDimension().k(rank, kept) if rank < kept else float(kept)
    try:
        measured = MeasuredTransition(solver, signal)
    except ValueError:
        return 1.0, UNKNOWN_ERROR
    return measured.k(rank, kept) / l1, OTHER_ERROR
