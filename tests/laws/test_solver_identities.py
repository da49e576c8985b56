"""Where two methods, or two ways to ask one, are the same on paper, they give the same answer."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from laws.solver_cases import CASES, FOUND, Case, distance, over, planted

from sparsecs import (
    L1,
    MCP,
    SCAD,
    ElasticNet,
    GroupL2,
    GroupLasso,
    Lasso,
    MaskedGradient,
    Solver,
    SortedL1,
    SparseGroup,
    solve,
)
from sparsecs.core.randomness import stream

GENERAL = {
    name: cls
    for name, cls in FOUND.items()
    if {"penalty", "weight"} <= {field.name for field in dataclasses.fields(cls)}
}
general = pytest.mark.parametrize("cls", GENERAL.values(), ids=list(GENERAL))
CLOSE = 1e-6  # gaps of 1e-10 of the objective leave x free by about their root


def noisy() -> tuple[np.ndarray, np.ndarray]:
    A, _, y = planted(50, 80, 8)
    return A, y + 0.2 * stream(0, "noise").standard_normal(50)


def asked(cls: type[Solver], penalty: Any, groups: Any = None, weights: Any = None) -> np.ndarray:
    A, y = noisy()
    return solve(A, y, cls(penalty=penalty, relative_weight=0.1), groups=groups, weights=weights).x


def test_the_general_solvers_are_found() -> None:
    assert {"ProximalGradient", "ADMM", "ProximalNewton", "CoordinateDescent"} <= set(GENERAL)


@general
def test_groups_of_one_coefficient_make_the_group_lasso_the_lasso(cls: type[Solver]) -> None:
    assert distance(asked(cls, GroupL2(), np.arange(80)), asked(cls, L1())) <= CLOSE


@general
@pytest.mark.parametrize("ratio", [0.0, 1.0])
def test_the_sparse_group_lasso_lies_between_the_lasso_and_the_group_lasso(cls: type[Solver], ratio: float) -> None:
    pairs = np.arange(80) // 2
    ends = {0.0: asked(cls, GroupL2(), pairs), 1.0: asked(cls, L1())}
    assert distance(asked(cls, SparseGroup(ratio=ratio), pairs), ends[ratio]) <= CLOSE


@pytest.mark.parametrize("name", ["ProximalGradient", "ADMM"])
def test_slope_with_equal_weights_is_the_lasso(name: str) -> None:
    cls = GENERAL[name]
    assert distance(asked(cls, SortedL1(weights=(1.0,) * 80)), asked(cls, L1())) <= CLOSE


@pytest.mark.parametrize("name", ["ProximalGradient", "CoordinateDescent"])
@pytest.mark.parametrize("kind", [MCP, SCAD])
def test_a_penalty_that_bends_nowhere_is_the_lasso(name: str, kind: type) -> None:
    cls = GENERAL[name]
    assert distance(asked(cls, kind(gamma=1e12)), asked(cls, L1())) <= CLOSE


@general
def test_an_elastic_net_without_ridge_is_the_lasso(cls: type[Solver]) -> None:
    assert distance(asked(cls, ElasticNet(ridge=0.0)), asked(cls, L1())) <= CLOSE


def test_the_named_solvers_answer_as_the_general_ones() -> None:
    A, y = noisy()
    plain = asked(GENERAL["ProximalGradient"], L1())
    grouped = asked(GENERAL["ProximalGradient"], GroupL2(), np.arange(80) // 2)
    assert distance(solve(A, y, Lasso(relative_weight=0.1)).x, plain) <= CLOSE
    assert distance(solve(A, y, GroupLasso(relative_weight=0.1), groups=np.arange(80) // 2).x, grouped) <= CLOSE


def takes_weights(case: Case) -> bool:
    """Not a mask, for which only infinite weights mean something."""
    penalty, mask = getattr(case.solver, "penalty", None), isinstance(case.solver, MaskedGradient)
    return case.solver.uses_weights and not case.groups and not mask and (penalty is None or penalty.uses_weights)


def of_an_l1_norm(case: Case) -> bool:
    """Not the elastic net, whose ridge pays for x itself."""
    penalty = getattr(case.solver, "penalty", None)
    return takes_weights(case) and (penalty is None or type(penalty) is L1)


@over([case for case in CASES if of_an_l1_norm(case)])
def test_weights_are_rescaled_columns(case: Case) -> None:
    A, y = noisy()
    weights = np.exp(stream(0, "weights").standard_normal(80))
    weighted, rescaled = solve(A, y, case.solver, weights=weights), solve(A / weights, y, case.solver)
    assert weighted.status.reached
    assert distance(weighted.x * weights, rescaled.x) <= CLOSE


@over([case for case in CASES if takes_weights(case)])
def test_an_infinite_weight_keeps_its_coefficient_at_exactly_zero(case: Case) -> None:
    A, x, y = planted()
    weights = np.ones(80)
    weights[np.flatnonzero(x)[:2]] = np.inf
    result = case.ask(A[:, weights < np.inf], y, 4), solve(A, y, case.solver, weights=weights)
    assert not result[1].x[weights == np.inf].any()
    assert distance(result[1].x[weights < np.inf], result[0].x) <= CLOSE
