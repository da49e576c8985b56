"""The laws of an operator, one function each, and what they are tried on."""

from __future__ import annotations

from functools import cached_property, partial
from operator import matmul

import numpy as np

from sparsecs.core.randomness import stream
from sparsecs.operators.base import Operator, vector_norms
from sparsecs.testing._laws import Law, demand, refuses, unchanged

KINDS = [np.dtype(kind) for kind in (np.float32, np.float64, np.complex64, np.complex128)]


class Probe:
    """An operator, vectors to try it on, and those of its columns that are looked at, as ``matvec`` gives them."""

    def __init__(self, A: Operator, count: int, roundings: float, seed: int) -> None:
        self.A, self.count, self.roundings, self.seed = A, count, roundings, seed

    @cached_property
    def kind(self) -> np.dtype:
        return np.dtype(self.A.dtype)

    @cached_property
    def places(self) -> np.ndarray:
        n = self.A.shape[1]
        few = stream(self.seed, "columns").choice(n, min(n, self.count), replace=False)
        return np.sort(few)

    @cached_property
    def matrix(self) -> np.ndarray:
        found = np.empty((self.A.shape[0], self.places.size), dtype=self.kind)
        for j, place in enumerate(self.places):
            unit = np.zeros(self.A.shape[1], dtype=self.kind)
            unit[place] = 1
            found[:, j] = self.A.matvec(unit)
        return found

    @cached_property
    def size(self) -> float:
        """About the Frobenius norm: what Gaussian vectors say of it, from both sides."""
        m, n = self.A.shape
        tries = range(4)
        forth = [norm(self.A.matvec(self.some(n, f"size {i}"))) for i in tries]
        return max(*forth, *(norm(self.A.rmatvec(self.some(m, f"size {i}"))) for i in tries))

    def some(self, length: int, name: str) -> np.ndarray:
        """A Gaussian vector of the operator's kind."""
        rng = stream(self.seed, "probe", name)
        values = rng.standard_normal(length)
        return (values + 1j * rng.standard_normal(length) if self.kind.kind == "c" else values).astype(self.kind)

    def demand_equal(self, found: np.ndarray, expected: np.ndarray, size: float, what: str) -> None:
        """Demand one shape and kind, and equality to rounding of numbers of this size."""
        fits = (found.shape, found.dtype) == (expected.shape, expected.dtype)
        demand(fits, f"{what} is {told(found)} where {told(expected)} was expected.")
        gap = float(vector_norms((found - expected).reshape(-1, 1))[0]) if found.size else 0.0
        allowed = self.roundings * float(np.finfo(self.kind).eps) * size
        demand(gap <= allowed, f"{what} is off by {gap:.3g}, of which rounding explains {allowed:.1g}.")


def norm(vector: np.ndarray) -> float:
    """The norm of a vector of any size."""
    return float(vector_norms(np.asarray(vector).reshape(-1, 1))[0])


def told(array: np.ndarray) -> str:
    """An array's shape and kind."""
    return f"an array of shape {np.shape(array)} and kind {getattr(array, 'dtype', type(array).__name__)}"


def shape_and_kind(probe: Probe) -> None:
    """It says its shape, two whole numbers above zero, and its kind, single or double precision."""
    shape = probe.A.shape
    sides = isinstance(shape, tuple) and len(shape) == 2 and all(type(side) is int and side > 0 for side in shape)
    demand(sides, f"shape is {shape!r}.")
    demand(
        probe.A.dtype in KINDS, f"dtype is {probe.A.dtype!r}; float32, float64, complex64 or complex128 was expected."
    )


