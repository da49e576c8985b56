"""Premises are the figures they claim to be, verdicts say what is proven, and the sharp theorems are sharp."""

from __future__ import annotations

import math

import naive_guarantees as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_guarantees import FRAMES, HADAMARD, simplex

from sparsecs import (
    OMP,
    BabelBound,
    BasisPursuit,
    Bounds,
    CoherenceBound,
    ExactRecoveryCondition,
    FuchsCondition,
    GershgorinBound,
    Guarantee,
    IsometryForCoSaMP,
    IsometryForL1,
    IsometryForOMP,
    IsometryForSubspacePursuit,
    IsometryForThresholding,
    NullSpaceProperty,
    Problem,
    SparkBound,
    Verdict,
    WelchLimit,
    solve,
)
from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.guarantees import isometry_for_cosamp, isometry_for_subspace_pursuit
from sparsecs.guarantees._measured import Measured
from sparsecs.solvers.base import Solver

THEOREMS = [cls() for cls in members("sparsecs.guarantees", Guarantee).values()]
UNIFORM = [theorem for theorem in THEOREMS if theorem.uniform and theorem.about == "recovery"]
theorems = pytest.mark.parametrize("theorem", THEOREMS, ids=repr)
uniform = pytest.mark.parametrize("theorem", UNIFORM, ids=repr)

frames = pytest.mark.parametrize("name", FRAMES)


# --- what a theorem says of itself ----------------------------------------------------------------------------------


@theorems
def test_a_theorem_says_what_it_asks_what_it_promises_for_whom_and_where_it_stands(theorem: Guarantee) -> None:
    assert len(theorem.promise.split()) > 3
    assert theorem.condition
    assert set(theorem.solvers) <= set(members("sparsecs.solvers", Solver))
    assert any(character.isdigit() for character in theorem.reference)
    assert theorem.about in ("recovery", "isometry", "limit")
    assert set(theorem.needs) <= {"k", "support", "signs", "signal", "weight"}
    assert theorem.uniform == (theorem.needs == ("k",))


def test_a_verdict_is_a_sentence_that_says_which_side_is_proven() -> None:
    def verdict(holds: bool | None, low: float, high: float, sharp: bool = False) -> Verdict:
        bounds = Bounds(low, high, stopped="" if low == high else "time")
        return Verdict("T", "k = 2", holds, "δ", bounds, 0.5, "all is well", ("OMP()", "HTP()"), sharp)

    assert (
        str(verdict(True, 0.25, 0.25)) == "T holds for k = 2: δ = 0.25, below 0.5. So all is well, by OMP() and HTP()."
    )
    assert str(verdict(True, 0.2, 0.3)).startswith("T holds for k = 2: δ ≤ 0.3, below 0.5.")
    assert str(verdict(False, 0.6, 0.7)) == (
        "T does not hold for k = 2: δ ≥ 0.6, not below 0.5. It is silent then; a solver may succeed all the same."
    )
    assert str(verdict(False, 0.6, 0.6, True)).endswith("not below 0.5. Some signal is missed.")
    assert str(verdict(None, 0.4, 0.7)) == (
        "Whether T holds for k = 2 is open: 0.4 ≤ δ ≤ 0.7, the bounds do not tell whether it is below 0.5; "
        "stopped early: time."
    )
    assert "0.5000000001, not below 0.5" in str(verdict(False, 0.5 + 1e-10, 0.5 + 1e-10))
    assert [bool(verdict(holds, 0, 1)) for holds in (True, False, None)] == [True, False, False]


# --- premises against enumeration -----------------------------------------------------------------------------------


