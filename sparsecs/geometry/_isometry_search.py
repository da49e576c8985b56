r"""The largest eigenvalue of all H_SS, |S| = k, exactly: a local search for it, then a proof that no support has more.

    best = lambda(S) found;   t = best + step;   is t I - H positive definite on every support?
    yes: best is proven up to the step.   No, here is a support: climb from there, and ask again.

While a proof takes long, a quarter of the time goes to easier ones, with t between best and the upper bound, which lower it.
A proof that is stopped lowers it too: if the heaviest pair not yet tried has weight w, N_JJ has no eigenvalue above (k - 1) w for
the supports that are left, so H <= diag(h) + (k - 1) w (t - diag(h)) on them. Everything goes in pieces of a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from sparsecs.core.randomness import stream
from sparsecs.kernels.chunks import in_parallel
from sparsecs.kernels.sparse_eigenvalues import AT, COUNT, DONE, FOUND, advance, begin, new_stack
from sparsecs.kernels.support_swaps import climb

FIRST, PIECE = 1e6, 3e7  # operations, of about a nanosecond each
STEP = 1e-11  # by which more is asked for, relative; differences below are none
PATIENCE = 12  # pieces of a proof before easier ones are tried
SEEDS = 8


def good_pairs(H: np.ndarray) -> np.ndarray:
    """For each index the one with which it has the largest eigenvalue, those with the largest first; (pairs, 2)."""
    h = H.diagonal().real
    if h.size == 1:
        return np.zeros((1, 2), np.int64)
    together = (h[:, None] + h) / 2 + np.hypot((h[:, None] - h) / 2, np.abs(H))
    np.fill_diagonal(together, -np.inf)
    partner = together.argmax(axis=1)
    pairs = np.sort(np.column_stack([np.arange(h.size), partner]), axis=1)
    order = np.argsort(-together[np.arange(h.size), partner], kind="stable")
    _, first = np.unique(pairs[order], axis=0, return_index=True)
    return pairs[order][np.sort(first)]


class Proof:
    """Whether t I - H is positive definite on every support of k indices.

    Attributes
    ----------
    found : array or None
        A support of at most k indices on which it is not.
    """

    def __init__(self, H: np.ndarray, k: int, t: float, threads: int) -> None:
        self.t, self.k, self.threads = t, k, threads
        self.diagonal = H.diagonal().real
        self.found: np.ndarray | None = None
        K = -H
        np.fill_diagonal(K, t - self.diagonal)
        first = new_stack(H.shape[0], k, H.dtype)
        self.stacks = [first]
        size = begin(K, k, first)
        if size:
            self.found = first[6][:size].copy()

    def pieces(self) -> Iterator[None]:
        """Go on; it comes to an end when all is proven, or when a support is found."""
        stride, work, active = 1, FIRST, [0]
        while active and self.found is None:
            calls = [(self.k, stride, work, *self.stacks[q]) for q in active]
            said = in_parallel(advance, calls)
            for q, (status, size) in zip(active, said, strict=True):
                if status == FOUND:
                    self.found = self.stacks[q][6][:size].copy()
            active = [q for q, (status, _) in zip(active, said, strict=True) if status != DONE]
            if stride == 1 and self.threads > 1 and active:
                self._share()
                stride, active = self.threads, list(range(self.threads))
            work = PIECE
            if active and self.found is None:
                yield

    def _share(self) -> None:
        """Give every thread a stack of its own, which starts at the pair that the first one works on."""
        first = self.stacks[0]
        start = self._reached(first)
        C, banned, columns, weights, pairs, state = first[:6]
        self.stacks = []
        for q in range(self.threads):
            own = new_stack(C.shape[1], self.k, C.dtype)
            for mine, given in zip(own[:6], (C, banned, columns, weights, pairs, state), strict=True):
                mine[0] = given[0]
            for i, j in pairs[0, start : min(start + q, state[0, 1])]:
                own[1][0, i, j] = own[1][0, j, i] = True
            own[5][0, AT] = min(start + q, state[0, 1])
            own[5][-1, 0] = 0
            self.stacks.append(own)

    def _reached(self, stack: tuple[np.ndarray, ...], stride: int = 1) -> int:
        """The first pair of the root that is not done with."""
        state = stack[5]
        at, level = int(state[0, AT]), state[-1, 0]
        first = at - stride if level > 0 else at
        return int(state[0, COUNT]) if level < 0 else min(first, int(state[0, COUNT]))

    def ceiling(self) -> float:
        """What no eigenvalue exceeds, by what is done so far."""
        first = min(self._reached(stack, len(self.stacks)) for stack in self.stacks)
        left = self.stacks[0][3][0, first : self.stacks[0][5][0, COUNT]]
        reach = (self.k - 1) * float(np.sqrt(left.max(initial=0.0)))
        return self.t + max(0.0, reach - 1) * float(self.t - self.diagonal.min())


class Search:
    """Bounds of the largest eigenvalue on any support, which close in on each other.

    Parameters
    ----------
    H : (n, n) array
        Hermitian.
    k : int
    value : callable
        The largest eigenvalue on a support, as accurately as can be had.
    upper : float
        What is known already.
    unit : float
        The size of the smallest eigenvalue that counts; ``negligible`` is a difference that does not.
    negligible : float
    threads : int

    Attributes
    ----------
    lower, upper : float
    support : array
        Where the lower bound is attained.
    proven : bool
        Whether they agree to ``step``.
    """

    def __init__(
        self,
        H: np.ndarray,
        k: int,
        value: Callable[[np.ndarray], float],
        upper: float,
        unit: float,
        negligible: float,
        threads: int,
    ) -> None:
        self.H, self.k, self.value, self.threads = H, k, value, threads
        self.step, self.negligible = STEP * unit, negligible
        self.lower, self.upper, self.support = -np.inf, upper, np.arange(k)
        self.proven = False
        self.climb(good_pairs(H)[:SEEDS])

    def climb(self, seeds: np.ndarray) -> bool:
        """A local search from each row of seeds; whether it found more by a step."""
        support = np.sort(climb(self.H, self.k, seeds)[0])
        value = self.value(support)
        before = self.lower
        if value > before:
            self.lower, self.support = value, support
            self.upper = max(self.upper, value)  # by rounding only
        return value > before + self.step / 2

    def climb_more(self) -> bool:
        """From every pair that looks good, and from random supports."""
        n = self.H.shape[0]
        rng = stream(0, "isometry", n, self.k)
        pairs = good_pairs(self.H)[SEEDS:]
        random = np.array([rng.permutation(n)[: self.k] for _ in range(min(n, 64))])
        found = [self.climb(seeds) for seeds in (pairs[:64], random) if len(seeds)]
        return any(found)

    def pieces(self) -> Iterator[None]:
        """Go on; it comes to an end when the bounds agree."""
        while not self._closed():
            proof = Proof(self.H, self.k, self.lower + self.step, self.threads)
            yield from self._follow(proof)
            if proof.found is not None:
                self._learn(proof.found)
            elif self.lower + self.step <= proof.t:
                self.upper = self.lower + (self.step if self.step > 1e-10 * max(1.0, self.lower) else 0.0)
                self.proven = True
                return

    def _closed(self) -> bool:
        self.proven = self.proven or self.upper - self.lower <= max(self.step, self.negligible)
        return self.proven

    def _follow(self, proof: Proof) -> Iterator[None]:
        """One proof to its end, or until a better support turns up elsewhere; easier ones beside it if it takes long."""
        easier = self._lowering()
        for count, _ in enumerate(proof.pieces()):
            self.upper = max(self.lower, min(self.upper, proof.ceiling()))
            yield
            if count == 0:
                self.climb_more()
            elif count >= PATIENCE and count % 3 == 0:
                next(easier, None)
                yield
            if self.lower + self.step > proof.t or self._closed():
                return

    def _lowering(self) -> Iterator[None]:
        """Proofs with less to prove: halve the gap if that can be done in a few pieces, else less than half."""
        allowed, part = 4, 0.5
        while self.upper - self.lower > 1e3 * self.step:
            proof = Proof(self.H, self.k, self.lower + part * (self.upper - self.lower), self.threads)
            done = True
            for used, _ in enumerate(proof.pieces()):
                yield
                if used >= allowed:
                    done = False
                    break
            if proof.found is not None:
                self._learn(proof.found)
            else:
                self.upper = max(self.lower, min(self.upper, proof.t if done else proof.ceiling()))
            part = 0.5 if done else (1 + part) / 2
            if part > 0.95:
                allowed, part = 2 * allowed, 0.5

    def _learn(self, found: np.ndarray) -> None:
        """A support with more was found; if that was rounding, ask for more by a larger step."""
        if not self.climb(found[None, :]):
            self.step *= 10