def vectors(probe: Probe) -> None:
    """matvec and rmatvec give fresh vectors of finite numbers, the same ones each time, and only read what they are given."""
    m, n = probe.A.shape
    for product, length, other, name in ((probe.A.matvec, n, m, "matvec"), (probe.A.rmatvec, m, n, "rmatvec")):
        given = probe.some(length, name)
        kept = given.copy()
        given.flags.writeable = False
        first = product(given)
        unchanged(given, kept, f"The vector given to {name}")
        expected = np.empty(other, dtype=probe.kind)
        fits = isinstance(first, np.ndarray) and (first.shape, first.dtype) == (expected.shape, expected.dtype)
        demand(fits, f"{name} gives {told(first)} where {told(expected)} was expected.")
        demand(np.isfinite(first).all(), f"{name} gives numbers that are not finite for {told(given)}.")
        demand(not np.shares_memory(first, given), f"{name} gives back memory of the vector that it was given.")
        answer = first.copy()
        if first.flags.writeable:
            first[...] = 7
        unchanged(product(given), answer, f"The answer of {name}, asked again after the first answer was overwritten,")


def linear(probe: Probe) -> None:
    """matvec and rmatvec are linear: A (x + c z) = A x + c A z, and A 0 = 0."""
    m, n = probe.A.shape
    c = probe.kind.type(-2.5 + 1j if probe.kind.kind == "c" else -2.5)
    for product, length, name in ((probe.A.matvec, n, "matvec"), (probe.A.rmatvec, m, "rmatvec")):
        x, z = probe.some(length, "x"), probe.some(length, "z")
        size = probe.size * (norm(x) + abs(c) * norm(z))
        probe.demand_equal(product(x + c * z), product(x) + c * product(z), size, f"{name}(x + c z)")
        demand(not product(np.zeros_like(x)).any(), f"{name} of zeros is not zero.")


def complex_vectors(probe: Probe) -> None:
    """A real operator takes the real and the imaginary part of a complex vector each by itself."""
    if probe.kind.kind == "c":
        return
    m, n = probe.A.shape
    for product, length, name in ((probe.A.matvec, n, "matvec"), (probe.A.rmatvec, m, "rmatvec")):
        x, z = probe.some(length, "x"), probe.some(length, "z")
        size, i = probe.size * (norm(x) + norm(z)), np.result_type(probe.kind, np.complex64).type(1j)
        probe.demand_equal(product(x + i * z), product(x) + i * product(z), size, f"{name}(x + i z)")


def adjoint(probe: Probe) -> None:
    """rmatvec is the adjoint of matvec: <A x, y> = <x, A^H y>."""
    m, n = probe.A.shape
    demand(probe.A.H.shape == (n, m), f"A.H has shape {probe.A.H.shape} where {(n, m)} was expected.")
    for turn in range(3):
        x, y = probe.some(n, f"x {turn}"), probe.some(m, f"y {turn}")
        forth, back = np.vdot(probe.A.matvec(x), y), np.vdot(x, probe.A.rmatvec(y))
        allowed = probe.roundings * float(np.finfo(probe.kind).eps) * probe.size * norm(x) * norm(y)
        demand(
            abs(forth - back) <= allowed,
            f"<A x, y> = {forth:.6g} and <x, A^H y> = {back:.6g}, {abs(forth - back):.2g} apart, of which rounding explains "
            f"{allowed:.1g}. Does rmatvec take the conjugate and the transpose?",
        )


def adjoint_by_columns(probe: Probe) -> None:
    """The entries of A^H y are the inner products of the columns with y."""
    y = probe.some(probe.A.shape[0], "y")
    probe.demand_equal(
        probe.A.rmatvec(y)[probe.places], probe.matrix.conj().T @ y, probe.size * norm(y), "A^H y, by rmatvec,"
    )


def products(probe: Probe) -> None:
    """matmat and rmatmat do to several columns what matvec and rmatvec do to one, and so do A @ X and A.H @ Y."""
    A = probe.A
    m, n = A.shape
    for one, several, operator, length, name in (
        (A.matvec, A.matmat, A, n, "matmat"),
        (A.rmatvec, A.rmatmat, A.H, m, "rmatmat"),
    ):
        X = np.column_stack([probe.some(length, f"column {j}") for j in range(3)])
        X.flags.writeable = False
        expected = np.column_stack([one(X[:, j].copy()) for j in range(3)])
        size = probe.size * norm(X)
        probe.demand_equal(several(X), expected, size, f"{name}(X)")
        probe.demand_equal(several(np.asfortranarray(X)), expected, size, f"{name}(X) of an X stored by columns")
        probe.demand_equal(several(X[:, :0]), expected[:, :0], size, f"{name}(X) of an X without columns")
        probe.demand_equal(operator @ X, expected, size, f"{'A' if operator is A else 'A.H'} @ X")
        probe.demand_equal(operator @ X[:, 1], expected[:, 1], size, f"{'A' if operator is A else 'A.H'} @ x")


