"""Every convex solver beside the reference, which asks cvxpy the same, and the reference beside the definition of its answers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from laws.solver_cases import CASES, Case, over

from sparsecs import (
    ADMM,
    L1,
    MCP,
    OMP,
    BasisPursuit,
    BasisPursuitDenoising,
    DantzigSelector,
    ElasticNet,
    GroupL2,
    Huber,
    Logistic,
    Penalty,
    Problem,
    ProximalGradient,
    Reference,
    Softmax,
    Solver,
    SortedL1,
    SparseGroup,
    SquareRootLasso,
    Status,
    answer,
    solve,
)
from sparsecs.solvers._in_cvxpy import penalized

OTHERS = [case for case in CASES if case.convex and not isinstance(case.solver, Reference)]
LABELS = np.array([4, 0, 0, 2, 2, 2, 2, 7, 7, 0, 1, 1, 4, 4, 4, 5, 5, 5])
PENALTIES = [L1(), L1(lower=0.0, upper=0.5), ElasticNet(), GroupL2(root_size=True), SparseGroup(), SortedL1()]


def draw(seed: int = 0, m: int = 12, n: int = 18) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((m, n)) * rng.uniform(0.5, 2, n)
    return A, A[:, :3] @ np.array([1.0, -2.0, 0.5]) + 0.3 * rng.standard_normal(m)


def beside(A: np.ndarray, y: np.ndarray, solver: Solver, **more: object) -> None:
    """Both are proven, and neither objective is below what the other proves."""
    own, reference = solve(A, y, solver, **more), solve(A, y, Reference(solver), **more)
    assert reference.status is Status.OPTIMAL
    assert abs(reference.certificate.relative_gap) <= 1e-8
    assert reference.certificate.infeasibility <= 1e-8
    assert reference.certificate.road.startswith("cvxpy with ")
    assert own.certificate.primal == pytest.approx(reference.certificate.primal, rel=1e-7)


@over(OTHERS)
def test_every_convex_solver_is_confirmed(case: Case) -> None:
    A, y = draw()
    problem = case.problem(A, y, None)
    own, reference = answer(problem, case.solver), answer(problem, Reference(case.solver))
    assert reference.status is Status.OPTIMAL
    assert abs(reference.certificate.relative_gap) <= 1e-8
    assert own.certificate.primal == pytest.approx(reference.certificate.primal, rel=1e-7)


@pytest.mark.parametrize(
    "solver",
    [
        BasisPursuitDenoising(relative_sigma=0.4),
        BasisPursuitDenoising(relative_sigma=0.4, lower=-0.5, upper=0.8),
        BasisPursuitDenoising(sigma=0.0),
        SquareRootLasso(relative_weight=0.5),
        SquareRootLasso(relative_weight=0.5, lower=0.0),
        SquareRootLasso(relative_weight=0.05, upper=0.5),
        DantzigSelector(relative_delta=0.3),
        BasisPursuit(lower=-2.5, upper=2.5),
    ],
    ids=repr,
)
@pytest.mark.parametrize("weighted", [False, True])
def test_the_constrained_problems_are_confirmed(solver: Solver, weighted: bool) -> None:
    A, y = draw(1)
    beside(A, y, solver, weights=np.linspace(0.5, 2, 18) if weighted else None)


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_every_convex_penalty_is_known(penalty: Penalty) -> None:
    A, y = draw(2)
    beside(A, y, ProximalGradient(penalty, relative_weight=0.1), groups=LABELS if penalty.uses_groups else None)


def test_every_loss_is_known() -> None:
    A, y = draw(3)
    classes = np.eye(3)[np.arange(12) % 3]
    beside(A, y, ADMM(loss=Huber(), relative_weight=0.1))
    beside(A, np.sign(y), ADMM(loss=Logistic(), relative_weight=0.1))
    beside(A, classes, ADMM(loss=Softmax(), relative_weight=0.1))


@pytest.mark.parametrize(
    "solver",
    [
        *[ProximalGradient(penalty, relative_weight=0.1) for penalty in PENALTIES],
        *[ADMM(loss=loss, relative_weight=0.1) for loss in (Huber(), Logistic(), Softmax())],
    ],
    ids=repr,
)
def test_cvxpy_alone_is_asked_the_same(solver: ADMM | ProximalGradient) -> None:
    A, y = draw(10)
    y = {"Logistic": np.sign(y), "Softmax": np.eye(3)[np.arange(12) % 3]}.get(type(solver.loss).__name__, y)
    problem = Problem(A, y, groups=LABELS if solver.penalty.uses_groups else None)
    found, best = penalized(problem, solver.terms(problem)), solve(A, y, solver, groups=problem.groups)
    assert found is not None
    direction = solver.residual(problem, found.x)
    raw = solver.certificate(problem, found.x, direction, found.road)
    assert raw.primal == pytest.approx(best.certificate.primal, rel=1e-7)


def test_signals_with_one_support_are_known() -> None:
    A, y = draw(4)
    beside(A, np.stack([y, y[::-1]], axis=1), ProximalGradient(GroupL2(), relative_weight=0.2))


@pytest.mark.parametrize(
    "solver",
    [
        BasisPursuit(),
        BasisPursuitDenoising(),
        SquareRootLasso(relative_weight=0.5),
        ProximalGradient(relative_weight=0.1),
    ],
    ids=lambda solver: type(solver).__name__,
)
def test_complex_problems_are_answered_and_proven(solver: Solver) -> None:
    rng, (A, y) = np.random.default_rng(5), draw(5)
    A, y = A + 1j * rng.standard_normal(A.shape), y + 1j * rng.standard_normal(y.size)
    result = solve(A, y, Reference(solver))
    proof, nu = result.certificate, result.certificate.dual_point
    assert result.status is Status.OPTIMAL
    assert abs(proof.relative_gap) <= 1e-8
    assert proof.infeasibility <= 1e-8
    if not isinstance(solver, ProximalGradient):
        bar = solver.strength(Problem(A, y)) if isinstance(solver, SquareRootLasso) else 1.0
        assert np.abs(A.conj().T @ nu).max() <= bar * (1 + 1e-12)


def test_what_has_no_answer_is_named() -> None:
    rng = np.random.default_rng(6)
    A, y = rng.standard_normal((12, 4)), rng.standard_normal(12)
    for solver in (BasisPursuit(), BasisPursuitDenoising(relative_sigma=0.01)):
        result = solve(A, y, Reference(solver))
        assert result.status is Status.INFEASIBLE
        assert np.abs(A.T @ result.residual).max() <= 1e-10
    A, y = draw(6)
    bounded = solve(A, y, Reference(BasisPursuit(lower=-1e-3, upper=1e-3)))
    assert bounded.status is Status.INFEASIBLE
    assert np.abs(bounded.x).max() <= 1e-3


def test_a_zero_answer_is_zero_up_to_dust() -> None:
    A, y = draw(7)
    top = float(np.abs(A.T @ y).max())
    assert np.abs(solve(A, y, Reference(ProximalGradient(weight=1.01 * top))).x).max() <= 1e-8
    assert not solve(A, 0 * y, Reference(BasisPursuit())).x.any()


def test_what_is_not_convex_is_refused() -> None:
    for solver in (OMP(), ProximalGradient(MCP())):
        with pytest.raises(ValueError, match="Reference answers convex problems"):
            Reference(solver)
    with pytest.raises(TypeError, match="solver must be a solver"):
        Reference(3)
    A, y = draw(8)
    with pytest.raises(TypeError, match="works on real data"):
        solve(A + 0j, y, Reference(DantzigSelector()))


def test_the_certificate_is_that_of_the_solver() -> None:
    A, y = draw(9)
    solver = BasisPursuitDenoising(relative_sigma=0.3)
    found, own = solve(A, y, Reference(solver)), solve(A, y, solver)
    assert np.linalg.norm(found.certificate.dual_point - own.certificate.dual_point) <= 1e-7
    assert dataclasses.asdict(found.certificate).keys() == dataclasses.asdict(own.certificate).keys()
