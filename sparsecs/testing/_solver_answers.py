"""Laws of a solver's answers: right where that is easy, complete, and nobody else's memory."""

from __future__ import annotations

from functools import partial
from itertools import islice

import numpy as np

from sparsecs.operators.door import as_operator
from sparsecs.problems.problem import Problem
from sparsecs.solvers.result import Status
from sparsecs.solvers.solve import answer
from sparsecs.testing._asked import SAME, Asked, demand_same, distance
from sparsecs.testing._laws import Law, demand, refuses, unchanged

FACTS = ("needs_sparsity", "uses_groups", "uses_weights", "joint", "complex_data", "exact", "convex", "ends_itself")


def states_facts(asked: Asked) -> None:
    """Facts about a solver are truth values, and ``solves`` says in words what it does."""
    for fact in FACTS:
        value = getattr(asked.solver, fact)
        demand(isinstance(value, bool), f"{fact} is {value!r}.")
    demand(len(asked.solver.solves.split()) > 3, f"solves is {asked.solver.solves!r}.")


def easy_problems_are_solved(asked: Asked) -> None:
    """A solver that is exact finds the few nonzeros of an easy problem, to ten times its tolerance."""
    if not asked.exact:
        return
    for seed in range(5):
        A, x, y = asked.easy(seed)
        result = asked.ask(A, y)
        told = f"for a matrix of {A.shape[0]} x {A.shape[1]} and {np.count_nonzero(x)} nonzeros"
        reached = result.status in (Status.SOLVED, Status.OPTIMAL)
        demand(reached, f"{told} the status is {result.status.name}: {result.status.value}")
        apart = distance(result.x, x)
        demand(apart <= 10 * asked.solver.tolerance, f"{told} the relative error is {apart:.2g}.")
        demand(np.array_equal(result.support, np.flatnonzero(x)), f"{told} the support is {result.support.tolist()}.")


def results_are_complete(asked: Asked) -> None:
    """All fields of a result belong together: the residual is y - A x, the support that of x, the status a Status."""
    A, y = asked.noisy()
    result = asked.ask(A, y, most=2000)
    m, n = A.shape
    shapes = result.x.shape, result.residual.shape
    demand(shapes == ((n,), (m,)), f"x and residual have shapes {shapes} for a matrix of shape {A.shape}.")
    kinds = {str(result.x.dtype), str(result.residual.dtype)}
    demand(kinds == {"float64"}, f"x and residual are {' and '.join(sorted(kinds))} for a problem in float64.")
    if asked.fits_squares:
        gap = distance(result.residual, y - A @ result.x)
        demand(gap <= 1e-12, f"result.residual is not y - A x: {gap:.2g} apart.")
    demand(np.array_equal(result.support, np.flatnonzero(result.x)), "result.support is not where x is not zero.")
    demand(isinstance(result.status, Status), f"status is {result.status!r}.")
    demand(result.status.name in repr(result), f"the result prints as {result!r}, without its status.")
    demand(result.iterations >= 1 and result.seconds >= 0, f"{result.iterations} iterations, {result.seconds} seconds.")
    proof = result.certificate
    demand((proof is not None) == asked.convex, f"the certificate is {proof}, and convex is {asked.convex}.")
    if asked.solver.needs_sparsity:
        demand(
            result.support.size <= asked.k, f"{result.support.size} nonzeros where at most {asked.k} were asked for."
        )


