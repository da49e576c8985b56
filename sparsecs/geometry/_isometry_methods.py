"""The ways to bound restricted isometry constants, each by its name: all add to what is known of one question."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import numpy as np

from sparsecs.geometry._isometry_cheap import Rows, spectrum_bounds
from sparsecs.geometry._isometry_question import Question
from sparsecs.geometry._isometry_random import random_climb
from sparsecs.geometry._isometry_search import Proof, Search, good_pairs
from sparsecs.geometry._isometry_semidefinite import LARGEST, semidefinite_bound
from sparsecs.geometry._isometry_sides import Side
from sparsecs.kernels.chunks import threads_allowed
from sparsecs.kernels.sparse_eigenvalues import advance, bytes_of_stack, new_stack
from sparsecs.kernels.support_swaps import climb

COPIES = 4  # of the Gram matrix: itself, both ends, one that is being prepared
STACKS = 4  # two searches, each with an easier one beside it
FEW = 250  # columns of each kind that a local search looks at where the Gram matrix is too large


def coherence(question: Question) -> None:
    question.cap(question.rows().coherence(), "coherence")


def babel(question: Question) -> None:
    question.cap(question.rows().babel(), "Babel function")


def gershgorin(question: Question) -> None:
    question.cap(question.rows().gershgorin(), "Gershgorin discs")


def spectrum(question: Question) -> None:
    G = question.gram(COPIES, "the spectrum")
    if G is not None:
        question.cap(spectrum_bounds(G), "spectrum of A")


def greedy(question: Question) -> None:
    """Local search on all columns, or where that takes too much memory on those that are most alike."""
    n, k = question.columns.n, question.k
    if COPIES * n**2 * question.columns.dtype.itemsize <= question.memory:
        with question.budget.watch():
            for side, search in searches(question, question.columns.gram(), 1):
                search.climb_more()
                side.offer(search.support, search.lower, "local search")
        return
    few = alike(question.rows(), max(k, FEW))
    block = question.columns.chosen(few)
    part = block.conj().T @ block
    for sign in (1, -1):
        question.offer(
            few[climb(sign * part, k, good_pairs(sign * part)[:8])[0]], f"local search among {few.size} columns"
        )


def alike(rows: Rows, count: int) -> np.ndarray:
    """The longest and the shortest columns, and those with the largest inner products and cosines."""
    by_norm = np.argsort(rows.norms)
    pairs = [rows.pairs[np.argsort(sizes)[-count:]].ravel() for sizes in (rows.peaks, rows.cosine_peaks)]
    return np.unique(np.concatenate([by_norm[:count], by_norm[-count:], *pairs]))


def by_chance(question: Question) -> None:
    G = question.gram(COPIES, "a search by chance")
    if G is not None:
        for sign in (1, -1):
            question.offer(random_climb(sign * G, question.k, question.budget), "random supports")


def semidefinite(question: Question) -> None:
    if question.columns.n > LARGEST:
        question.stop(
            f"the semidefinite relaxation is for at most {LARGEST} columns, and there are {question.columns.n}"
        )
        return
    G = question.columns.gram()
    with question.budget.watch():
        for side, share in ((question.largest, 0.5), (question.least, 1.0)):
            seconds = share * question.budget.left()
            side.cap(semidefinite_bound(side.sign * G, question.k, seconds), "semidefinite relaxation")
    question.budget.spent()
    question.stop(question.budget.stopped)


def exact(question: Question) -> None:
    """Both ends in turn, a piece each, until all is proven or the budget is spent."""
    n, itemsize, budget = question.columns.n, question.columns.dtype.itemsize, question.budget
    each = STACKS * bytes_of_stack(n, question.k, itemsize)
    if all(closed(question, side) for side in (question.least, question.largest)):
        return None
    G = question.gram(COPIES + -(-each // (n**2 * itemsize)), "an exact search")
    if G is None:
        return greedy(question)
    fitting = int((question.memory - COPIES * n**2 * itemsize) // each)
    with budget.watch():
        running = searches(question, G, max(1, min(threads_allowed(), fitting)))
        with contextlib.ExitStack() as stack:
            for side, search in running:
                stack.callback(report, side, search)
            in_turn([search.pieces() for _, search in running], question)
    for side in (question.least, question.largest):
        if not closed(question, side):
            side.stopped = side.stopped or budget.stopped
    return None


def get_ready(dtype: np.dtype) -> None:
    """Compile what is needed for the first time, before any clock runs."""
    dtype = np.dtype(np.complex128 if dtype.kind == "c" else np.float64)
    one = np.eye(2, dtype=dtype)
    climb(one, 2, np.array([[0, 1]]))
    Proof(one, 2, 3.0, 1)
    advance(2, 1, 0.0, *new_stack(2, 2, dtype))


def in_turn(pieces: list[Iterator[None]], question: Question) -> None:
    while pieces and not question.budget.spent():
        pieces = [piece for piece in pieces if next(piece, True) is None]


def report(side: Side, search: Search) -> None:
    side.offer(search.support, search.lower, "exact search" if search.proven else "local search")
    if search.proven:
        side.found_by = side.shown_by = "exact search"
        side.ceiling = search.upper
    else:
        side.cap(search.upper, "search that was stopped")


def closed(question: Question, side: Side) -> bool:
    """Whether nothing is left to find out."""
    return side.proven - side.attained <= question.negligible


def searches(question: Question, G: np.ndarray, threads: int) -> list[tuple[Side, Search]]:
    """A search of each end that is not known already."""
    squares, found = question.columns.norms**2, []
    for side, size in ((question.largest, squares.max()), (question.least, squares.min())):
        if not closed(question, side):

            def value(support: np.ndarray, sign: int = side.sign) -> float:
                return sign * question.columns.extremes(support)[(sign + 1) // 2]

            search = Search(side.sign * G, question.k, value, side.ceiling, float(size), question.negligible, threads)
            side.offer(search.support, search.lower, "local search")
            found.append((side, search))
    return found


def auto(question: Question) -> None:
    for step in (coherence, babel, gershgorin, spectrum, exact):
        step(question)


METHODS: dict[str, Callable[[Question], None]] = {
    "auto": auto,
    "exact": exact,
    "greedy": greedy,
    "random": by_chance,
    "coherence": coherence,
    "babel": babel,
    "gershgorin": gershgorin,
    "spectrum": spectrum,
    "semidefinite": semidefinite,
}