def columns(probe: Probe) -> None:
    """columns(S) gives A[:, S] for positions in any order, also twice, for masks and for none; others are refused."""
    n, places, size = probe.A.shape[1], probe.places, norm(probe.matrix)
    mask = np.zeros(n, dtype=bool)
    mask[places[::2]] = True
    last = np.arange(places.size)
    for support, chosen in (
        (places, last),
        (places[::-1], last[::-1]),
        ([places[-1], places[0], places[-1]], [-1, 0, -1]),
        (mask, last[::2]),
        ([], last[:0]),
    ):
        found = probe.A.columns(support)
        probe.demand_equal(found, probe.matrix[:, chosen], size, f"columns(S) with S of {len(chosen)} positions")
    refuses(lambda: probe.A.columns([n]), (ValueError, IndexError), f"columns([{n}]) of {n} columns")
    refuses(lambda: probe.A.columns([-1]), (ValueError, IndexError), "columns([-1])")


def column_norms(probe: Probe) -> None:
    """column_norms() gives the norms of the columns, real ones, and exactly zero for a zero column."""
    known = type(probe.A).column_norms is not Operator.column_norms
    if probe.A.shape[1] > probe.count and not known:
        return  # they would cost a product each
    found, expected = probe.A.column_norms(), vector_norms(probe.matrix)
    whole = np.empty(probe.A.shape[1], dtype=expected.dtype)
    fits = (found.shape, found.dtype) == (whole.shape, whole.dtype)
    demand(fits, f"column_norms() is {told(found)} where {told(whole)} was expected.")
    found = found[probe.places]
    for place, one, other in zip(probe.places, found, expected, strict=True):
        demand((one == 0) == (other == 0), f"column {place} has norm {other:.6g}; column_norms() says {one:.6g}.")
    probe.demand_equal(found, expected, norm(expected), "column_norms()")
    far = np.abs(found - expected) > 1e-3 * expected  # however small it is beside the others
    if far.any():
        j = int(np.argmax(far))
        demand(False, f"column {probe.places[j]} has norm {expected[j]:.6g}; column_norms() says {found[j]:.6g}.")


def factors_that_fit(probe: Probe) -> None:
    """A @ x refuses an x of another length."""
    n = probe.A.shape[1]
    for wrong in (np.ones(n + 1), np.ones((n + 1, 2))):
        refuses(partial(matmul, probe.A, wrong), (ValueError,), f"A @ x with x of shape {wrong.shape}")


def dense(probe: Probe) -> None:
    """dense() is the matrix, each time a fresh one."""
    first = probe.A.dense()
    probe.demand_equal(first, probe.matrix, norm(probe.matrix), "dense()")
    if first.flags.writeable:
        first[...] = 7
    probe.demand_equal(
        probe.A.dense(), probe.matrix, norm(probe.matrix), "dense(), after the first one was overwritten,"
    )


def gram(probe: Probe) -> None:
    """gram() is A A^H."""
    size = norm(probe.matrix)
    if not size or np.finfo(probe.kind).tiny ** 0.5 < size < np.finfo(probe.kind).max ** 0.5:  # else no number holds it
        probe.demand_equal(probe.A.gram(), probe.matrix @ probe.matrix.conj().T, size**2, "gram()")


LAWS: tuple[Law, ...] = (
    shape_and_kind,
    vectors,
    linear,
    complex_vectors,
    adjoint,
    adjoint_by_columns,
    products,
    columns,
    column_norms,
    factors_that_fit,
)
WHOLE: tuple[Law, ...] = (dense, gram)
