"""Bounds on restricted isometry of Gaussian matrices, and the sparsity that they guarantee."""

from __future__ import annotations

import math

import numpy as np
import pytest
from naive_thresholds import extreme_eigenvalues

from sparsecs import BahTanner, BlanchardCartisTanner, DonohoTanner, stream

FAMILIES = [BlanchardCartisTanner, BahTanner]
both = pytest.mark.parametrize("family", FAMILIES)
DELTAS = np.array([1e-6, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 1 - 1e-6, 1.0])
RHOS = np.array([1e-6, 1e-3, 0.02, 0.1, 0.3, 0.6, 0.9])
POINTS = [(0.5, 0.1), (0.1, 0.3), (0.9, 0.2), (0.9, 0.6), (0.99, 0.9), (0.01, 0.01), (1e-6, 0.001), (1.0, 0.5)]


@both
@pytest.mark.parametrize(("delta", "rho"), POINTS)
def test_bounds_are_those_found_on_a_grid_of_sizes(
    family: type[BlanchardCartisTanner | BahTanner], delta: float, rho: float
) -> None:
    low, high = extreme_eigenvalues(delta, rho, family is BahTanner)
    curve = family()
    # a grid finds a worse size than the best, by little
    assert 1 - curve.L(delta, rho) == pytest.approx(low, rel=2e-5, abs=1e-14)
    assert 1 + curve.U(delta, rho) == pytest.approx(high, rel=2e-5)
    assert 1 - curve.L(delta, rho) >= low * (1 - 1e-9) - 1e-15
    assert 1 + curve.U(delta, rho) <= high * (1 + 1e-9)


@both
def test_bounds_solve_their_equation(family: type[BlanchardCartisTanner | BahTanner]) -> None:
    """Without groups as they stand; with groups at the size that the stationary point names."""
    curve = family()
    for delta in (1e-6, 0.2, 0.7):
        for rho in (1e-3, 0.05, 0.3):
            lowest, highest = 1 - curve.L(delta, rho), 1 + curve.U(delta, rho)
            if family is BlanchardCartisTanner:
                assert abs(_psi_min(lowest, rho) + _entropy(rho * delta) / delta) <= 1e-12 / min(1, lowest)
                assert abs(_psi_max(highest, rho) + _entropy(rho * delta) / delta) <= 1e-12
            else:
                shared = [_entropy(rho * delta) / delta - g * _entropy(rho / g) for g in _sizes(rho)]
                least = [_psi_max(highest, g) + c for g, c in zip(_sizes(rho), shared, strict=True)]
                assert min(least) == pytest.approx(0, abs=2e-6)
                assert min(least) > -1e-11


def _sizes(rho: float) -> np.ndarray:
    return rho + (1 - rho) * np.logspace(-10, -1e-3, 4000)


def _entropy(p: float) -> float:
    return -p * math.log(p) - (1 - p) * math.log1p(-p)


def _psi_min(x: float, g: float) -> float:
    return _entropy(g) + 0.5 * ((1 - g) * math.log(x) + 1 - g + g * math.log(g) - x)


def _psi_max(x: float, g: float) -> float:
    return 0.5 * ((1 + g) * math.log(x) + 1 + g - g * math.log(g) - x)


@both
def test_bounds_grow_with_the_columns_and_fall_with_the_measurements(
    family: type[BlanchardCartisTanner | BahTanner],
) -> None:
    for bound in (family().L, family().U):
        table = bound(DELTAS[:, None], RHOS[None, :])
        assert table.shape == (DELTAS.size, RHOS.size)
        assert (np.diff(table, axis=1) >= 0).all()
        assert (np.diff(table, axis=0) <= 1e-15).all()
        assert table[3, 2] == bound(DELTAS[3], RHOS[2])
        assert isinstance(bound(0.5, 0.1), float)
        assert bound(0.5, [])[()].shape == (0,)
    assert (family().L(DELTAS[:, None], RHOS) <= 1).all()
    assert (family().L(DELTAS, 1) == 1).all()


def test_shared_supports_make_the_bounds_sharper() -> None:
    old, new = BlanchardCartisTanner(), BahTanner()
    grid = DELTAS[:, None], RHOS[None, :]
    assert (new.L(*grid) <= old.L(*grid)).all()
    assert (new.U(*grid) <= old.U(*grid) * (1 + 1e-14)).all()
    assert (new.rho(DELTAS) > old.rho(DELTAS)).all()


@both
@pytest.mark.parametrize("order", [4 / 3, 2.0, 4.0, 30.0])
def test_what_is_guaranteed_is_true_and_little(family: type[BlanchardCartisTanner | BahTanner], order: float) -> None:
    """Every signal is recovered below the strong threshold; these curves lie below half of it."""
    guaranteed, strong = family(order=order).rho(DELTAS), DonohoTanner("strong").rho(DELTAS)
    assert (guaranteed < 0.5 * strong).all()
    bar = math.sqrt((order - 1) / order)
    lower, upper = (bound(DELTAS, order * guaranteed) for bound in (family().L, family().U))
    assert (upper + lower) / (2 + upper - lower) == pytest.approx(bar, rel=1e-10)


@both
def test_the_sharper_condition_guarantees_more(family: type[BlanchardCartisTanner | BahTanner]) -> None:
    old = family("foucart-lai")
    assert (old.rho(DELTAS) < family().rho(DELTAS)).all()
    ratio = (1 + old.U(DELTAS, 2 * old.rho(DELTAS))) / (1 - old.L(DELTAS, 2 * old.rho(DELTAS)))
    assert ratio == pytest.approx(4 * math.sqrt(2) - 3, rel=1e-10)


@both
def test_pairs_of_columns_of_a_large_gaussian_matrix_keep_within_the_bounds(
    family: type[BlanchardCartisTanner | BahTanner],
) -> None:
    m, n = 400, 800
    A = stream(0, "pairs").standard_normal((m, n)) / math.sqrt(m)
    G = A.T @ A
    mean, half = (np.diag(G)[:, None] + np.diag(G)) / 2, np.abs(np.diag(G)[:, None] - np.diag(G)) / 2
    spread = np.hypot(half, G)
    np.fill_diagonal(spread, 0)
    lower, upper = 1 - (mean - spread).min(), (mean + spread).max() - 1
    assert 0.7 * family().L(m / n, 2 / m) < lower < family().L(m / n, 2 / m)
    assert 0.7 * family().U(m / n, 2 / m) < upper < family().U(m / n, 2 / m)


@both
def test_what_has_no_meaning_is_refused(family: type[BlanchardCartisTanner | BahTanner]) -> None:
    with pytest.raises(ValueError, match="condition must be one of 'cai-zhang', 'foucart-lai'"):
        family("candes")
    with pytest.raises(ValueError, match="speaks of order 2"):
        family("foucart-lai", 3.0)
    for order in (1.0, float("nan"), float("inf"), -2.0):
        with pytest.raises(ValueError, match="order must be"):
            family(order=order)
    for bound in (family().L, family().U):
        for delta, rho in ((0.0, 0.1), (1.1, 0.1), (float("nan"), 0.1), (0.5, 0.0), (0.5, 1.1), (0.5, 1e-13)):
            with pytest.raises(ValueError, match=r"must be at least 1e-.* and at most 1; got"):
                bound(delta, [rho])
