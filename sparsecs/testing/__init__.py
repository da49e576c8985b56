"""Strategies of hypothesis for matrices and signals, and checks of solvers, operators and curves: for tests of your own.

The strategies need hypothesis; the checks do not.
"""

from sparsecs.testing.check_curve import check_curve
from sparsecs.testing.check_operator import check_operator
from sparsecs.testing.check_solver import check_solver
from sparsecs.testing.coherent_dictionaries import coherent_dictionaries
from sparsecs.testing.equiangular_frames import equiangular_frames
from sparsecs.testing.incoherent_dictionaries import incoherent_dictionaries
from sparsecs.testing.jacobians import jacobians
from sparsecs.testing.matrices import matrices
from sparsecs.testing.sparse_signals import sparse_signals
from sparsecs.testing.supports import supports

__all__ = [
    "check_curve",
    "check_operator",
    "check_solver",
    "coherent_dictionaries",
    "equiangular_frames",
    "incoherent_dictionaries",
    "jacobians",
    "matrices",
    "sparse_signals",
    "supports",
]
