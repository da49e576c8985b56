"""The threshold of the LASSO's signs: its equation, the exact law beside it, and the LASSO itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sparsecs import (
    Lasso,
    WainwrightSupport,
    irrepresentable,
    irrepresentable_probability,
    solve,
    stream,
    success_probability,
)

SIZES = [6, 20, 100, 1000, 10**6, 10**12]


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("theta", [0.6, 1.0, 1.7])
def test_it_solves_its_equation(n: int, theta: float) -> None:
    if n == 6 and theta < 1:
        with pytest.raises(ValueError, match="Give a larger n"):
            WainwrightSupport(n, theta)
        return
    curve = WainwrightSupport(n, theta)
    for delta in (1e-300, 1e-6, 0.01, 0.3, 0.7, 1.0):
        k, m = delta * n * curve.rho(delta), delta * n
        assert 2 * theta * k * math.log(n - k) == pytest.approx(m, rel=1e-11)
        assert k / n <= delta * curve.limit * (1 + 1e-12)


@pytest.mark.parametrize("n", SIZES)
def test_it_starts_at_one_over_a_logarithm_and_falls_with_n(n: int) -> None:
    curve = WainwrightSupport(n)
    assert curve.start == pytest.approx(1 / (2 * math.log(n)))
    assert curve.rho(1e-200) == pytest.approx(curve.start)
    assert WainwrightSupport(2 * n).rho(0.5) < curve.rho(0.5)
    assert WainwrightSupport().k(n // 2, n) == pytest.approx(curve.rho((n // 2) / n) * (n // 2))


def test_success_is_the_probability_of_the_irrepresentable_condition() -> None:
    found = WainwrightSupport().success(np.arange(13).reshape(1, 13), 40, 60)
    assert found.shape == (1, 13)
    assert found[0].tolist() == [irrepresentable_probability(40, 60, k) for k in range(13)]
    assert isinstance(WainwrightSupport().success(3, 40, 60), float)
    assert WainwrightSupport().success([41, 60], 40, 60).tolist() == [0, 0]


def test_it_asks_more_than_recovery_without_noise() -> None:
    k = np.arange(1, 41)
    assert (WainwrightSupport().success(k, 40, 60) <= success_probability(k, 40, 60) + 1e-12).all()


def test_success_goes_from_one_to_nought_around_the_curve() -> None:
    curve = WainwrightSupport()
    widths = []
    for n in (10**3, 10**5, 10**7):
        m = n // 4
        chances = curve.success(np.round(curve.k(m, n) * np.array([0.7, 1.6])), m, n)
        assert chances[0] > 0.95
        assert chances[1] < 0.05
        widths.append(curve.finite_sparsity(m, n) / curve.k(m, n) - 1)
    assert (np.diff(widths) < 0).all()
    assert max(map(abs, widths)) < 0.13


@pytest.mark.parametrize(("m", "n"), [(10, 12), (50, 100), (100, 512), (5000, 10**6)])
def test_at_the_finite_sparsity_success_is_an_even_bet(m: int, n: int) -> None:
    k = WainwrightSupport().finite_sparsity(m, n)
    above, below = WainwrightSupport().success(np.array([math.floor(k), math.ceil(k)]), m, n)
    assert below <= 0.5 <= above
    assert k > 0


def test_nearly_as_many_measurements_as_unknowns_are_enough_for_any_number_of_nonzeros() -> None:
    assert WainwrightSupport().finite_sparsity(1, 2) == 1
    assert WainwrightSupport().success(1, 1, 2) == pytest.approx(0.5, abs=1e-12)


def test_the_lasso_has_the_signs_when_the_condition_holds_and_only_then() -> None:
    rng, (m, n, k) = stream(0, "signs"), (16, 30, 3)
    agreed, held = [], []
    for _ in range(40):
        A, signs = rng.standard_normal((m, n)), rng.choice([-1.0, 1.0], k)
        x = np.zeros(n)
        x[:k] = signs
        margin = irrepresentable(A, range(k), signs)
        if abs(margin - 1) < 0.02:
            continue
        found = solve(A, A @ x, Lasso(weight=0.05, tolerance=1e-10)).x
        held.append(margin < 1)
        agreed.append(np.array_equal(np.sign(np.where(np.abs(found) < 1e-9, 0, found)), x) == held[-1])
    assert all(agreed)
    assert 5 < sum(held) < len(held) - 5
    expected = WainwrightSupport().success(k, m, n)
    assert np.mean(held) == pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / len(held)))


def test_sizes_without_meaning_are_refused() -> None:
    for n in (5, 0, -3, 10**16):
        with pytest.raises(ValueError, match="n must be between 6"):
            WainwrightSupport(n)
    for theta in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="theta must be above zero"):
            WainwrightSupport(theta=theta)
    curve = WainwrightSupport()
    for k in (-1, 61, 2.5, float("nan")):
        with pytest.raises(ValueError, match="k must be whole and between 0 and n = 60"):
            curve.success(k, 40, 60)
    for m, n in ((0, 60), (60, 60), (1, 1)):
        with pytest.raises(ValueError):
            curve.finite_sparsity(m, n)
