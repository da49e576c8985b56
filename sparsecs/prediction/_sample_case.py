"""One question about a number of samples: gradients, columns that can be told apart, tickets, and trials."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.randomness import stream
from sparsecs.geometry.identifiability import distinct_columns
from sparsecs.geometry.is_recoverable import is_recoverable
from sparsecs.operators.base import DENSE_LIMIT, Operator
from sparsecs.operators.dense import Dense
from sparsecs.operators.scaled import normalized
from sparsecs.operators.selected import Selected
from sparsecs.prediction._covariance_law import face_dimension
from sparsecs.prediction._gradients import Gradients
from sparsecs.prediction._sample_law import leverage_success, told_apart
from sparsecs.problems.problem import Problem
from sparsecs.problems.supports.base import Support
from sparsecs.solvers.basis_pursuit import BasisPursuit
from sparsecs.solvers.solve import answer

FOUND = 1e-3  # relative error, as in a sweep
QUICK = 2**25  # bytes: products with a larger Jacobian are quicker by its factors
WIDE = 5000  # columns, beyond which one sample tells as much as three of fewer
MANY, LARGE = 4096, 2**26  # rows by which columns are told apart; of entries that many rows may have
DRAWN, MORE, TICKETS = 3, 12, 120  # samples for the leverage law, for what is lost, and tickets on each


@dataclass(frozen=True, eq=False)
class SampleCase:
    """What is asked about.

    Parameters
    ----------
    gradients : Gradients
    kept : (q,) array of int
        One column of each direction, of those that are not zero; all columns, where every sample has a network of its own.
    k : int
    support : Support
    normalize : bool
    seed : int
    """

    gradients: Gradients
    kept: np.ndarray
    k: int
    support: Support
    normalize: bool
    seed: int

    def drawn(self, count: int, rng: np.random.Generator) -> tuple[Operator, Operator]:
        """A number of samples as they are, and with the kept columns in the units that sparsity is meant in."""
        raw = self.gradients.sample(count, rng)
        some = raw if self.kept.size == raw.shape[1] else Selected(raw, self.kept)
        if some.nbytes_dense <= QUICK:
            some = Dense(some.dense())
        return raw, normalized(some) if self.normalize else some

    def ticket(self, raw: Operator, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """A support, by positions among the kept columns, and signs."""
        place = np.full(raw.shape[1], -1)
        place[self.kept] = np.arange(self.kept.size)
        order = place[self.support.order(raw, rng)]
        order = order[order >= 0]
        if order.size < self.k:
            raise ValueError(
                f"The supports reach {order.size} columns that can be told apart, so no ticket has sparsity {self.k}; use at "
                f"most {order.size}, another support, or other inputs."
            )
        return order[: self.k], rng.choice([-1.0, 1.0], self.k)

    def face(self, number: int, count: int, guess: float) -> float:
        """A draw of the dimension, in samples; infinite if the ticket is not told by ``count`` samples at all."""
        rng = stream(self.seed, "samples needed: face", number)
        raw, R = self.drawn(count, rng)
        support, signs = self.ticket(raw, stream(self.seed, "samples needed: ticket", number))
        return face_dimension(R, support, signs, rng.standard_normal(R.shape[0]), guess) / self.gradients.outputs

    def by_leverages(self, count: int) -> tuple[float, float]:
        """Success at a number of samples of tickets that miss what is lost, and the share of these, by the leverage law."""
        found = []
        few = DRAWN if self.kept.size <= WIDE else 1
        for number in range(few):
            rng = stream(self.seed, "samples needed: leverages", count, number)
            raw, A = self.drawn(count, rng)
            found.append(leverage_success(A, [self.ticket(raw, rng)[0] for _ in range(TICKETS)], rng))
        Q, M = np.array(found).T
        success, shares = float(Q @ M / max(M.sum(), 1e-9)), M.tolist()
        for number in range(few, MORE if min(shares) < 1 else few):  # columns of one neuron are lost together
            rng = stream(self.seed, "samples needed: leverages", count, number)
            raw, A = self.drawn(count, rng)
            lost = told_apart(A)[1]
            shares.append(np.mean([not lost[self.ticket(raw, rng)[0]].any() for _ in range(TICKETS)]))
        return success, float(np.mean(shares))

    def told(self, number: int, count: int) -> bool:
        """Whether the ticket of a draw of ``face`` is the only solution, given ``count`` samples, as far as these see it."""
        raw, A = self.drawn(count, stream(self.seed, "samples needed: population", number))
        support, signs = self.ticket(raw, stream(self.seed, "samples needed: ticket", number))
        return bool(told_apart(A)[1][support].any()) or is_recoverable(A, support, signs)

    def toss(self, number: int, count: int) -> bool:
        """Whether basis pursuit finds a fresh ticket from a number of fresh samples."""
        rng = stream(self.seed, "samples needed: trial", number)
        raw, A = self.drawn(count, rng)
        if A.nbytes_dense > DENSE_LIMIT:
            raise MemoryError(
                f"Trials with {count} samples would need a {A.shape[0]} x {A.shape[1]} matrix of {A.nbytes_dense / 1e9:.1f} GB, "
                f"above the limit of {DENSE_LIMIT / 1e9:.1f} GB. Use probes=0, which is theory alone."
            )
        if self.k > A.shape[0]:
            return False
        support, signs = self.ticket(raw, rng)
        truth = np.zeros(A.shape[1])
        truth[support] = signs
        problem = Problem(A, A.matvec(truth), sparsity=self.k, truth=truth)
        return problem.error(answer(problem, BasisPursuit()).x) < FOUND


def case(gradients: Gradients, k: int, support: Support, normalize: bool, seed: int) -> SampleCase:
    """The question, with columns that no number of samples tells apart set aside.

    Raises
    ------
    ValueError
        If all columns are zero, or fewer than k can be told apart.
    """
    every = np.arange(gradients.columns)
    if k > every.size:
        raise ValueError(f"sparsity is {k}, but there are only {every.size} columns; ask for at most {every.size}.")
    kept = every
    if gradients.fixed:
        rows = max(64, min(MANY, LARGE // gradients.columns))
        count = min(gradients.most, -(-rows // gradients.outputs))
        kept = distinct_columns(gradients.sample(count, stream(seed, "samples needed: columns")))
        if kept.size == 0:
            raise ValueError("All columns are zero, so nothing can be recovered. Use other parameters or inputs.")
        if k > kept.size:
            raise ValueError(
                f"sparsity is {k}, but only {kept.size} of {every.size} columns can be told apart; ask for at most {kept.size}."
            )
    return SampleCase(gradients, kept, k, support, normalize, seed)
