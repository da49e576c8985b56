"""Whenever a premise holds for a drawn matrix, support and signal, the promise is kept by every solver that is named."""

from __future__ import annotations

from collections.abc import Callable

import naive_guarantees as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_guarantees import simplex

from sparsecs import (
    BabelBound,
    CoherenceBound,
    ExactRecoveryCondition,
    FuchsCondition,
    Guarantee,
    IrrepresentableCondition,
    IsometryForCoSaMP,
    IsometryForL1,
    IsometryForOMP,
    IsometryForSubspacePursuit,
    IsometryForThresholding,
    KhatriRao,
    Kronecker,
    NullSpaceProperty,
    Problem,
    SparkBound,
    Verdict,
    solve,
)
from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.guarantees._measured import Measured

SIZES = [1e-200, 1e-9, 1.0, 1.0, 1e200]


def spikes_and_signs(m: int) -> np.ndarray:
    """An identity beside a Hadamard matrix: all inner products between the two are 1 / sqrt(m)."""
    hadamard = np.ones((1, 1))
    while hadamard.shape[0] < m:
        hadamard = np.kron(hadamard, [[1, 1], [1, -1]])
    return np.hstack([np.eye(m), hadamard / m**0.5])


def difference_set() -> np.ndarray:
    """Seven complex equiangular vectors in three dimensions: rows 0, 1, 3 of a Fourier matrix of order 7."""
    return np.exp(2j * np.pi * np.outer([0, 1, 3], np.arange(7)) / 7) / 3**0.5


def near_orthogonal(m: int, n: int, rng: np.random.Generator, kind: type) -> np.ndarray:
    noise = rng.standard_normal((m, n)) + (1j * rng.standard_normal((m, n)) if kind is complex else 0)
    return np.linalg.qr(noise)[0] + 0.4 / m * rng.standard_normal((m, n))


@st.composite
def matrices(draw: st.DrawFn, complex_data: bool = True) -> np.ndarray:
    """Matrices of which something can be promised; columns of one length or not, in any units and order."""
    rng = stream(draw(st.integers(0, 10**6)), "matrix")
    kind = complex if complex_data and draw(st.booleans()) else float
    m = draw(st.integers(3, 9))
    makers: dict[str, Callable[[], np.ndarray]] = {
        "simplex": lambda: simplex(m),
        "near orthogonal": lambda: near_orthogonal(m, draw(st.integers(1, m)), rng, kind),
        "one column more": lambda: np.column_stack([near_orthogonal(m, m, rng, kind), np.ones(m) / m**0.5]),
        "tall": lambda: rng.standard_normal((100, m)),
        "spikes and signs": lambda: spikes_and_signs(draw(st.sampled_from([4, 8]))),
        "difference set": lambda: difference_set() if kind is complex else simplex(m),
    }
    A = makers[draw(st.sampled_from(sorted(makers)))]()
    spread = draw(st.sampled_from([1.0, 1.0, 1.2, 2.0, 1e6]))
    A = A[:, rng.permutation(A.shape[1])] * spread ** rng.random(A.shape[1])
    turns = np.exp(2j * np.pi * rng.random(A.shape[1])) if kind is complex else rng.choice([-1.0, 1.0], A.shape[1])
    return A * turns * draw(st.sampled_from(SIZES))


def broken(
    theorem: Guarantee, verdict: Verdict, A: np.ndarray, x: np.ndarray, noise: np.ndarray | float = 0
) -> list[str]:
    """The solvers, of those that a verdict names, that break its promise."""
    problem = Problem(A, A @ x + noise, truth=x)
    k = int(np.count_nonzero(x))
    return [
        code
        for code in verdict.solvers
        if not theorem.kept(problem, solve(A, problem.y, naive.made(code), sparsity=k if k <= min(A.shape) else None))
    ]


UNIFORM = {  # in which part of the draws a premise holds at least for k = 1, and for k = 2
    BabelBound: (0.6, 0.2),
    CoherenceBound: (0.6, 0.2),
    IsometryForCoSaMP: (0.15, 0.05),
    IsometryForL1: (0.6, 0.2),
    IsometryForOMP: (0.6, 0.2),
    IsometryForSubspacePursuit: (0.2, 0.05),
    IsometryForThresholding: (0.3, 0.05),
    NullSpaceProperty: (0.6, 0.3),
    SparkBound: (0.6, 0.5),
}


def test_every_uniform_theorem_about_recovery_is_tried() -> None:
    found = {
        cls for cls in members("sparsecs.guarantees", Guarantee).values() if cls.uniform and cls.about == "recovery"
    }
    assert found == set(UNIFORM)


