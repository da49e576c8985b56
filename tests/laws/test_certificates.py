"""A certificate is a proof that anyone can check: a feasible dual point, and a gap that bounds the distance from the optimum."""

from __future__ import annotations

import dataclasses

import naive
import numpy as np
import pytest
from laws.solver_cases import CONVEX, Case, distance, over, planted

from sparsecs.core.randomness import stream
from sparsecs.penalties.base import Penalty
from sparsecs.solvers.result import Certificate, Result, Status

PENALISED = [case for case in CONVEX if not case.fits]
CONSTRAINED = [case for case in CONVEX if case.fits]
PAIRS = np.arange(80) // 2


def noisy(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    A, _, y = planted(50, 80, 8, seed)
    return A, y + 0.2 * stream(seed, "noise").standard_normal(50)


def proof_of(result: Result) -> Certificate:
    assert result.certificate is not None
    return result.certificate


@over(CONSTRAINED)
@pytest.mark.parametrize("seed", range(4))
def test_basis_pursuit_is_proven_by_its_dual_point(case: Case, seed: int) -> None:
    A, y = noisy(seed)  # dense answers too: y is no sparse combination
    result = case.ask(A, y, 4)
    proof = proof_of(result)
    nu = proof.dual_point
    assert result.status is Status.OPTIMAL
    assert np.abs(A.T @ nu).max() <= 1 + 1e-12
    assert np.abs(result.x).sum() == pytest.approx(proof.primal, rel=1e-13)
    assert float(y @ nu) == pytest.approx(proof.dual, rel=1e-12)
    assert np.linalg.norm(A @ result.x - y) <= 1e-8 * np.linalg.norm(y)
    assert proof.infeasibility == pytest.approx(np.linalg.norm(A @ result.x - y) / np.linalg.norm(y), abs=1e-12)
    assert proof.gap == proof.primal - proof.dual
    assert -1e-12 <= proof.relative_gap <= 1e-8
    assert proof.road


def value_and_dual_norm(penalty: Penalty, z: np.ndarray) -> tuple[float, float]:
    """Both, written out for the penalties there are, with groups of two."""
    lengths = np.hypot(z[::2], z[1::2])
    weight = 2**0.5 if getattr(penalty, "root_size", False) else 1.0
    written_out = {
        "L1": (np.abs(z).sum(), np.abs(z).max()),
        "GroupL2": (weight * lengths.sum(), lengths.max() / weight),
    }
    return written_out[type(penalty).__name__]


@over(PENALISED)
@pytest.mark.parametrize("weight", [0.5, 0.05, 0.01])
def test_a_penalised_answer_is_proven_by_its_dual_point(case: Case, weight: float) -> None:
    A, y = noisy()
    relative = Case(dataclasses.replace(case.solver, relative_weight=weight))
    result = relative.ask(A, y, 4)
    proof, penalty = proof_of(result), case.solver.penalty
    strength = weight * value_and_dual_norm(penalty, A.T @ y)[1]
    nu, residual = proof.dual_point, y - A @ result.x
    assert result.status is Status.OPTIMAL
    assert value_and_dual_norm(penalty, A.T @ nu)[1] <= strength * (1 + 1e-12)
    objective = 0.5 * residual @ residual + strength * value_and_dual_norm(penalty, result.x)[0]
    assert objective == pytest.approx(proof.primal, rel=1e-12)
    assert y @ nu - 0.5 * nu @ nu == pytest.approx(proof.dual, rel=1e-10)
    assert -1e-12 <= proof.relative_gap <= 1e-8
    by_weight = Case(dataclasses.replace(case.solver, weight=strength)).ask(A, y, 4)
    assert distance(by_weight.x, result.x) <= 1e-9


@over(PENALISED)
def test_no_point_nearby_is_better_than_a_proven_one(case: Case) -> None:
    A, y = planted(6, 8, 2)[0], stream(0, "y").standard_normal(6)
    result = case.ask(A, y, 2)
    penalty = case.solver.penalty
    strength = case.solver.relative_weight * value_and_dual_norm(penalty, A.T @ y)[1]

    def objective(x: np.ndarray) -> float:
        residual = y - A @ x
        return float(0.5 * residual @ residual + strength * value_and_dual_norm(penalty, x)[0])

    assert (
        objective(result.x) <= naive.lowest_nearby(objective, result.x, stream(0, "nearby")) + 2 * proof_of(result).gap
    )


@over(CONVEX)
def test_the_gap_of_an_unfinished_answer_bounds_its_distance_from_the_best_objective(case: Case) -> None:
    A, y = noisy()
    best = proof_of(case.ask(A, y, 4))
    for iterations in (1, 3, 10, 30):
        proof = proof_of(case.limited(iterations).ask(A, y, 4))
        assert proof.dual <= best.primal * (1 + 1e-12)
        assert proof.primal >= best.dual * (1 - 1e-12)
        assert proof.gap >= (proof.primal - best.primal) - 1e-12 * best.primal


@over(PENALISED)
def test_the_smallest_weight_that_gives_zero_is_the_dual_norm(case: Case) -> None:
    A, y = noisy()
    edge = value_and_dual_norm(case.solver.penalty, A.T @ y)[1]
    above = Case(dataclasses.replace(case.solver, weight=edge * (1 + 1e-9))).ask(A, y, 4)
    assert above.status is Status.ZERO
    assert not above.x.any()
    assert abs(proof_of(above).relative_gap) <= 1e-8
    below = Case(dataclasses.replace(case.solver, weight=edge * (1 - 1e-3))).ask(A, y, 4)
    assert below.status is Status.OPTIMAL
    assert below.x.any()


@over(CONVEX)
@pytest.mark.parametrize("c", [1e-100, 1e-8, 1e8, 1e100])
def test_a_proof_has_no_units(case: Case, c: float) -> None:
    A, y = noisy()
    first = proof_of(case.ask(A, y, 4))
    for result in (case.ask(A, c * y, 4), case.ask(c * A, y, 4)):
        proof = proof_of(result)
        assert np.isfinite(proof.dual_point).all()
        assert abs(proof.relative_gap) <= max(1e-9, 10 * first.relative_gap)
        assert proof.infeasibility <= 1e-8


@over(CONSTRAINED)
@pytest.mark.parametrize("c", [1e-200, 1e200])
def test_a_proof_of_basis_pursuit_holds_wherever_its_numbers_do(case: Case, c: float) -> None:
    A, y = noisy()
    for result in (case.ask(A, c * y, 4), case.ask(c * A, y, 4)):
        assert abs(proof_of(result).relative_gap) <= 1e-9
        assert proof_of(result).infeasibility <= 1e-8


@over(PENALISED)
@pytest.mark.parametrize("c", [1e-200, 1e200])
def test_where_squares_leave_the_range_no_bad_answer_is_called_proven(case: Case, c: float) -> None:
    A, y = noisy()
    unfinished = case.limited(2).ask(A, c * y, 4)
    assert unfinished.status is Status.LIMIT
    assert not proof_of(unfinished).relative_gap <= 0.1
