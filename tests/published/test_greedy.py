"""What scikit-learn, sparse-plex and CompressedSensing.jl assert of pursuits, and Blumensath and Davies of their method."""

from __future__ import annotations

from itertools import combinations, islice

import numpy as np
import pytest

from sparsecs import (
    HTP,
    IHT,
    OMP,
    CoSaMP,
    GeneralizedOMP,
    NormalizedIHT,
    Problem,
    Solver,
    Status,
    SubspacePursuit,
    solve,
)

seeds = pytest.mark.parametrize("seed", range(20))


def unit_columns(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    A = rng.standard_normal((m, n))
    return A / np.linalg.norm(A, axis=0)


def planted(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    """k nonzeros with sizes between 1 and 2 and random signs."""
    x = np.zeros(n)
    x[rng.choice(n, k, replace=False)] = rng.choice([-1.0, 1.0], k) * rng.uniform(1, 2, k)
    return x


def named(solver: Solver) -> str:
    return type(solver).__name__


@pytest.mark.parametrize("solver", [OMP(), CoSaMP()], ids=named)
@pytest.mark.parametrize(("m", "k"), [(100, 4), (200, 10)])
@seeds
def test_few_nonzeros_of_a_thousand_are_found(seed: int, m: int, k: int, solver: Solver) -> None:
    rng = np.random.default_rng(seed)  # sparse-plex draws 500 such signals and asks for all supports
    A, x = unit_columns(rng, m, 1000), planted(rng, 1000, k)
    result = solve(A, A @ x, solver, sparsity=k)
    assert (result.support == np.flatnonzero(x)).all()
    assert np.abs(result.x - x).max() < 1e-12


@pytest.mark.parametrize("solver", [OMP(), GeneralizedOMP(), SubspacePursuit()], ids=named)
@seeds
def test_three_nonzeros_of_forty_eight_are_found_from_thirty_two_measurements(seed: int, solver: Solver) -> None:
    rng = np.random.default_rng(100 + seed)
    A, x = rng.standard_normal((32, 48)), planted(rng, 48, 3)
    result = solve(A, A @ x, solver, sparsity=3)
    assert (result.support == np.flatnonzero(x)).all()
    assert np.abs(result.x - x).max() < 1e-12


@pytest.mark.parametrize("seed", range(12))
def test_a_step_that_is_too_long_is_never_silent_and_the_default_is_not_too_long(seed: int) -> None:
    # at 100 x 400 with 20 nonzeros, cr-sparse fails with 0.98 / |A|^2, recovers with 0.5 and is at NaN with 1
    rng = np.random.default_rng(200 + seed)
    A, x = unit_columns(rng, 100, 400), np.zeros(400)
    x[rng.choice(400, 20, replace=False)] = rng.standard_normal(20)
    y = A @ x
    for step in (0.5, 1.0, 2.0, 10.0):
        for solver in (IHT(step=step), HTP(step=step)):
            result = solve(A, y, solver, sparsity=20)
            assert np.isfinite(result.x).all()
            found = np.linalg.norm(result.x - x) <= 1e-6 * np.linalg.norm(x)
            assert found == (result.status is Status.SOLVED), f"{solver} says {result}"
    for solver in (NormalizedIHT(), HTP()):
        assert np.linalg.norm(solve(A, y, solver, sparsity=20).x - x) <= 1e-6 * np.linalg.norm(x)


@pytest.mark.parametrize("factor", [10.0, 0.1, 1e-9, 1e9])
def test_ten_times_the_matrix_gives_a_tenth_of_the_signal(factor: float) -> None:
    rng = np.random.default_rng(0)
    A, x = unit_columns(rng, 25, 35), planted(rng, 35, 5)
    y = A @ x
    result = solve(factor * A, y, OMP(), sparsity=5)
    assert (result.support == np.flatnonzero(x)).all()
    assert np.abs(factor * result.x - x).max() < 1e-12


def test_of_identical_columns_one_is_chosen_and_the_search_goes_on() -> None:
    rng = np.random.default_rng(0)
    A = rng.standard_normal((25, 35))
    A[:, 0] = A[:, 1]
    result = solve(A, A[:, 0] + A[:, 1], OMP(), sparsity=2)  # one column explains it all
    assert result.support.tolist() == [0]
    assert result.x[0] == pytest.approx(2, abs=1e-13)
    assert result.status is Status.SOLVED
    noisy = solve(A, A[:, 0] + A[:, 1] + 0.01 * rng.standard_normal(25), OMP(), sparsity=10)
    assert noisy.support.size == 10
    assert not {0, 1} <= set(noisy.support.tolist())


def test_columns_that_all_depend_on_few_are_no_cause_for_harm() -> None:
    column = np.random.default_rng(0).standard_normal(10)
    A = np.outer(column, [1.0, -2.0, 1e-8, 3.0])
    y = column + np.roll(column, 1)
    result = solve(A, y, OMP(), sparsity=3)
    assert result.support.size == 1
    assert result.status is Status.DEPENDENT
    assert np.abs(A.T @ result.residual).max() < 1e-13 * np.linalg.norm(A) * np.linalg.norm(y)


def test_nothing_measured_means_that_nothing_is_found() -> None:
    result = solve(np.random.default_rng(0).standard_normal((25, 35)), np.zeros(25), OMP(), sparsity=5)
    assert not result.x.any()
    assert result.status is Status.ZERO


@seeds
def test_with_as_many_nonzeros_as_columns_it_is_least_squares(seed: int) -> None:
    rng = np.random.default_rng(seed)
    A, y = rng.standard_normal((30, 8)), rng.standard_normal(30)
    assert np.abs(solve(A, y, OMP(), sparsity=8).x - np.linalg.lstsq(A, y, rcond=None)[0]).max() < 1e-12


def troubled(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Matrices on which a fixed step diverges or stands still: alike columns, three decades of norms, copies."""
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((20, 50)) + 2.0 * (seed % 3) * rng.standard_normal((20, 1))
    A *= 10.0 ** rng.uniform(-1.5, 1.5, 50)
    A[:, 40:] = A[:, :10]
    return A, rng.standard_normal(20)


@seeds
def test_normalised_iht_never_raises_its_objective_and_stays_sparse(seed: int) -> None:
    A, y = troubled(seed)
    size = float(np.linalg.norm(y))
    before = size
    for iterate in islice(NormalizedIHT().iterates(Problem(A, y, sparsity=6)), 400):
        now = float(np.linalg.norm(y - A @ iterate.x))
        assert np.count_nonzero(iterate.x) <= 6
        assert now <= before + 1e-13 * size
        before = now


@pytest.mark.parametrize("c", [0.01, 0.3, 0.9])
def test_each_step_of_normalised_iht_falls_by_the_margin_of_its_line_search(c: float) -> None:
    # mu <= (1 - c) |d|^2 / |A d|^2 gives |r|^2 - |r'|^2 >= c / (1 - c) |A d|^2 if the support changes, else |A d|^2
    A, y = troubled(1)
    x, residual = np.zeros(50), y
    solver = NormalizedIHT(c=c, kappa=1.1 / (1 - c))
    for iterate in islice(solver.iterates(Problem(A, y, sparsity=6)), 60):
        moved = np.linalg.norm(A @ (iterate.x - x)) ** 2
        fall = np.linalg.norm(residual) ** 2 - np.linalg.norm(iterate.residual) ** 2
        assert fall >= min(c / (1 - c), 1) * moved - 1e-12
        x, residual = iterate.x, iterate.residual


def test_the_first_step_of_normalised_iht_is_the_best_one_on_the_largest_correlations() -> None:
    A, y = troubled(2)
    correlations = A.T @ y
    chosen = np.argsort(-np.abs(correlations), kind="stable")[:6]
    step = np.zeros(50)
    step[chosen] = correlations[chosen]
    first = next(NormalizedIHT().iterates(Problem(A, y, sparsity=6)))
    best = (step @ step) / np.linalg.norm(A @ step) ** 2
    assert np.allclose(first.x, best * step, rtol=1e-12, atol=0)


@pytest.mark.parametrize("factor", [3.0, 1e-7, 1e40])
def test_normalised_iht_does_not_ask_in_which_unit_the_matrix_is_given(factor: float) -> None:
    rng = np.random.default_rng(0)
    A, x = unit_columns(rng, 60, 100), planted(rng, 100, 6)
    plain, other = (solve(c * A, A @ x, NormalizedIHT(), sparsity=6) for c in (1.0, factor))
    assert np.abs(plain.x - x).max() < 1e-6
    assert np.abs(factor * other.x - x).max() < 1e-6
    assert plain.iterations == other.iterations


def test_near_an_isometry_each_step_of_normalised_iht_halves_the_error() -> None:
    # Blumensath and Davies (2010): if the restricted isometry constants of order 2k are small, errors fall as 2^-t
    rng = np.random.default_rng(0)
    A = 5.0 * (np.linalg.qr(rng.standard_normal((30, 10)))[0] + 0.005 * rng.standard_normal((30, 10)))
    squares = [np.linalg.svd(A[:, S], compute_uv=False) ** 2 for S in map(list, combinations(range(10), 6))]
    assert max(s.max() for s in squares) / min(s.min() for s in squares) - 1 < 1 / 8
    x = planted(rng, 10, 3)
    for t, iterate in enumerate(islice(NormalizedIHT().iterates(Problem(A, A @ x, sparsity=3)), 30), 1):
        assert np.linalg.norm(iterate.x - x) <= 2.0**-t * np.linalg.norm(x) + 1e-14
