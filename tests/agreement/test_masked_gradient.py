"""Gradient descent on a mask ends where least squares does, at the speed that the mask's constants promise or faster."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse.linalg import aslinearoperator

from sparsecs import Logistic, MaskedGradient, Softmax, debias, masked_constants, solve, stream
from sparsecs.problems.problem import Problem
from sparsecs.solvers.result import Status

MASK = (2, 3, 5, 7, 11, 13, 17)


def measured(m: int = 30, n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = stream(0, "masked", m, n)
    return rng.standard_normal((m, n)) * rng.uniform(0.5, 2, n), rng.standard_normal(m)


def test_it_ends_at_least_squares_on_the_mask() -> None:
    A, y = measured()
    expected = debias(A, y, MASK).x
    for door in (A, aslinearoperator(A)):
        result = solve(door, y, MaskedGradient(MASK))
        assert result.status is Status.STATIONARY
        assert np.allclose(result.x, expected, atol=1e-7)
        assert np.abs((A.T @ result.residual)[list(MASK)]).max() <= 1e-7 * np.abs(A.T @ y).max()
        assert set(result.support) <= set(MASK)


def test_infinite_weights_are_a_mask_too() -> None:
    A, y = measured()
    weights = np.full(40, np.inf)
    weights[list(MASK)] = 1
    by_weights, by_support = solve(A, y, MaskedGradient(), weights=weights), solve(A, y, MaskedGradient(MASK))
    assert np.array_equal(by_weights.x, by_support.x)
    both = solve(A, y, MaskedGradient((0, 2, 3)), weights=weights)
    assert set(both.support) == {2, 3}
    nothing = solve(A, y, MaskedGradient(()))
    assert nothing.status is Status.ZERO
    assert not nothing.x.any()


@pytest.mark.parametrize("step", [0.3, 1.0])
def test_no_step_contracts_less_than_the_constants_promise(step: float) -> None:
    A, y = measured()
    constants, end = masked_constants(A, MASK), debias(A, y, MASK).x
    distances = [np.linalg.norm(end)]
    for iterate in MaskedGradient(MASK, step=step).iterates(Problem(A, y)):
        distances.append(np.linalg.norm(iterate.x - end))
        if distances[-1] <= 1e-6 * distances[0]:
            break
    ratios = np.array(distances[1:]) / distances[:-1]
    assert len(ratios) > 20
    assert ratios.max() <= 1 - step / (1.01 * constants.condition) + 1e-9  # the method's L is one per cent above


def test_along_the_flattest_direction_the_promise_is_the_speed() -> None:
    A, _ = measured()
    part, constants = A[:, MASK], masked_constants(A, MASK)
    flattest = np.linalg.eigh(part.T @ part)[1][:, 0]
    iterates = MaskedGradient(MASK).iterates(Problem(A, part @ flattest))
    distances = [np.linalg.norm(i.x[list(MASK)] - flattest) for i, _ in zip(iterates, range(30), strict=False)]
    expected = 1 - 1 / (1.01 * constants.condition)
    assert np.allclose(np.array(distances[1:]) / distances[:-1], expected, rtol=1e-6)


def test_the_best_step_has_the_best_rate() -> None:
    A, y = measured()
    constants, end = masked_constants(A, MASK), debias(A, y, MASK).x
    step = 1.01 * 2 / (1 + 1 / constants.condition)  # 2/(L + μ) in units of one over 1.01 L
    distances = [
        np.linalg.norm(i.x - end)
        for i, _ in zip(MaskedGradient(MASK, step=step).iterates(Problem(A, y)), range(40), strict=False)
    ]
    ratios = np.array(distances[1:]) / distances[:-1]
    assert ratios.max() <= constants.best_rate + 1e-3
    assert constants.best_rate < constants.rate


def test_constants_are_the_extreme_eigenvalues() -> None:
    A, _ = measured()
    constants = masked_constants(A, MASK)
    eigenvalues = np.linalg.eigvalsh(A[:, MASK].T @ A[:, MASK])
    assert constants.strong_convexity == pytest.approx(eigenvalues[0], rel=1e-10)
    assert constants.smoothness == pytest.approx(eigenvalues[-1], rel=1e-12)
    rng = stream(0, "directions")
    for _ in range(100):
        u = rng.standard_normal(len(MASK))
        energy = float(np.sum((A[:, MASK] @ u) ** 2))
        assert (
            constants.strong_convexity * (u @ u) * (1 - 1e-12) <= energy <= constants.smoothness * (u @ u) * (1 + 1e-12)
        )
    wide = masked_constants(A, np.arange(40))
    assert (wide.strong_convexity, wide.condition, wide.rate) == (0, np.inf, 1)


def test_a_logistic_loss_ends_where_a_quasi_newton_method_does() -> None:
    A, _ = measured(80, 40)
    labels = (stream(0, "labels").random(80) < 0.5).astype(float)
    loss, mask = Logistic(), list(MASK)
    result = solve(A, labels, MaskedGradient(MASK, loss=loss))
    assert result.status is Status.STATIONARY
    part = A[:, mask]
    expected = minimize(
        lambda w: loss.value(part @ w, labels),
        np.zeros(7),
        jac=lambda w: part.T @ loss.gradient(part @ w, labels),
        tol=1e-12,
    ).x
    assert np.allclose(result.x[mask], expected, atol=1e-5)
    bent = masked_constants(A, MASK, loss=loss, y=labels, x=result.x)
    assert 0 < bent.strong_convexity < bent.smoothness <= loss.smoothness * masked_constants(A, MASK).smoothness
    distances = [
        np.linalg.norm(i.x - result.x)
        for i, _ in zip(MaskedGradient(MASK, loss=loss).iterates(Problem(A, labels)), range(60), strict=False)
    ]
    L = 1.02 * loss.smoothness * masked_constants(A, MASK).smoothness
    assert (
        distances[40] / distances[39] <= 1 - bent.strong_convexity / L + 1e-3
    )  # near the end the constants there count


def test_constants_of_softmax_are_those_of_its_differences() -> None:
    A, _ = measured(20, 6)
    y, x = np.eye(3)[stream(0, "classes").integers(0, 3, 20)], stream(0, "x").standard_normal((6, 3))
    constants = masked_constants(A, [1, 4], loss=Softmax(), y=y, x=x)

    def slope(w: np.ndarray) -> np.ndarray:
        full = x.copy()
        full[[1, 4]] = w.reshape(2, 3)
        return (A[:, [1, 4]].T @ Softmax().gradient(A @ full, y)).ravel()

    at = x[[1, 4]].ravel()
    hessian = np.stack([(slope(at + 1e-6 * e) - slope(at - 1e-6 * e)) / 2e-6 for e in np.eye(6)])
    assert constants.smoothness == pytest.approx(np.linalg.eigvalsh(hessian)[-1], rel=1e-6)
    assert constants.strong_convexity == pytest.approx(0, abs=1e-9)  # one more on all classes changes nothing


def test_a_mask_without_meaning_is_refused() -> None:
    A, y = measured()
    with pytest.raises(ValueError, match="support must lie between 0 and 39"):
        solve(A, y, MaskedGradient((3, 40)))
    with pytest.raises(ValueError, match="below 2"):
        MaskedGradient(step=2.0)
    with pytest.raises(ValueError, match="mask is empty"):
        masked_constants(A, [])
    with pytest.raises(ValueError, match="give y= and x="):
        masked_constants(A, [1], loss=Logistic())