@pytest.mark.parametrize("theorem", [cls() for cls in UNIFORM], ids=repr)
def test_a_promise_for_all_signals_is_kept_for_every_signal(theorem: Guarantee) -> None:
    reached = []

    @given(matrices(), st.integers(0, 10**6))
    def law(A: np.ndarray, seed: int) -> None:
        facts, rng, most = Measured(A, seconds=5.0), stream(seed, "signals"), 0
        for solver in theorem.solvers or (None,):
            k = theorem.sparsity(facts, solver)
            assert 0 <= k <= min(A.shape)
            most = max(most, k)
            for size in {1, k} if k else ():
                verdict = theorem.premise(facts, size, solver=solver)
                assert verdict
                for x in naive.signals(A.shape[1], size, rng, 6, complex if np.iscomplexobj(A) else float):
                    assert broken(theorem, verdict, A, x) == [], f"k = {size}, {verdict}"
        reached.append(most)

    law()
    shares = np.mean(np.array(reached) >= 1), np.mean(np.array(reached) >= 2)
    assert shares >= UNIFORM[type(theorem)], "a premise that is hardly ever met proves nothing"
    assert all(np.array(shares) >= UNIFORM[type(theorem)])


def wide(A: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """With a few more columns, so that some supports are good and others are not."""
    m = A.shape[0]
    more = rng.standard_normal((m, 3)) * np.linalg.norm(A, axis=0).mean() / m**0.5
    return np.hstack([A, more])


@pytest.mark.parametrize("theorem", [ExactRecoveryCondition(), FuchsCondition()], ids=repr)
def test_a_promise_for_one_support_is_kept_for_every_signal_on_it(theorem: Guarantee) -> None:
    held = []

    @given(matrices(), st.integers(0, 10**6))
    def law(A: np.ndarray, seed: int) -> None:
        rng = stream(seed, "signals")
        A = wide(A, rng)
        kind = complex if np.iscomplexobj(A) else float
        for k in range(1, min(5, *A.shape)):
            (start,) = naive.signals(A.shape[1], k, rng, 1, kind)
            for solver in theorem.solvers:
                verdict = theorem.premise(A, signal=start, solver=solver)
                assert verdict.holds is not None
                held.append(bool(verdict))
                support = np.flatnonzero(start)
                for _ in range(3 if verdict else 0):
                    x = np.zeros_like(start)
                    signs = start[support] if theorem.sharp else rng.choice([-1.0, 1.0], k)
                    x[support] = signs * 10 ** rng.uniform(-2, 2, k)
                    assert broken(theorem, verdict, A, x) == [], str(verdict)

    law()
    assert 0.3 <= np.mean(held) <= 0.95


def test_the_lasso_finds_the_signs_whenever_it_is_promised() -> None:
    theorem, held = IrrepresentableCondition(), []

    @given(matrices(), st.integers(0, 10**6))
    def law(A: np.ndarray, seed: int) -> None:
        rng = stream(seed, "signals")
        A = wide(A, rng)
        k = int(rng.integers(1, min(5, *A.shape)))
        (x,) = naive.signals(A.shape[1], k, rng, 1, complex if np.iscomplexobj(A) else float)
        size = float(np.abs(A).max())
        x = x * rng.uniform(0.5, 3)
        noise = rng.standard_normal(A.shape[0]) * size * 10 ** rng.uniform(-4, -1.5)
        for weight in size**2 * np.array([1e-2, 1e-1, 0.5]) if 1e-100 < size < 1e100 else ():
            verdict = theorem.premise(A, signal=x, noise=float(np.linalg.norm(noise)), weight=weight)
            held.append(bool(verdict))
            if verdict:
                assert broken(theorem, verdict, A, x, noise) == [], str(verdict)

    law()
    assert 0.1 <= np.mean(held) <= 0.9


@pytest.mark.parametrize("product", [KhatriRao, Kronecker])
def test_products_of_matrices_are_as_near_to_orthogonal_as_their_factors_promise(product: type) -> None:
    (theorem,) = [
        cls() for cls in members("sparsecs.guarantees", Guarantee).values() if cls.__name__.startswith(product.__name__)
    ]
    reached = []

    @given(st.integers(0, 10**6), st.booleans())
    def law(seed: int, complex_data: bool) -> None:
        rng = stream(seed, "factors")
        n = 5
        left, right = (near_orthogonal(m, min(n, m), rng, complex if complex_data else float) for m in (6, 5))
        A = product(left * np.logspace(0, 3, left.shape[1]), right[:, :n])
        k = theorem.sparsity(A, seconds=5.0)
        reached.append(k)
        for size in range(1, k + 1):
            bound = theorem.premise(A, size).value.upper
            L, U = naive.isometry(A.dense(), size, unit=True) if size <= 3 else (0, 0)
            assert max(L, U) <= bound + 1e-9
            for x in naive.signals(A.shape[1], size, rng, 2):
                assert theorem.kept(Problem(A, A @ x, truth=x), None)

    law()
    assert np.mean(np.array(reached) >= 2) >= 0.5
