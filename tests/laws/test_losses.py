"""Every loss is convex and smooth as it says, its derivatives are true, and its dual value is a bound that is attained."""

from __future__ import annotations

from typing import NamedTuple

import naive
import numpy as np
import pytest

from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.losses.base import Loss
from sparsecs.losses.huber import Huber
from sparsecs.losses.logistic import Logistic
from sparsecs.losses.softmax import Softmax
from sparsecs.losses.squared import Squared

RNG = stream(0, "losses")
REAL, PLACES = RNG.standard_normal(6), list(RNG.standard_normal((8, 6)) * 2)
LABELS, ONE_HOT = np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0]), np.eye(3)[[0, 2]]


class Case(NamedTuple):
    """A loss and data for it; a prediction is any array of their shape."""

    loss: Loss
    y: np.ndarray

    @property
    def places(self) -> list[np.ndarray]:
        return [place.reshape(self.y.shape) for place in PLACES]


VARIANTS = {
    "Logistic": [Case(Logistic(), LABELS), Case(Logistic(), 2 * LABELS - 1), Case(Logistic(), LABELS.reshape(3, 2))],
    "Softmax": [Case(Softmax(), ONE_HOT)],
    "Huber": [Case(Huber(), REAL), Case(Huber(delta=1.5), REAL), Case(Huber(delta=0.5), REAL.reshape(2, 3))],
}
CASES = [
    case
    for name, cls in members("sparsecs.losses", Loss).items()
    for case in VARIANTS.get(name, [Case(cls(), REAL), Case(cls(), REAL.reshape(3, 2))])
]


def over(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[f"{case.loss}, y {case.y.shape}" for case in cases])


every = over(CASES)


def inner(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.vdot(a, b).real)


@every
def test_the_gradient_is_the_true_one(case: Case) -> None:
    loss, y = case
    for z in case.places:
        slope = naive.jacobian_by_differences(lambda at: np.array([loss.value(at.reshape(y.shape), y)]), z.ravel())[0]
        assert np.allclose(loss.gradient(z, y).ravel(), slope, rtol=1e-7, atol=1e-8)


@every
def test_the_curvature_is_the_derivative_of_the_gradient(case: Case) -> None:
    loss, y = case
    for z, direction in zip(case.places, case.places[1:], strict=False):
        if isinstance(loss, Huber):  # no bend within reach of the difference
            assert (np.abs(np.abs(z - y) - loss.fitted(y).delta) > 1e-4).all()
        ahead, behind = (loss.gradient(z + sign * 1e-6 * direction, y) for sign in (1, -1))
        assert np.allclose(loss.curvature(z, y, direction), (ahead - behind) / 2e-6, rtol=1e-7, atol=1e-8)


@every
def test_the_curvature_is_symmetric_and_between_zero_and_the_smoothness(case: Case) -> None:
    loss, y = case
    for z in case.places:
        H = np.column_stack([loss.curvature(z, y, unit.reshape(y.shape)).ravel() for unit in np.eye(6)])
        assert np.allclose(H, H.T, atol=1e-16)
        assert np.linalg.eigvalsh(H).min() >= -1e-15
        assert np.linalg.eigvalsh(H).max() <= loss.smoothness * (1 + 1e-14)


@every
def test_it_lies_above_its_tangents_and_below_the_parabola_of_its_smoothness(case: Case) -> None:
    loss, y = case
    for z in case.places:
        for other in case.places:
            step = other - z
            tangent = loss.value(z, y) + inner(loss.gradient(z, y), step)
            assert tangent - 1e-12 <= loss.value(other, y)
            assert loss.value(other, y) <= tangent + 0.5 * loss.smoothness * inner(step, step) + 1e-12


@every
def test_the_dual_value_bounds_the_loss_from_below_and_meets_it_at_minus_the_gradient(case: Case) -> None:
    loss, y = case
    for z in case.places:
        for nu in [*case.places, *(-loss.gradient(place, y) for place in case.places)]:
            assert loss.dual_value(nu, y) - inner(nu, z) <= loss.value(z, y) + 1e-12
        nu = -loss.gradient(z, y)
        assert loss.dual_value(nu, y) - inner(nu, z) == pytest.approx(loss.value(z, y), abs=1e-12)


@every
@pytest.mark.parametrize("limit", [0.1, 1.0, 100.0, np.inf])
def test_the_dual_point_is_the_best_one_along_minus_a_gradient(case: Case, limit: float) -> None:
    loss, y = case
    for direction in (*(-loss.gradient(z, y) for z in case.places), np.zeros(y.shape)):
        best = loss.dual_point(direction, y, limit)
        rivals = [loss.dual_value(s * direction, y) for s in np.linspace(0, min(limit, 30), 601)]
        assert np.isfinite(loss.dual_value(best, y))
        assert loss.dual_value(best, y) >= max(rivals) - 1e-13
        share = inner(best, direction) / (inner(direction, direction) or 1)
        assert np.allclose(best, share * direction, atol=1e-14)
        assert -1e-15 <= share <= limit * (1 + 1e-14)


@every
def test_a_direction_that_is_no_gradient_gives_a_dual_point_all_the_same(case: Case) -> None:
    loss, y = case
    for direction in case.places:
        best = loss.dual_point(direction, y, 1.0)
        assert np.isfinite(loss.dual_value(best, y))
        assert loss.dual_value(best, y) >= loss.dual_value(0 * direction, y) - 1e-13


