"""What is known of a matrix before the first trial."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.randomness import stream
from sparsecs.geometry._row_space import RowSpace, row_space
from sparsecs.operators.base import DENSE_LIMIT, Operator
from sparsecs.operators.dense import Dense
from sparsecs.operators.selected import Selected
from sparsecs.prediction._blocks import blocks
from sparsecs.prediction._missing import missing
from sparsecs.prediction._prior import is_plain_l1
from sparsecs.prediction._reduction import reduced
from sparsecs.prediction._theory import ORDERS, Theory, theory
from sparsecs.prediction._trials import Trials
from sparsecs.problems.signals.base import Signal
from sparsecs.problems.supports.base import Support
from sparsecs.solvers.base import Solver

LOOKED_AT = 64  # columns that the spread of the null space is judged by
SURELY = 1e-12  # leverages so close to 0 or 1 are that


@dataclass(frozen=True, eq=False)
class Ground:
    """The matrix without what cannot be told apart, and what theory says of it.

    Parameters
    ----------
    trials : Trials
        How to make trials on it.
    space : RowSpace
        Of the columns that are kept.
    leverages : (n,) array
        Of the kept columns.
    labels : (n,) array of int
        The independent block of each.
    law : Theory
        The leverage law's success curve.
    missing : (K + 1,) array
        How likely a support of each size holds no lost column.
    orders : list of arrays of int
        Random orders of the kept columns.
    blocks : int
        How many independent ones there are.
    delocalisation : float
        See ``delocalisation``.
    """

    trials: Trials
    space: RowSpace
    leverages: np.ndarray
    labels: np.ndarray
    law: Theory
    missing: np.ndarray
    orders: list[np.ndarray]
    blocks: int
    delocalisation: float

    @property
    def kept(self) -> int:
        """How many columns are left."""
        return int(self.trials.kept.shape[1])

    @property
    def norms(self) -> np.ndarray:
        """Their lengths."""
        return self.trials.kept.column_norms()

    @property
    def complex_data(self) -> bool:
        """Whether the matrix is complex."""
        return bool(np.issubdtype(self.trials.kept.dtype, np.complexfloating))

    @property
    def certain(self) -> bool:
        """Whether there is nothing to predict: ℓ1 minimisation has no choice, or every support fails."""
        unique = self.space.rank == self.kept and is_plain_l1(self.trials.solver)
        return unique or len(self.missing) == 1


def ground(operator: Operator, support: Support, signal: Signal, solver: Solver, seed: int, most: int) -> Ground:
    """What is known of an operator before the first trial; the law is averaged over at most ``most`` supports."""
    reduction = reduced(operator)
    kept = operator if reduction.kept.size == operator.shape[1] else Selected(operator, reduction.kept)
    if kept.nbytes_dense <= DENSE_LIMIT:
        kept = Dense(kept.dense())
    trials = Trials(operator, kept, reduction, support, signal, solver)
    space, rng = row_space(kept), stream(seed, "prediction")
    h, labels = space.leverages(), blocks(space, rng)
    orders = [trials.order(rng) for _ in range(ORDERS)]
    limit = min(space.rank, max(order.size for order in orders))
    return Ground(
        trials,
        space,
        h,
        labels,
        theory(space, h, labels, lambda: trials.order(rng), most),
        missing(operator, support, reduction.lost, limit, rng),
        orders,
        int(labels.max()) + 1,
        delocalisation(space, h, rng),
    )


def delocalisation(space: RowSpace, h: np.ndarray, rng: np.random.Generator) -> float:
    """How evenly the null space is spread: 1 if like a random one, more if it holds sparse vectors.

    The median over columns i of n/3 Σ_j P_ij⁴ / (h_i (1 − h_i))², j other than i, with P the row space projector. Of a random
    row space the P_ij are normal with mean square h_i (1 − h_i) / n, and a normal fourth moment is three squares.
    """
    uncertain = np.flatnonzero((h > SURELY) & (h < 1 - SURELY))
    if uncertain.size == 0:
        return 1.0
    chosen = rng.choice(uncertain, min(LOOKED_AT, uncertain.size), replace=False)
    units = np.zeros((h.size, chosen.size))
    units[chosen, np.arange(chosen.size)] = 1
    rows = np.abs(space.project(units))
    rows[chosen, np.arange(chosen.size)] = 0
    return float(np.median(h.size / 3 * (rows**4).sum(axis=0) / (h[chosen] * (1 - h[chosen])) ** 2))