def what_goes_in_stays_as_it_is(asked: Asked) -> None:
    """A and y are only read, and no answer shares memory with them."""
    A, _, y = asked.easy()
    given, measured, labels = A.copy(), y.copy(), np.arange(A.shape[1]) // 2
    for array in (given, measured, labels):
        array.flags.writeable = False
    nothing = 0 * measured
    for result in (asked.ask(given, measured, labels=labels), asked.ask(given, nothing, labels=labels)):
        unchanged(given, A, "A")
        unchanged(measured, y, "y")
        unchanged(labels, np.arange(A.shape[1]) // 2, "groups")
        shared = any(
            np.shares_memory(one, two) for one in (given, measured, nothing) for two in (result.x, result.residual)
        )
        demand(not shared, "x or the residual lies in the memory of A or y.")


def iterates_are_never_changed(asked: Asked) -> None:
    """An iterate is never changed after it was given, shares no memory with others, and its residual is y - A x."""
    A, _, y = asked.easy()
    twins = np.hstack([A[:, :2], A[:, :2]])  # two directions, and a y outside their span: some methods end early
    for matrix, measured in ((A, y), (twins, y + A[:, :2].sum(axis=1))):
        seen, kept = [], []
        for iterate in islice(asked.solver.iterates(asked.problem(matrix, measured, min(asked.k, 4))), 3):
            seen.append(iterate)
            kept.append((iterate.x.copy(), iterate.residual.copy()))
        demand(seen, "iterates() gives none.")
        for number, (iterate, (x, residual)) in enumerate(zip(seen, kept, strict=True)):
            unchanged(iterate.x, x, f"x of iterate {number}")
            unchanged(iterate.residual, residual, f"the residual of iterate {number}")
            gap = float(np.linalg.norm(residual - (measured - matrix @ x))) if asked.fits_squares else 0.0
            demand(
                gap <= 1e-12 * np.linalg.norm(measured), f"iterate {number} has a residual {gap:.2g} away from y - A x."
            )
        arrays = [measured, *(array for iterate in seen for array in (iterate.x, iterate.residual))]
        shared = any(np.shares_memory(one, other) for i, one in enumerate(arrays) for other in arrays[:i])
        demand(not shared, "iterates share memory with each other or with y.")


def asking_twice_gives_one_answer(asked: Asked) -> None:
    """The same question has the same answer, to the last digit."""
    A, _, y = asked.easy()
    once, again = asked.ask(A, y), asked.ask(A, y)
    demand(
        np.array_equal(once.x, again.x), f"the second answer is {distance(again.x, once.x):.2g} away from the first."
    )


def every_door_leads_to_one_answer(asked: Asked) -> None:
    """An array, a sparse matrix and a linear operator have one answer, and so has a y given as a list."""
    import scipy.sparse
    from scipy.sparse.linalg import LinearOperator

    A, _, y = asked.easy()
    first = asked.ask(A, y)
    foreign = LinearOperator(A.shape, matvec=lambda v: A @ v, rmatvec=lambda u: A.T @ u, dtype=float)
    doors = {"array stored by columns": np.asfortranarray(A), "LinearOperator": foreign}
    for name, door in {
        **doors,
        "csr_array": scipy.sparse.csr_array(A),
        "csc_matrix": scipy.sparse.csc_matrix(A),
    }.items():
        other = asked.ask(door, y)
        demand_same(other, first, other.x, f"for A as {name}")
    apart = distance(asked.ask(A, y.tolist()).x, first.x)
    demand(apart == 0, f"for y as a list x is another: {apart:.2g} apart.")


def single_precision_stays_single(asked: Asked) -> None:
    """A float32 matrix is answered in float32, as in float64 to its precision."""
    A, _, y = asked.easy()
    A, y = A.astype(np.float32), y.astype(np.float32)
    single, double = asked.ask(A, y), asked.ask(A.astype(float), y.astype(float))
    kinds = single.x.dtype, single.residual.dtype
    demand(kinds == (np.float32, np.float32), f"x and residual are {kinds[0]} and {kinds[1]}.")
    apart = distance(single.x, double.x)
    demand(apart <= 2e-4, f"x is {apart:.2g} away from that in float64.")


def problems_without_sense_are_refused(asked: Asked) -> None:
    """NaN, infinity, a y of another length, and complex numbers where there is no form for them are refused."""
    A, _, y = asked.easy()
    for bad in (np.nan, np.inf):
        sick, ill = y.copy(), A.copy()
        sick[0], ill[0, -1] = bad, bad
        refuses(partial(asked.ask, A, sick), (ValueError,), f"y with {bad}")
        refuses(partial(asked.ask, ill, y), (ValueError,), f"A with {bad}")
    refuses(lambda: asked.ask(A, y[:-1]), (ValueError,), f"y of {y.size - 1} values for {y.size} rows")
    if not asked.solver.complex_data:
        refuses(lambda: asked.ask(A + 0j, y), (TypeError,), "a complex matrix, though complex_data is False,")
    if asked.solver.needs_sparsity:
        refuses(lambda: answer(Problem(as_operator(A), y), asked.solver), (ValueError,), "a problem without sparsity")


def phases_pass_through(asked: Asked) -> None:
    """With complex data, c y is answered by c x for every phase c, and the conjugate problem by the conjugate."""
    if not (asked.solver.complex_data and asked.exact and asked.solver.scales):
        return
    A, _, y = asked.easy()
    A, y = A * np.exp(1j * np.arange(A.shape[0]))[:, None], y * np.exp(1j * np.arange(A.shape[0]))
    first, turned = asked.ask(A, y), asked.ask(A, np.exp(2j) * y)
    demand_same(turned, first, turned.x / np.exp(2j), "for exp(2i) y")
    apart = distance(asked.ask(A.conj(), y.conj()).x.conj(), first.x)
    demand(apart <= SAME, f"for the conjugate problem x is another: {apart:.2g} apart.")


LAWS: tuple[Law, ...] = (
    states_facts,
    easy_problems_are_solved,
    results_are_complete,
    what_goes_in_stays_as_it_is,
    iterates_are_never_changed,
    asking_twice_gives_one_answer,
    every_door_leads_to_one_answer,
    single_precision_stays_single,
    problems_without_sense_are_refused,
    phases_pass_through,
)
