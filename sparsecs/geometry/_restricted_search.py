r"""The smallest ||A x|| over ||x_S|| in the cone ||x off S||_1 <= c ||x_S||_1, over all S: branch and bound, real A.

For fixed S and signs, f(x_S) = min ||A x|| over what x may be off S is convex, and homogeneous of degree one. Over a cone
with unit generators v_i, x_S = sum lambda_i v_i has ||x_S||_2 <= sum lambda_i; so the least f over the v_i's convex hull, a
quadratic program (see ``nearest_point``), bounds the ratio from below. At its minimiser the ratio is at most 1 / ||x_S||_2
times larger, which is 1 + (diameter)^2 / 8 at most for small cones: cones are halved along their longest edge. For ||x_S||_1
the first cone is exact.
"""

from __future__ import annotations

import heapq
from functools import cache
from itertools import combinations, islice, product
from math import comb

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry._restricted_bounds import in_cone, ratio
from sparsecs.kernels.nearest_point import nearest_point, survey

BATCH = 200  # quadratic programs of a tenth of a millisecond or so
MOST = 20_000_000  # supports and signs that are looked at
SMALLEST = 1e-7  # of a cone: its bounds differ by 1e-15, or by what rounding does to them
CLOSE = 1e-10  # relative to the shortest column


class ConeSearch:
    """The best x so far, and the cones that may hold a better one."""

    def __init__(self, A: np.ndarray, k: int, c: float, power: int, unit: float, budget: Budget) -> None:
        self.A, self.AT = A, np.ascontiguousarray(A.T)
        self.k, self.c, self.power, self.unit, self.budget = k, c, power, unit, budget
        self.point, self.best = np.zeros(A.shape[1]), np.array([np.inf])
        self.heap: list[tuple[float, int, np.ndarray, np.ndarray, np.ndarray]] = []
        self.number, self.lower = 0, 0.0

    def offer(self, x: np.ndarray) -> None:
        """Keep x if its ratio is the smallest so far."""
        x = in_cone(x, self.k, self.c)
        value = ratio(self.A, x, self.k, self.power)
        if value < self.best[0]:
            self.best[0], self.point = value, x

    def descend(self, x: np.ndarray) -> None:
        """From x to smaller ratios: ||x_S|| is at least linear in x_S, tangent at x, and over that the problem is convex."""
        value = np.inf
        while not self.budget.spent():
            x = in_cone(x, self.k, self.c)
            now = ratio(self.A, x, self.k, self.power)
            self.offer(x)
            if not now < value * (1 - 1e-9):
                return
            value = now
            S = np.argsort(-np.abs(x), kind="stable")[: self.k]
            S = S[np.abs(x[S]) > 1e-9 * np.abs(x[S[0]])]
            slope = np.abs(x[S]) / np.linalg.norm(x[S]) if self.power == 2 else np.ones(S.size)
            x = nearest_point(self.AT, S, np.sign(x[S]), np.diag(1 / slope), self.c, np.inf)[2]

    def run(self) -> None:
        """Look at all supports and signs, then at ever smaller cones; ``lower`` stays 0 if not all were seen."""
        n = self.A.shape[1]
        if comb(n, self.k) * 2 ** (self.k - 1) > MOST:
            self.budget.stop(f"more than {MOST} supports and signs would have to be looked at")
            return
        patterns = np.array([(1.0, *rest) for rest in product([1.0, -1.0], repeat=self.k - 1)])
        supports, lowest = combinations(range(n), self.k), np.inf
        while some := list(islice(supports, max(1, BATCH // len(patterns)))):
            if self.budget.spent():
                return
            lowest = min(lowest, self.look(np.repeat(some, len(patterns), axis=0), np.tile(patterns, (len(some), 1))))
        self.lower = min(lowest, float(self.best[0]))
        self.halve()

    def look(self, supports: np.ndarray, signs: np.ndarray) -> float:
        """Bound a batch of cones; those that may hold something better wait to be halved."""
        lower = np.empty(len(supports))
        survey(self.AT, supports, signs, self.c, self.power == 2, self.best, self.point, lower)
        if self.power == 2:
            for r in np.flatnonzero(lower < self.best[0] - CLOSE * self.unit):
                self.wait(float(lower[r]), supports[r], signs[r], np.eye(self.k))
        return float(lower.min())

    def wait(self, lower: float, S: np.ndarray, signs: np.ndarray, V: np.ndarray) -> None:
        self.number += 1
        heapq.heappush(self.heap, (lower, self.number, S, signs, V))

    def halve(self) -> None:
        """Halve the cone of the smallest bound until that meets the best ratio, or the budget is spent."""
        while self.heap and self.heap[0][0] < self.best[0] - CLOSE * self.unit and not self.budget.spent():
            self.lower, _, S, signs, V = self.heap[0]
            gaps = np.linalg.norm(V[:, None] - V[None], axis=2)
            i, j = np.unravel_index(int(gaps.argmax()), gaps.shape)
            if gaps[i, j] < SMALLEST:
                self.budget.stop("cones of this size differ by rounding only")
                return
            halves = []
            for gone in (i, j):
                half = V.copy()
                half[gone] = (V[i] + V[j]) / np.linalg.norm(V[i] + V[j])
                bound, _, x = nearest_point(self.AT, S, signs, half, self.c, self.best[0])
                if np.any(x):
                    self.offer(x)
                halves.append((max(self.lower, bound), half))
            heapq.heappop(self.heap)
            for bound, half in halves:
                if bound < self.best[0] - CLOSE * self.unit:
                    self.wait(bound, S, signs, half)
        if self.power == 2 and not self.budget.stopped:
            self.lower = min(self.heap[0][0], float(self.best[0])) if self.heap else float(self.best[0])


@cache
def ready() -> None:
    """Have the kernels compiled, or fetched from their cache, so that the clock of a search does not count it."""
    search = ConeSearch(np.cos(np.arange(1.0, 7.0) ** 2).reshape(2, 3), 2, 1.0, 2, 1.0, Budget(None))
    search.look(np.array([[0, 1]]), np.ones((1, 2)))
    search.descend(search.point)