@frames
def test_premises_are_those_of_enumeration(name: str) -> None:
    A = FRAMES[name]
    norms, (m, n) = np.linalg.norm(A, axis=0), A.shape
    facts = Measured(A, seconds=None)
    for k in range(1, min(m, n) + 1) if name != "a zero column" else ():
        gram = np.abs((A / norms).conj().T @ (A / norms)) - np.eye(n)
        falling = -np.sort(-gram, axis=1)
        inside, outside = falling[:, : k - 1].sum(axis=1).max(), falling[:, :k].sum(axis=1).max()
        R = norms.max() / norms.min()
        expected = {
            (CoherenceBound, "OMP"): gram.max() * (2 * k - 1) < 1 - 1e-9,
            (CoherenceBound, "BasisPursuit"): gram.max() * (k * (1 + R) - 1) < 1 - 1e-9,
            (BabelBound, "OMP"): inside + outside < 1 - 1e-9,
            (BabelBound, "BasisPursuit"): inside + R * outside < 1 - 1e-9,
            (GershgorinBound, None): inside < 1 - 1e-9,
            (SparkBound, None): 2 * k < naive.spark(A) or naive.spark(A) > n,
            (IsometryForOMP, "OMP"): naive.best_delta(A, k + 1, True) < 1 / math.sqrt(k + 1) - 1e-9,
            (IsometryForThresholding, "IHT"): naive.best_delta(A, 3 * k, False) < 1 / math.sqrt(3) - 1e-9,
            (IsometryForThresholding, "HTP"): naive.best_delta(A, 3 * k, True) < 1 / math.sqrt(3) - 1e-9,
            (IsometryForCoSaMP, "CoSaMP"): naive.best_delta(A, 4 * k, True) < 0.383 - 1e-9,
            (IsometryForSubspacePursuit, "SubspacePursuit"): naive.best_delta(A, 3 * k, True) < 0.396 - 1e-9,
            (IsometryForL1, "BasisPursuit"): any(
                naive.best_delta(A, q, False) < bar - 1e-9
                for q, bar in [
                    (k, 1 / 3 if k > 1 else 0),
                    *((q, math.sqrt(1 - k / q)) for q in (math.ceil(4 * k / 3), 2 * k, 3 * k)),
                ]
            ),
        }
        if not np.iscomplexobj(A) and k <= 2:
            expected[NullSpaceProperty, "BasisPursuit"] = naive.null_space_constant(A, k) < 0.5 - 1e-9
        for (cls, solver), holds in expected.items():
            verdict = cls().premise(facts, k, solver=solver)
            assert verdict.holds == holds, str(verdict)


def test_the_constants_for_the_methods_that_end_where_the_residual_stops_falling() -> None:
    d = isometry_for_cosamp.BAR
    assert 2 * d**2 * (1 + 2 * d**2) / (1 - d**2) * (1 + d) / (1 - d) == pytest.approx(1, abs=0.01)
    assert 4 * d**4 + d**2 + 2 * d < 1 - 1e-4
    d = isometry_for_subspace_pursuit.BAR
    assert 2 * d**2 * (1 + d**2) / (1 - d) ** 2 == pytest.approx(1, abs=0.01)
    assert 2 * d**4 + d**2 + 2 * d < 1 - 1e-4
    d = isometry_for_cosamp.PUBLISHED
    assert 2 * d**2 * (1 + 2 * d**2) / (1 - d**2) == pytest.approx(1)
    d = isometry_for_subspace_pursuit.PUBLISHED
    assert 2 * d**2 * (1 + d**2) / (1 - d**2) ** 2 == pytest.approx(1, abs=1e-3)


def test_the_coherence_bound_is_the_formula() -> None:
    bound = CoherenceBound()
    hadamard = np.kron(HADAMARD, [[1, 1], [1, -1]])
    assert bound.sparsity(np.hstack([np.eye(8), hadamard / 8**0.5])) == 1  # (1 + sqrt 8) / 2 = 1.91
    assert bound.sparsity(simplex(8)) == 4  # (1 + 8) / 2 = 4.5
    assert bound.sparsity(simplex(8) * np.linspace(1, 2, 9), "BasisPursuit") == 2  # (1 + 8) / (1 + 2) = 3, not below
    assert bound.sparsity(simplex(8) * np.linspace(1, 2, 9), "OMP") == 4
    assert bound.sparsity(simplex(8) * np.linspace(1, 2, 9)) == 2


@st.composite
def small(draw: st.DrawFn) -> np.ndarray:
    rng = stream(draw(st.integers(0, 10**6)), "small")
    m, n = draw(st.integers(2, 5)), draw(st.integers(1, 8))
    A = np.eye(m, n) + draw(st.sampled_from([0.05, 0.3, 1.0])) * rng.standard_normal((m, n))
    return A * draw(st.sampled_from([1.0, 1.0, 1.5])) ** rng.random(n)


@given(small())
def test_theorems_never_contradict_each_other(A: np.ndarray) -> None:
    facts = Measured(A, seconds=None)
    reach = {(type(t), s): t.sparsity(facts, s) for t in UNIFORM for s in t.solvers or (None,)}
    for solver in ("OMP", "BasisPursuit"):
        assert reach[BabelBound, solver] >= reach[CoherenceBound, solver]
    for (_, solver), k in reach.items():
        assert k <= reach[SparkBound, None]
        if solver == "BasisPursuit":
            assert k <= reach[NullSpaceProperty, "BasisPursuit"]
    assert reach[CoherenceBound, "OMP"] <= WelchLimit().sparsity(A)
    assert reach[CoherenceBound, "BasisPursuit"] <= reach[CoherenceBound, "OMP"]


