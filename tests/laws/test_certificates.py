"""A certificate is a proof that anyone can check: a feasible dual point, and a gap that bounds the distance from the optimum."""

from __future__ import annotations

import dataclasses
from itertools import product

import naive
import naive_objectives
import numpy as np
import pytest
from laws.solver_cases import CONVEX, FOUND, Case, distance, over, planted

from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.losses.base import Loss
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.group_l2 import GroupL2
from sparsecs.solvers._penalized import Penalized
from sparsecs.solvers.coordinate_descent import CoordinateDescent
from sparsecs.solvers.result import Certificate, Result, Status

PENALISED = [case for case in CONVEX if isinstance(case.solver, Penalized)]
CONSTRAINED = [case for case in CONVEX if case.fits]


def _every_combination() -> list[Case]:
    """Every solver with a choice of penalty and loss, with every convex penalty and every loss of one column."""
    penalties = [cls() for cls in members("sparsecs.penalties", Penalty).values() if cls.convex]
    losses = [cls() for name, cls in members("sparsecs.losses", Loss).items() if name != "Softmax"]
    general = [
        cls for cls in FOUND.values() if {"penalty", "loss"} <= {field.name for field in dataclasses.fields(cls)}
    ]
    pairs = product([*penalties, GroupL2(root_size=True)], losses)
    return [
        Case(cls(penalty=penalty, loss=loss))
        for (penalty, loss), cls in product(pairs, general)
        if penalty.separable or cls is not CoordinateDescent
    ]


COMBINATIONS = _every_combination()


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


def longest(A: np.ndarray) -> float:
    return float(np.linalg.norm(A, axis=0).max())


def data_for(case: Case, A: np.ndarray, y: np.ndarray) -> np.ndarray:
    """y, or labels from its signs."""
    return y if case.solver.loss.scales else (y > 0).astype(float)


def strength_of(case: Case, A: np.ndarray, y: np.ndarray, relative_weight: float) -> float:
    start = naive_objectives.gradient_at_zero(case.solver.loss, y)
    return relative_weight * naive_objectives.edge(case.solver.penalty, A.T @ start)


def primal(case: Case, A: np.ndarray, x: np.ndarray, y: np.ndarray, weight: float) -> float:
    charge = naive_objectives.charge(case.solver.penalty, x, weight, longest(A))
    return naive_objectives.misfit(case.solver.loss, A @ x, y) + charge


def dual(case: Case, A: np.ndarray, nu: np.ndarray, y: np.ndarray, weight: float) -> float:
    paid = naive_objectives.conjugate(case.solver.penalty, A.T @ nu, weight, longest(A))
    return naive_objectives.misfit_bound(case.solver.loss, nu, y) - paid


@over([*COMBINATIONS, *(case for case in PENALISED if case not in COMBINATIONS)])
@pytest.mark.parametrize("weight", [0.5, 0.05])
def test_a_penalised_answer_is_proven_by_its_dual_point(case: Case, weight: float) -> None:
    A, y = noisy()
    y = data_for(case, A, y)
    result = Case(dataclasses.replace(case.solver, relative_weight=weight)).ask(A, y, 4)
    proof, strength = proof_of(result), strength_of(case, A, y, weight)
    assert result.status is Status.OPTIMAL
    assert primal(case, A, result.x, y, strength) == pytest.approx(proof.primal, rel=1e-12)
    assert dual(case, A, proof.dual_point, y, strength) == pytest.approx(proof.dual, rel=1e-9)
    assert -1e-12 <= proof.relative_gap <= case.solver.tolerance


@over(PENALISED)
def test_a_weight_and_its_share_of_the_greatest_one_mean_the_same(case: Case) -> None:
    A, y = noisy()
    y = data_for(case, A, y)
    relative = Case(dataclasses.replace(case.solver, relative_weight=0.05)).ask(A, y, 4)
    absolute = Case(dataclasses.replace(case.solver, weight=strength_of(case, A, y, 0.05))).ask(A, y, 4)
    assert distance(absolute.x, relative.x) <= 1e-9


@over(PENALISED)
def test_no_point_nearby_is_better_than_a_proven_one(case: Case) -> None:
    A, y = planted(6, 8, 2)[0], stream(0, "y").standard_normal(6)
    y = data_for(case, A, y)
    result = case.ask(A, y, 2)
    strength = strength_of(case, A, y, case.solver.relative_weight)

    def objective(x: np.ndarray) -> float:
        return primal(case, A, x, y, strength)

    lowest = naive.lowest_nearby(objective, result.x, stream(0, "nearby"))
    assert objective(result.x) <= lowest + 2 * proof_of(result).gap + 1e-13 * lowest


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
    y = data_for(case, A, y)
    edge = strength_of(case, A, y, 1.0)
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
