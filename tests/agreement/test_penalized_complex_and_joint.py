"""Complex data and several columns with penalties: the same as real embeddings, as single columns, and as cvxpy."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest

from sparsecs import (
    ADMM,
    L1,
    ElasticNet,
    GroupL2,
    Penalty,
    ProximalGradient,
    ProximalNewton,
    SparseGroup,
    Status,
    solve,
)

TIGHT = {"tol_gap_abs": 1e-9, "tol_gap_rel": 1e-9, "tol_feas": 1e-9}
relative_weights = pytest.mark.parametrize("part", [0.5, 0.1, 0.02])


def draw(seed: int, m: int = 20, n: int = 30) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((m, n)) * rng.uniform(0.2, 3, n)
    return A, A[:, :4] @ np.array([1.0, -2.0, 0.5, 3.0]) + 0.3 * rng.standard_normal(m)


def draw_complex(seed: int, m: int = 20, n: int = 30) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((m, n)) + 1j * rng.standard_normal((m, n))
    x = A[:, :4] @ np.array([1.0, -2.0j, 0.5 + 1j, 3.0])
    return A, x + 0.3 * (rng.standard_normal(m) + 1j * rng.standard_normal(m))


general = pytest.mark.parametrize("cls", [ProximalGradient, ADMM, ProximalNewton], ids=lambda cls: cls.__name__)


@general
@relative_weights
def test_the_complex_lasso_is_the_group_lasso_of_real_and_imaginary_parts(cls: type, part: float) -> None:
    A, y = draw_complex(0)
    real = np.block([[A.real, -A.imag], [A.imag, A.real]])
    pairs = np.tile(np.arange(30), 2)
    own = solve(A, y, cls(relative_weight=part))
    twin = solve(real, np.concatenate([y.real, y.imag]), cls(GroupL2(), relative_weight=part), groups=pairs)
    assert own.status is twin.status is Status.OPTIMAL
    assert own.x.dtype == np.complex128
    assert np.abs(own.x - (twin.x[:30] + 1j * twin.x[30:])).max() <= 1e-6 * np.abs(own.x).max()
    assert own.certificate.primal == pytest.approx(twin.certificate.primal, rel=1e-9)
    assert np.abs(A.conj().T @ own.certificate.dual_point).max() <= part * np.abs(A.conj().T @ y).max() * (1 + 1e-12)


@general
@pytest.mark.parametrize("penalty", [L1(), GroupL2(), ElasticNet(), SparseGroup(ratio=0.3)], ids=repr)
def test_phases_of_columns_pass_through(cls: type, penalty: Penalty) -> None:
    A, y = draw_complex(1)
    phases = np.exp(2j * np.pi * np.random.default_rng(0).random(30))
    phases = np.repeat(phases[:15], 2) if penalty.uses_groups else phases
    groups = np.arange(30) // 2 if penalty.uses_groups else None
    plain = solve(A, y, cls(penalty, relative_weight=0.1), groups=groups)
    turned = solve(A * phases, y, cls(penalty, relative_weight=0.1), groups=groups)
    assert plain.status is turned.status is Status.OPTIMAL
    assert np.abs(turned.x * phases - plain.x).max() <= 1e-6 * np.abs(plain.x).max()
    alone = solve(A, y, cls(penalty, relative_weight=0.1, tolerance=1e-6), groups=groups)
    assert alone.certificate.dual <= plain.certificate.primal * (1 + 1e-12)


@general
def test_a_complex_matrix_with_real_data_and_the_other_way_round(cls: type) -> None:
    A, y = draw_complex(2)
    whole = solve(A, y.real + 0j, cls(relative_weight=0.1))
    assert np.abs(solve(A, y.real, cls(relative_weight=0.1)).x - whole.x).max() <= 1e-9 * np.abs(whole.x).max()
    own = solve(A.real, y, cls(relative_weight=0.1))
    assert own.status is Status.OPTIMAL
    assert np.abs(solve(A.real + 0j, y, cls(relative_weight=0.1)).x - own.x).max() <= 1e-9 * np.abs(own.x).max()


@general
def test_several_columns_with_the_l1_norm_are_as_many_lassos(cls: type) -> None:
    A, _ = draw(0)
    Y = np.stack([draw(seed)[1] for seed in range(3)], axis=1)
    weight = 0.1 * float(np.abs(A.T @ Y).max())
    joint = solve(A, Y, cls(weight=weight))
    assert joint.status is Status.OPTIMAL
    for column, y in zip(joint.x.T, Y.T, strict=True):
        alone = solve(A, y, cls(weight=weight)).x
        assert np.abs(column - alone).max() <= 1e-6 * np.abs(joint.x).max()


@general
@relative_weights
def test_row_groups_are_those_of_an_interior_point_solver(cls: type, part: float) -> None:
    A, _ = draw(0)
    Y = np.stack([draw(seed)[1] for seed in range(3)], axis=1)
    weight = part * float(np.linalg.norm(A.T @ Y, axis=1).max())
    result = solve(A, Y, cls(GroupL2(), relative_weight=part))
    own = float(0.5 * np.sum((A @ result.x - Y) ** 2) + weight * np.linalg.norm(result.x, axis=1).sum())
    X = cp.Variable((30, 3))
    unit = 0.5 * np.sum(Y**2)
    objective = (0.5 * cp.sum_squares(A @ X - Y) + weight * cp.mixed_norm(X, 2, 1)) / unit
    lowest = unit * float(cp.Problem(cp.Minimize(objective)).solve(solver=cp.CLARABEL, **TIGHT))
    assert result.status is Status.OPTIMAL
    assert own == pytest.approx(lowest, rel=1e-8, abs=0)
    assert own == pytest.approx(result.certificate.primal, rel=1e-12)
