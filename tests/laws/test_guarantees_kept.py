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
from sparsecs.guarantees._products import product_isometry

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
    BabelBound: (0.8, 0.3),
    CoherenceBound: (0.8, 0.3),
    IsometryForCoSaMP: (0.2, 0.1),
    IsometryForL1: (0.6, 0.2),
    IsometryForOMP: (0.6, 0.3),
    IsometryForSubspacePursuit: (0.2, 0.1),
    IsometryForThresholding: (0.3, 0.1),
    NullSpaceProperty: (0.8, 0.4),
    SparkBound: (0.8, 0.5),
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
    for k, share in enumerate(UNIFORM[type(theorem)], start=1):
        assert np.mean(np.array(reached) >= k) >= share, "a premise that is hardly ever met proves nothing"


def wide(A: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """With a few more columns, so that some supports are good and others are not."""
    m = A.shape[0]
    size = np.abs(A).max()
    more = rng.standard_normal((m, 3)) * (size * np.linalg.norm(A / size, axis=0).mean() / m**0.5)
    return np.hstack([A, more])


@pytest.mark.parametrize("theorem", [ExactRecoveryCondition(), FuchsCondition()], ids=repr)
def test_a_promise_for_one_support_is_kept_for_every_signal_on_it(theorem: Guarantee) -> None:
    held = []

    @given(matrices(), st.integers(0, 10**6))
    def law(A: np.ndarray, seed: int) -> None:
        rng = stream(seed, "signals")
        A = wide(A, rng)
        kind = complex if np.iscomplexobj(A) else float
        for k in {int(rng.integers(1, 3)), int(rng.integers(1, 1 + min(5, *A.shape)))}:
            (start,) = naive.signals(A.shape[1], k, rng, 1, kind)
            for solver in theorem.solvers:
                verdict = theorem.premise(A, signal=start, solver=solver)
                assert verdict.holds is not None
                held.append(bool(verdict))
                support = np.flatnonzero(start)
                for _ in range(2 if verdict else 0):
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
        lengths = size * np.linalg.norm(A / size, axis=0)
        least = float((np.abs(x) * lengths)[x != 0].min())
        noise = rng.standard_normal(A.shape[0]) * least * 10 ** rng.uniform(-5, -1.5)
        for part in (0.02, 0.1, 0.5):
            weight = part * least * float(lengths.max())
            if not 1e-300 < weight < 1e300:
                continue
            verdict = theorem.premise(A, signal=x, noise=float(np.linalg.norm(noise)), weight=weight)
            held.append(bool(verdict))
            if verdict:
                assert broken(theorem, verdict, A, x, noise) == [], str(verdict)

    law()
    assert 0.25 <= np.mean(held) <= 0.9


@pytest.mark.parametrize("edge", ["off the support", "on the support"])
def test_the_conditions_of_the_lasso_are_sharp_for_the_worst_noise(edge: str) -> None:
    theorem, tried, eps = IrrepresentableCondition(), [], 1e-3

    @given(st.integers(0, 10**6))
    def law(seed: int) -> None:
        rng = stream(seed, "edge")
        m, n, k = 8, 10, int(rng.integers(1, 4))
        A = rng.standard_normal((m, n)) / m**0.5 * rng.uniform(0.5, 2, n)
        part, off, signs = A[:, :k], A[:, k:], rng.choice([-1.0, 1.0], k)
        pseudo, inverse = np.linalg.pinv(part), np.linalg.inv(part.T @ part)
        beside, slopes = off - part @ (pseudo @ off), off.T @ part @ inverse @ signs
        reach = np.linalg.norm(beside, axis=0)
        tried.append(bool(np.abs(slopes).max() < 0.95))
        if not tried[-1]:
            return
        least = eps * reach / (1 - np.abs(slopes))  # what λ must be above, for each column
        j, i = int(np.argmax(least)), int(np.argmax(signs * (inverse @ signs)))
        for factor in (0.98, 1.02):
            weight = least[j] * (factor if edge == "off the support" else 2)
            moved = weight * signs * (inverse @ signs) + eps * np.sqrt(np.diag(inverse))
            x = np.append(signs * (np.abs(moved) * 3 + eps), np.zeros(n - k))
            noise = eps * beside[:, j] / reach[j] * np.copysign(1, slopes[j])
            if edge == "on the support":
                x[i], noise = signs[i] * factor * moved[i], -eps * signs[i] * pseudo[i] / np.linalg.norm(pseudo[i])
            verdict = theorem.premise(A, signal=x, noise=eps, weight=weight)
            assert bool(verdict) == (factor > 1), str(verdict)
            wrong = broken(theorem, theorem.premise(A, signal=100 * x, noise=eps, weight=2 * weight), A, 100 * x, noise)
            assert wrong == []
            for code in verdict.solvers:
                found = solve(A, A @ x + noise, naive.made(code))
                assert theorem.kept(Problem(A, A @ x + noise, truth=x), found) == (factor > 1), f"{code}, {factor}"

    law()
    assert np.mean(tried) >= 0.3


@pytest.mark.parametrize("product", [KhatriRao, Kronecker])
def test_products_of_matrices_are_as_near_to_orthogonal_as_their_factors_promise(product: type) -> None:
    (theorem,) = [
        cls() for cls in members("sparsecs.guarantees", Guarantee).values() if cls.__name__.startswith(product.__name__)
    ]
    reached = []

    @given(st.integers(0, 10**6), st.booleans())
    def law(seed: int, complex_data: bool) -> None:
        rng = stream(seed, "factors")
        kind = complex if complex_data else float
        left, right = near_orthogonal(4, 3, rng, kind), near_orthogonal(5, 3, rng, kind)
        left[:, 1] += rng.uniform(0, 0.4) * left[:, 0]
        right[:, 1] += rng.uniform(0, 0.4) * right[:, 0]
        A = product(left * np.logspace(0, 3, 3), right)
        k = theorem.sparsity(A, seconds=5.0)
        reached.append(k)
        for size in range(1, k + 1):
            bound = theorem.premise(A, size).value.upper
            L, U = naive.isometry(A.dense(), size, unit=True) if size <= 4 else (0, 0)
            assert max(L, U) <= bound + 1e-9
            found = product_isometry(A, size)
            assert found is not None
            if size <= 4:
                assert found.L.lower - 1e-9 <= L <= found.L.upper + 1e-9
                assert found.U.lower - 1e-9 <= U <= found.U.upper + 1e-9
            for x in naive.signals(A.shape[1], size, rng, 2):
                assert theorem.kept(Problem(A, A @ x, truth=x), None)

    law()
    assert np.mean(np.array(reached) >= 2) >= 0.5
