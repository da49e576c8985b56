r"""The null space constant by a search among signed sets of columns, best first.

    v(S) = max { sum_S s_i x_i : A x = 0, ||x||_1 <= 1 },        alpha_k = max_{|S| = k} v(S)

If x attains alpha_k, its j largest entries form a set with v >= (j / k) alpha_k. So alpha_k is reached by growing sets whose key
(k / j) v(S) exceeds what was already found, one column at a time; the largest key that is still to grow bounds alpha_k from
above at any moment (compare Cho, Mishra and Xu). A column joins a set only if three cheap bounds allow it (see
``null_space_search``); what is left is settled by a linear program, started where that of the smaller set ended.
"""

from __future__ import annotations

import heapq
from functools import cache

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry._null_space_coordinates import Coordinates, coordinates
from sparsecs.geometry._null_space_relaxations import projected
from sparsecs.geometry._null_space_vertices import ROOM, Vertex, first_vertex, rebuilt
from sparsecs.kernels.null_space_search import SLACK, climb, grow, note, pair_bounds, solve_pairs
from sparsecs.kernels.null_space_simplex import add, optimise, residual

MOST_SETS = 2_000_000  # that wait to grow, a few hundred bytes each
TOO_MANY = f"more than {MOST_SETS} sets wait to grow, which would take too much memory"
PIECE = 2**26  # operations between two looks at the clock
LONG = 2**32  # operations of one linear program after which the clock would be looked at too late
DRIFT = 1e-11  # a tableau that is further off is built anew
Signed = tuple[int, ...]  # 2 i + a for column i with sign (-1)^a, in order; the first sign is +


def normal(codes: tuple[int, ...]) -> tuple[Signed, int]:
    """The codes in order with the first sign +, and whether all signs were turned for it."""
    ordered = sorted(codes)
    turn = ordered[0] & 1
    return tuple(code ^ turn for code in ordered), turn


