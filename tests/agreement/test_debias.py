"""Least squares on a support, its proof, and what soft thresholding takes from it."""

from __future__ import annotations

import naive
import numpy as np
import pytest
import scipy.sparse
from laws.solver_cases import planted
from scipy.sparse.linalg import aslinearoperator

from sparsecs import GroupL2, Lasso, ProximalGradient, debias, shrinkage_bias, solve, stream
from sparsecs.solvers.result import Status


def noisy() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    A, x, y = planted(50, 80, 6)
    return A, x, y + 0.1 * stream(0, "noise").standard_normal(50)


def test_it_is_least_squares_on_the_support_through_every_door() -> None:
    A, x, y = noisy()
    support = np.flatnonzero(x)
    expected = naive.refit(A, y, support)
    for door in (A, scipy.sparse.csc_array(A), aslinearoperator(A)):
        result = debias(door, y, support)
        assert np.allclose(result.x, expected, atol=1e-12)
        assert np.allclose(result.residual, y - A @ expected, atol=1e-12)
        assert result.status is Status.OPTIMAL
        assert np.array_equal(debias(door, y, x != 0).x, result.x)
    narrow = debias(A.astype(np.float32), y, support)
    assert narrow.x.dtype == np.float32
    assert np.allclose(narrow.x, expected, atol=1e-5)


def test_it_repairs_the_answers_of_penalties() -> None:
    A, x, y = planted()
    shrunk = solve(A, y, Lasso(relative_weight=0.1))
    repaired = debias(A, y, shrunk)
    assert repaired.status is Status.SOLVED
    assert np.linalg.norm(shrunk.x - x) > 0.01
    assert np.linalg.norm(repaired.x - x) <= 1e-12
    grouped = solve(A, y, ProximalGradient(GroupL2(), relative_weight=0.1), groups=np.arange(80) // 2)
    assert np.linalg.norm(debias(A, y, grouped).x - x) <= 1e-12


def test_joint_and_complex_signals_are_fitted_too() -> None:
    rng = stream(0, "complex")
    A = rng.standard_normal((30, 50)) + 1j * rng.standard_normal((30, 50))
    Y = rng.standard_normal((30, 3)) + 1j * rng.standard_normal((30, 3))
    result = debias(A, Y, [4, 9, 40])
    assert np.allclose(result.x[[4, 9, 40]], np.linalg.lstsq(A[:, [4, 9, 40]], Y, rcond=None)[0])
    assert np.array_equal(result.support, [4, 9, 40])
    assert result.status is Status.OPTIMAL


def test_the_proof_can_be_checked() -> None:
    A, x, y = noisy()
    for scale in (1.0, 1e-120, 1e120):
        result = debias(A, scale * y, np.flatnonzero(x))
        proof = result.certificate
        assert proof is not None
        assert proof.primal == pytest.approx(0.5 * scale**2 * float(np.sum((result.residual / scale) ** 2)), rel=1e-12)
        assert abs(proof.relative_gap) <= 1e-10
        assert np.abs(A[:, x != 0].T @ (proof.dual_point / scale)).max() <= 1e-12


def test_dependent_short_and_no_columns_are_no_trouble() -> None:
    A, _, y = noisy()
    twins = np.hstack([A, A])
    result = debias(twins, y, [3, 83])
    assert np.allclose(result.x[3], result.x[83])
    assert np.allclose(twins @ result.x, A @ debias(A, y, [3]).x)
    A[:, 5] = 0
    assert debias(A, y, [5, 6]).x[5] == 0
    lengths = 10.0 ** np.linspace(-150, 150, 80)
    spread = debias(A * lengths, y, [0, 40, 79])
    assert np.allclose(spread.x * lengths, debias(A, y, [0, 40, 79]).x)
    assert debias(A, y, []).status is Status.OPTIMAL
    assert debias(A, 0 * y, [1]).status is Status.ZERO
    assert debias(A, y, np.arange(80)).status is Status.SOLVED  # more columns than rows: the shortest solution
    with pytest.raises(ValueError, match="support must lie between 0 and 79"):
        debias(A, y, [80])


def test_the_bias_of_soft_thresholding_is_predicted_exactly_while_signs_stay() -> None:
    A, x, y = noisy()
    for weight in (1e-3, 0.1, 0.4):
        bias = shrinkage_bias(A, y, np.flatnonzero(x), weight, truth=x)
        assert bias.signs_stay
        assert np.allclose(bias.measured, bias.predicted, atol=1e-6 * weight)
        gram = A[:, x != 0].T @ A[:, x != 0]
        assert np.allclose(bias.predicted, -weight * np.linalg.solve(gram, np.sign(x[x != 0])))
    hard, soft = bias.errors
    assert hard < 0.3 < soft
    assert np.linalg.norm(bias.soft - x[x != 0]) == pytest.approx(soft)


def test_when_signs_change_it_says_so() -> None:
    A, x, y = noisy()
    bias = shrinkage_bias(A, y, np.append(np.flatnonzero(x), [0, 1]), 0.5)
    assert not bias.signs_stay
    assert not np.allclose(bias.measured, bias.predicted, atol=1e-3)
    assert "some signs change" in str(bias)
    with pytest.raises(ValueError, match="give truth="):
        _ = bias.errors


def test_what_the_support_misses_counts_as_an_error() -> None:
    bias = shrinkage_bias(np.eye(4), [3.0, 4.0, 1.0, 0.0], [0, 1], 1.0, truth=[3.0, 4.0, 1.0, 0.0])
    assert bias.errors == pytest.approx((1.0, np.sqrt(3)))
    assert str(bias).splitlines()[-1] == "error: hard 1, soft 1.732"
    assert "truth" in str(bias)
    assert repr(bias) == "<ShrinkageBias of 2 coefficients at weight 1: 1.41 in norm>"


def test_the_bias_has_the_units_of_x() -> None:
    A, x, y = noisy()
    first = shrinkage_bias(A, y, x != 0, 0.2)
    scaled = shrinkage_bias(A, 1e50 * y, x != 0, 0.2e50)
    assert np.allclose(scaled.measured / 1e50, first.measured, rtol=1e-6)


def test_a_support_without_meaning_is_refused() -> None:
    A, _, y = noisy()
    for support, words in (([], "empty"), (np.arange(60), "depend")):
        with pytest.raises(ValueError, match=words):
            shrinkage_bias(A, y, support, 0.1)
    with pytest.raises(ValueError, match="weight"):
        shrinkage_bias(A, y, [1], 0.0)