@given(small(), st.integers(0, 10**6))
def test_the_exact_recovery_condition_is_the_formula_on_the_columns_that_each_method_sees(
    A: np.ndarray, seed: int
) -> None:
    rng, n = stream(seed, "support"), A.shape[1]
    support = rng.permutation(n)[: int(rng.integers(1, min(A.shape) + 1))]
    off = np.setdiff1d(np.arange(n), support)
    A = A * 10 ** rng.uniform(-1, 1, n)
    for solver, seen in [("OMP", A / np.linalg.norm(A, axis=0)), ("BasisPursuit", A)]:
        value = np.abs(np.linalg.pinv(seen[:, support]) @ seen[:, off]).sum(axis=0).max(initial=0)
        verdict = ExactRecoveryCondition().premise(A, support=support, solver=solver)
        assert verdict.value.upper == pytest.approx(value, rel=1e-6)
        assert bool(verdict) == (value < 1 - 1e-9)


# --- sharp theorems: just beyond, the promise is broken --------------------------------------------------------------


@pytest.mark.parametrize("m", [3, 5, 7])
def test_coherence_and_spark_and_null_space_are_sharp_on_the_simplex(m: int) -> None:
    frame, k = simplex(m), (m + 1) // 2  # k = (1 + 1/mu) / 2 exactly
    for theorem in (CoherenceBound(), NullSpaceProperty(), SparkBound()):
        assert theorem.premise(frame, k).holds is False
        assert theorem.premise(frame, k - 1)
    assert WelchLimit().sparsity(frame) == CoherenceBound().sparsity(frame) == k - 1  # it meets Welch's bound
    one = np.zeros(m + 1)
    one[:k] = 1
    other = one - 1  # the null vector is constant, so both measure the same, and are as sparse and as short
    assert np.allclose(frame @ one, frame @ other, atol=1e-12)
    for solver in (BasisPursuit(), OMP()):
        found = solve(frame, frame @ one, solver, sparsity=k).x
        kept = [CoherenceBound().kept(Problem(frame, frame @ one, truth=x), found) for x in (one, other)]
        assert sum(kept) <= 1


def test_where_the_null_space_property_fails_basis_pursuit_fails() -> None:
    frame = FRAMES["spikes and signs"]
    verdict = NullSpaceProperty().premise(frame, 2)
    assert verdict.holds is False
    assert verdict.value.lower == pytest.approx(0.5, abs=1e-9)
    rng, missed = stream(0, "null"), 0
    wide = rng.standard_normal((5, 9))
    k = NullSpaceProperty().sparsity(wide) + 1
    h = np.asarray(NullSpaceProperty().premise(wide, k).value.witness)
    support = np.argsort(-np.abs(h))[:k]
    x = np.zeros(9)
    x[support] = h[support]
    assert np.linalg.norm(wide @ h) <= 1e-9 * np.linalg.norm(h)
    problem = Problem(wide, wide @ x, truth=x)
    missed += not NullSpaceProperty().kept(problem, solve(wide, problem.y, BasisPursuit()))
    assert missed


@pytest.mark.parametrize("k", [3, 4, 6])
def test_the_constant_for_omp_is_the_best_possible(k: int) -> None:
    # unit columns: k with inner products h, and one more with b to all of them; at eps = 0 both sides of the contest tie
    s = k / (k + 2)
    for eps in (-0.01, 0.01):
        gram = np.full((k + 1, k + 1), (s - 1) / (k - 1))
        gram[k, :] = gram[:, k] = s / k * (1 + eps)
        np.fill_diagonal(gram, 1)
        A = np.linalg.cholesky(gram).T
        verdict = IsometryForOMP().premise(A, k)
        assert verdict.value.upper == pytest.approx(1 / math.sqrt(k + 1), abs=0.01)
        x = np.append(np.ones(k), 0)
        found = solve(A, A @ x, OMP(), sparsity=k)
        assert bool(verdict) == (eps < 0)
        assert IsometryForOMP().kept(Problem(A, A @ x, truth=x), found) == (eps < 0)


@given(small(), st.integers(0, 10**6))
def test_the_dual_certificate_is_there_exactly_where_basis_pursuit_succeeds(A: np.ndarray, seed: int) -> None:
    rng = stream(seed, "signal")
    k = int(rng.integers(1, min(A.shape) + 1))
    (x,) = naive.signals(A.shape[1], k, rng, 1)
    verdict = FuchsCondition().premise(A, signal=x)
    far = abs(min(verdict.value.upper, 10) - 1) > 1e-5
    if far:
        kept = FuchsCondition().kept(Problem(A, A @ x, truth=x), solve(A, A @ x, BasisPursuit()))
        assert bool(verdict) == kept