@every
def test_huge_predictions_do_not_overflow(case: Case) -> None:
    loss, y = case
    for z in case.places:
        for size in (1e4, 1e100):
            assert np.isfinite(loss.value(size * z, y))
            assert np.isfinite(loss.gradient(size * z, y)).all()
            assert np.isfinite(loss.curvature(size * z, y, z)).all()


@every
def test_numbers_that_are_not_numbers_are_seen(case: Case) -> None:
    z = case.places[0].copy()
    z.flat[3] = np.nan
    assert np.isnan(case.loss.value(z, case.y))
    assert np.isnan(case.loss.gradient(z, case.y)).any()


@every
def test_single_precision_stays(case: Case) -> None:
    z, y = case.places[0].astype(np.float32), case.y.astype(np.float32)
    assert case.loss.gradient(z, y).dtype == np.float32
    assert case.loss.curvature(z, y, z).dtype == np.float32
    assert case.loss.dual_point(-case.loss.gradient(z, y), y, 1.0).dtype == np.float32
    nu = -case.loss.gradient(z, y).astype(float)  # a direction found in single precision is good enough for a bound
    gap = case.loss.value(case.places[0], case.y) + inner(nu, case.places[0]) - case.loss.dual_value(nu, case.y)
    assert -1e-5 <= gap <= 1e-5


@over([case for case in CASES if case.loss.scales])
@pytest.mark.parametrize("e", [-100, -3, 60])
def test_units_of_y_mean_nothing(case: Case, e: int) -> None:
    loss, y, c = case.loss, case.y, 2.0**-e
    other = loss.rescaled(e)
    assert other.fitted(c * y) == loss.fitted(y).rescaled(e)
    for z in case.places:
        assert other.value(c * z, c * y) / c**2 == pytest.approx(loss.value(z, y), rel=1e-13)
        assert np.allclose(other.gradient(c * z, c * y) / c, loss.gradient(z, y), rtol=1e-13)
        assert other.dual_value(c * z / 20, c * y) / c**2 == pytest.approx(loss.dual_value(z / 20, y), rel=1e-13)


@every
def test_what_is_fitted_is_the_same_loss(case: Case) -> None:
    loss, y = case
    assert loss.fitted(y).fitted(2 * y) == loss.fitted(y)
    for z in case.places:
        assert loss.fitted(y).value(z, y) == loss.value(z, y)


@pytest.mark.parametrize("loss", [Squared(), Huber(delta=0.8)], ids=repr)
def test_complex_data_have_the_losses_of_their_real_and_imaginary_parts(loss: Loss) -> None:
    y, z, d = (a + 1j * b for a, b in zip([REAL, PLACES[0], PLACES[1]], PLACES[2:5], strict=True))

    def value(parts: np.ndarray) -> np.ndarray:
        return np.array([loss.value(parts[:6] + 1j * parts[6:], y)])

    slope = naive.jacobian_by_differences(value, np.concatenate([z.real, z.imag]))[0]
    assert np.allclose(loss.gradient(z, y), slope[:6] + 1j * slope[6:], rtol=1e-7, atol=1e-8)
    ahead, behind = (loss.gradient(z + sign * 1e-6 * d, y) for sign in (1, -1))
    assert np.allclose(loss.curvature(z, y, d), (ahead - behind) / 2e-6, rtol=1e-6, atol=1e-8)
    nu = -loss.gradient(z, y)
    assert loss.dual_value(nu, y) - inner(nu, z) == pytest.approx(loss.value(z, y), abs=1e-12)


def test_huber_is_the_squared_loss_near_and_the_modulus_far_out() -> None:
    z = np.array([0.5, -0.5])
    assert Huber(delta=1.0).value(z, 0 * z) == Squared().value(z, 0 * z)
    assert Huber(delta=1.0).value(1000 * z, 0 * z) == pytest.approx(2 * (500 - 0.5))


def test_two_classes_of_softmax_are_logistic() -> None:
    for z in PLACES:
        both = np.column_stack([0 * z, z])
        assert Softmax().value(both, np.eye(2)[LABELS.astype(int)]) == pytest.approx(Logistic().value(z, LABELS))


def test_probabilities_that_are_tiny_keep_their_digits() -> None:
    y, z = np.array([1.0, 0.0]), np.array([50.0, -50.0])
    tiny = np.exp(-50)
    assert Logistic().value(z, y) == pytest.approx(2 * tiny, rel=1e-14)
    assert np.allclose(Logistic().gradient(z, y), [-tiny, tiny], rtol=1e-14, atol=0)
    assert np.allclose(Logistic().curvature(z, y, np.ones(2)), tiny, rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    ("loss", "y", "error", "words"),
    [
        (Logistic(), np.array([0.0, 2.0]), ValueError, "labels 0 and 1.*got 0, 2"),
        (Logistic(), np.array([0.0, 1.0, -1.0]), ValueError, "got -1, 0, 1"),
        (Logistic(), np.array([1.0 + 0j]), TypeError, "complex"),
        (Softmax(), np.array([0.0, 1.0]), ValueError, "one-hot.*np.eye"),
        (Softmax(), np.array([[0.5, 0.5], [1.0, 1.0]]), ValueError, "row 0 is not"),
        (Softmax(), np.array([[1.0, 0.0], [1.0, 1.0]]), ValueError, "row 1 is not"),
        (Softmax(), np.array([[1.0 + 0j]]), TypeError, "complex"),
    ],
)
def test_labels_that_are_none_are_refused(loss: Loss, y: np.ndarray, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        loss.accepts(y)


@every
def test_good_data_are_accepted(case: Case) -> None:
    case.loss.accepts(case.y)