class Search:
    """The state of one search: what is proven of single columns and of pairs, and the sets that wait to grow."""

    def __init__(self, space: Coordinates, k: int, budget: Budget) -> None:
        n = space.n
        self.space, self.k, self.budget, self.omega = space, k, budget, space.weights
        self.null = space.null_vectors()
        self.first = first_vertex(space)
        self.kept: dict[int, Vertex] = {}
        self.W = projected(space)
        self.single = np.abs(self.W).max(axis=1)
        self.settled = np.zeros(n, bool)
        self.P = np.full((2, n, n), np.inf)
        self.solved = np.zeros((2, n, n), bool)
        self.best, self.point = np.zeros(1), np.zeros(n)
        self.upper = min(1.0, k * float(self.single.max()))
        self.heap: list[tuple[float, Signed, bool]] = []
        self.grown: dict[Signed, list[int]] = {}
        self.rows = np.empty(self.first.basis.size, np.int64)
        note(*self.first.parts()[:3], self.omega, k, self.rows, self.best, self.point)

    # --- what is proven of single columns and pairs -------------------------------------------------------------------

    def vertex_of(self, column: int) -> Vertex:
        """The optimum of one column, kept while there is room."""
        if column in self.kept:
            return self.kept[column].copy()
        vertex, row = self.optimum(self.first.copy(), np.array([column]), np.ones(1))
        if not self.settled[column]:
            self.settled[column] = True
            if np.abs(row).max() < self.single[column]:
                self.W[column], self.single[column] = row, np.abs(row).max()
        if (len(self.kept) + 1) * vertex.T.nbytes <= ROOM:
            self.kept[column] = vertex.copy()
        return vertex

    def singles(self, climbing: bool) -> None:
        """Settle the columns, the most promising first; with ``climbing``, each is the start of a local search."""
        for column in np.argsort(-self.single, kind="stable"):
            if self.budget.spent():
                break
            vertex = self.vertex_of(int(column))
            if climbing and vertex.T.size * vertex.basis.size < LONG:
                climb(*vertex.parts(), self.omega, self.k, self.best, self.point)
            else:
                note(*vertex.parts()[:3], self.omega, self.k, self.rows, self.best, self.point)
        self.lower_to(self.k * float(self.single.max()))

    def pairs(self, seconds: float) -> None:
        """Bound all pairs, and settle as many as the time allows, the most promising first."""
        limit = Budget(seconds)
        n = self.space.n
        self.P = np.minimum(self.single[:, None] + self.single, np.full((2, n, n), 1.0))
        self.P[:, range(n), range(n)] = 0.0
        for start in range(0, n, step := 1 + PIECE // n**2):
            if self.budget.spent():
                return
            pair_bounds(self.W, self.P, start, min(n, start + step))
        order = np.argsort(-self.single, kind="stable")
        for place, i in enumerate(order if seconds > 0 else order[:0]):
            vertex = self.vertex_of(int(i)).parts()
            for start in range(place + 1, n, 8):
                if limit.spent() or self.budget.spent():
                    return
                some = order[start : start + 8]
                solve_pairs(*vertex, self.omega, int(i), some, self.P, self.solved, self.k, self.best, self.point)

    def lower_to(self, value: float) -> None:
        self.upper = max(min(self.upper, value), float(self.best[0]))

    # --- sets that grow -----------------------------------------------------------------------------------------------

    def fill(self) -> bool:
        """All pairs that could be the two largest entries of something better; False if there is no time or room for them."""
        half = self.k / 2
        self.lower_to(half * float(self.P.max()))
        waiting = np.triu(self.P) > (self.best[0] + SLACK) / half
        if np.count_nonzero(waiting) > MOST_SETS:
            self.budget.stop(TOO_MANY)
        if self.budget.spent():
            return False
        for a, i, j in np.argwhere(waiting).tolist():
            self.heap.append((-half * float(self.P[a, i, j]), (2 * i, 2 * j + a), bool(self.solved[a, i, j])))
        heapq.heapify(self.heap)
        return True

    def run(self) -> None:
        """Grow sets, the best first, until none can exceed what was found or the budget is spent."""
        while self.heap:
            self.lower_to(-self.heap[0][0])
            if -self.heap[0][0] <= self.best[0] + SLACK * self.k:
                self.heap.clear()
            elif self.budget.spent():
                return
            elif len(self.heap) > MOST_SETS:
                self.budget.stop(TOO_MANY)
            else:
                self.step(*heapq.heappop(self.heap))
        self.upper = float(self.best[0])

    def step(self, key: float, codes: Signed, settled: bool) -> None:
        """Settle a pair, or grow a set; if that is cut short the set waits on."""
        columns, signs = np.array(codes) // 2, 1.0 - 2.0 * (np.array(codes) % 2)
        if not settled:
            vertex = self.vertex_of(int(columns[0]))
            solve_pairs(
                *vertex.parts(),
                self.omega,
                int(columns[0]),
                columns[1:],
                self.P,
                self.solved,
                self.k,
                self.best,
                self.point,
            )
            value = float(self.P[codes[1] & 1, columns[0], columns[1]])
            if len(codes) < self.k:
                heapq.heappush(self.heap, (-self.k / 2 * value, codes, True))
        elif len(codes) == self.k or not self.grow(codes, columns, signs):
            heapq.heappush(self.heap, (key, codes, settled))
            if len(codes) == self.k:
                self.budget.stop("a linear program did not come to its end")

    def grow(self, codes: Signed, columns: np.ndarray, signs: np.ndarray) -> bool:
        """Push what a set can grow to; False if the budget ended it."""
        vertex, skip = self.optimum(self.vertex_of(int(columns[0])).bare(), columns, signs)[0], self.skipped(codes)
        grown, values = np.empty(2 * self.space.n, np.int64), np.empty(2 * self.space.n)
        place, size, top_pair = 0, self.k / (len(codes) + 1), float(self.P.max())
        while place < 2 * self.space.n:
            if self.budget.spent():
                return False
            place, found = grow(
                *vertex.parts(), self.omega, columns, signs, self.k, self.W, self.P, top_pair, skip,
                place, 16, self.best, self.point, grown, values,
            )  # fmt: skip
            for code, value in zip(grown[:found].tolist(), values[:found].tolist(), strict=True):
                heapq.heappush(self.heap, (-size * value, normal((*codes, code))[0], True))
        for code in codes:
            rest, turn = normal(tuple(other for other in codes if other != code))
            self.grown.setdefault(rest, []).append(code ^ turn)
        return True

    def skipped(self, codes: Signed) -> np.ndarray:
        """The signed columns that need not join: another part of the grown set was asked before."""
        skip = np.zeros((self.space.n, 2), bool)
        for code in codes:
            rest, turn = normal(tuple(other for other in codes if other != code))
            seen = np.array(self.grown.get(rest, []), dtype=np.int64) ^ turn
            skip[seen // 2, seen % 2] = True
        return skip

    def optimum(self, vertex: Vertex, columns: np.ndarray, signs: np.ndarray) -> tuple[Vertex, np.ndarray]:
        """From a vertex without objective to that of a signed set, and its w; built anew if rounding has made it drift."""
        for attempt in range(2):
            for column, s in zip(columns, signs, strict=True):
                add(*vertex.parts(), self.omega, column, s)
            more = True
            while more:
                more = (
                    optimise(*vertex.parts(), self.omega, -1.0, 1 + PIECE // vertex.T.size)[1]
                    and not self.budget.spent()
                )
            w = np.zeros(self.space.n)
            residual(*vertex.parts(), self.omega, w)
            off = w.copy()
            off[columns] -= signs
            if attempt or np.abs(off @ self.null).max() <= DRIFT:
                break
            vertex = rebuilt(self.space, vertex)
        return vertex, w


@cache
def ready() -> None:
    """Have the kernels compiled, or fetched from their cache, so that the clock of a search does not count it."""
    search = Search(coordinates(np.cos(np.arange(1.0, 13.0) ** 2).reshape(2, 6)), 2, Budget(None))
    search.singles(climbing=True)
    search.pairs(0.0)
    search.fill()
    search.run()
    search.grow((0, 2), np.array([0, 1]), np.ones(2))
