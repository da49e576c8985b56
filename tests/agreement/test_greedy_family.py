"""The pursuits and thresholding methods beside slow twins from their papers, iterate by iterate."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import naive_pursuits
import numpy as np
import pytest

from sparsecs import (
    CGIHT,
    HTP,
    OLS,
    ROMP,
    AcceleratedIHT,
    CoSaMP,
    GeneralizedOMP,
    MatchingPursuit,
    NormalizedIHT,
    Problem,
    Solver,
    StOMP,
    SubspacePursuit,
    solve,
)
from sparsecs.solvers._support import Columns

KINDS = {"real": (np.float64, 0), "complex": (np.complex128, 0), "joint": (np.float64, 3)}
kinds = pytest.mark.parametrize("kind", KINDS)
seeds = pytest.mark.parametrize("seed", range(6))


def asked(
    seed: int, kind: str, m: int = 40, n: int = 90, k: int = 8, noise: float = 0.05, unit: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """A matrix and what it measures of a signal near the limit of what can be recovered, with noise."""
    rng = np.random.default_rng(seed)
    dtype, p = KINDS[kind]

    def draw(*shape: int) -> np.ndarray:
        real = rng.standard_normal(shape)
        return real + 1j * rng.standard_normal(shape) if dtype is np.complex128 else real

    A = draw(m, n)
    A = A / np.linalg.norm(A, axis=0) if unit else A
    x = np.zeros((n, p) if p else n, dtype=dtype)
    x[rng.choice(n, k, replace=False)] = draw(k, p) if p else draw(k)
    shape = (m, p) if p else (m,)
    return A, A @ x + noise * draw(*shape)


def same_path(solver: Solver, A: np.ndarray, y: np.ndarray, k: int | None, twin: list[np.ndarray]) -> int:
    """How many iterates there are, all like those of the twin."""
    own = [iterate.x for iterate in islice(solver.iterates(Problem(A, y, sparsity=k)), len(twin))]
    for number, (found, expected) in enumerate(zip(own, twin, strict=False)):
        assert np.abs(found - expected).max() <= 1e-9 * np.abs(expected).max(), f"iterate {number}"
    return len(own)


@kinds
@seeds
def test_ols_takes_the_column_after_which_the_residual_is_smallest(seed: int, kind: str) -> None:
    A, y = asked(seed, kind, 20, 40, 6)
    lengths = 10.0 ** np.random.default_rng(seed).uniform(-4, 4, 40)
    twin = naive_pursuits.ols(A, y, 7)
    found = [
        iterate.x * (lengths if y.ndim == 1 else lengths[:, None])
        for iterate in OLS().iterates(Problem(A * lengths, y, sparsity=7))
    ]
    assert len(found) == 7
    for one, expected in zip(found, twin, strict=True):
        assert np.abs(one - expected).max() <= 1e-9 * np.abs(expected).max()


@kinds
@seeds
def test_ols_follows_its_twin_where_columns_are_alike(seed: int, kind: str) -> None:
    A, y = asked(seed, kind, 20, 40, 6)
    A = 0.02 * A + np.linalg.norm(A, axis=0).mean() * A[:, :1]
    twin = naive_pursuits.ols(A / np.linalg.norm(A, axis=0), y, 6)
    own = [iterate.x for iterate in OLS().iterates(Problem(A / np.linalg.norm(A, axis=0), y, sparsity=6))]
    for one, expected in zip(own, twin, strict=True):
        assert np.abs(one - expected).max() <= 1e-7 * np.abs(expected).max()


@kinds
@seeds
def test_normalised_iht_follows_its_twin(seed: int, kind: str) -> None:
    A, y = asked(seed, kind, unit=False)
    twin = naive_pursuits.normalized_iht(A, y, 8, 40, 0.01, 2.0)
    assert same_path(NormalizedIHT(), A, y, 8, twin) == 40


@kinds
@seeds
def test_accelerated_iht_follows_its_twin(seed: int, kind: str) -> None:
    A, y = asked(seed, kind, unit=False)
    assert same_path(AcceleratedIHT(), A, y, 8, naive_pursuits.accelerated_iht(A, y, 8, 15)) == 15


@kinds
@seeds
def test_cgiht_follows_its_twin(seed: int, kind: str) -> None:
    A, y = asked(seed, kind, k=6, noise=0.01)
    assert same_path(CGIHT(), A, y, 6, naive_pursuits.cgiht(A, y, 6, 10)) == 10


def troubled(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Alike columns of two decades of norms, and a y that has nothing to do with them."""
    rng = np.random.default_rng(seed)
    A = (rng.standard_normal((20, 50)) + 3.0 * rng.standard_normal((20, 1))) * 10.0 ** rng.uniform(-1, 1, 50)
    return A, rng.standard_normal(20)


@seeds
def test_the_residual_of_accelerated_iht_never_grows(seed: int) -> None:
    A, y = troubled(seed)
    before = float(np.linalg.norm(y))
    for iterate in islice(AcceleratedIHT().iterates(Problem(A, y, sparsity=6)), 150):
        now = float(np.linalg.norm(y - A @ iterate.x))
        assert now <= before * (1 + 1e-12)
        before = now


@seeds
def test_cgiht_gives_up_a_search_that_leads_nowhere_and_goes_down_from_the_best_x(seed: int) -> None:
    A, y = troubled(seed)
    sizes = [float(np.linalg.norm(i.residual)) for i in islice(CGIHT().iterates(Problem(A, y, sparsity=6)), 500)]
    assert max(sizes) > min(sizes) * 1.1, "it never grew, so nothing is seen here"
    assert sizes[-1] <= min(sizes) * (1 + 1e-12)


@kinds
@seeds
def test_htp_cosamp_and_subspace_pursuit_follow_their_twins(seed: int, kind: str) -> None:
    A, y = asked(seed, kind)
    for solver, twin in (
        (HTP(), naive_pursuits.htp),
        (CoSaMP(), naive_pursuits.cosamp),
        (SubspacePursuit(), naive_pursuits.subspace_pursuit),
    ):
        steps = sum(1 for _ in islice(solver.iterates(Problem(A, y, sparsity=8)), 20)) - 1  # the last one repeats
        assert steps >= 1
        assert same_path(solver, A, y, 8, twin(A, y, 8, steps)) == steps


@seeds
def test_methods_with_fits_end_by_themselves_with_the_best_they_have_seen(seed: int) -> None:
    A, y = troubled(seed)
    for solver in (HTP(), HTP(step=2.0), CoSaMP(), SubspacePursuit()):
        sizes = [float(np.linalg.norm(i.residual)) for i in islice(solver.iterates(Problem(A, y, sparsity=6)), 300)]
        assert len(sizes) < 300
        assert sizes[-1] == min(sizes)


@kinds
@seeds
def test_stomp_follows_its_twin(seed: int, kind: str) -> None:
    A, y = asked(seed, kind, 60, 120)
    twin = naive_pursuits.st_omp(A, y, 2.5, 10)
    assert len(twin) >= 1
    assert same_path(StOMP(), A, y, None, twin) == len(twin)


@kinds
@seeds
def test_stomp_ends_when_no_column_is_above_its_threshold(seed: int, kind: str) -> None:
    A, y = asked(seed, kind, 60, 120)
    result = solve(A, y, StOMP())
    sigma = np.linalg.norm(result.residual) / np.sqrt(y.size)
    width = y[0].size
    left = np.delete(A.conj().T @ result.residual, result.support, axis=0).reshape(-1, width)
    assert np.linalg.norm(left, axis=1).max() <= 2.5 * sigma * np.sqrt(width) * (1 + 1e-9)


@kinds
@seeds
def test_romp_follows_its_twin_and_keeps_the_k_best(seed: int, kind: str) -> None:
    A, y = asked(seed, kind)
    twin = [
        x if (np.abs(x).reshape(90, -1).any(axis=1)).sum() <= 8 else naive_pursuits.k_best(A, y, x, 8)
        for x in naive_pursuits.romp(A, y, 8)
    ]
    assert same_path(ROMP(), A, y, 8, twin) == len(twin)


@kinds
@seeds
def test_generalized_omp_with_one_choice_is_omp(seed: int, kind: str) -> None:
    A, y = asked(seed, kind)
    S: list[int] = []
    x = np.zeros((90, *y.shape[1:]), dtype=A.dtype)
    twin = []
    for _ in range(8):
        c = A.conj().T @ (y - A @ x)
        c[S] = 0
        S = [*S, *naive_pursuits.strongest(c, 1)]
        x = naive_pursuits.refit(A, y, S)
        twin.append(x)
    assert same_path(GeneralizedOMP(choices=1), A, y, 8, twin) == 8


@pytest.mark.parametrize("kind", ["real", "complex"])
@seeds
def test_matching_pursuit_follows_its_twin(seed: int, kind: str) -> None:
    A, y = asked(seed, kind)
    assert same_path(MatchingPursuit(), A, y, None, naive_pursuits.matching_pursuit(A, y, 60)) == 60


@seeds
def test_matching_pursuit_with_a_sparsity_ends_at_the_fit_on_the_first_columns_chosen(seed: int) -> None:
    A, y = asked(seed, "real")
    result = solve(A, y, MatchingPursuit(tolerance=1e-12), sparsity=5)
    assert result.support.size == 5
    assert np.abs(result.x - naive_pursuits.refit(A, y, result.support.tolist())).max() <= 1e-10


def ten_decades(rng: np.random.Generator) -> np.ndarray:
    return 10.0 ** rng.uniform(-5, 5, 90)


def sixty_decades(rng: np.random.Generator) -> np.ndarray:
    return 2.0 ** rng.integers(-95, 95, 90)


REFITTING = [HTP(), CoSaMP(), SubspacePursuit(), StOMP(), ROMP(), GeneralizedOMP(), MatchingPursuit(), OLS()]


@pytest.mark.parametrize("lengths", [ten_decades, sixty_decades], ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("solver", REFITTING, ids=lambda solver: type(solver).__name__)
def test_methods_that_refit_do_not_ask_how_long_columns_are(solver: Solver, lengths: Callable) -> None:
    A, y = asked(0, "real")
    factors = lengths(np.random.default_rng(1))
    groups = None if isinstance(solver, OLS) else np.arange(90) // 2
    for labels in (None, groups):
        plain = solve(A, y, solver, sparsity=4, groups=labels).x
        scaled = solve(A * factors, y, solver, sparsity=4, groups=labels).x * factors
        assert np.abs(scaled - plain).max() <= 1e-9 * np.abs(plain).max()


@kinds
@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_columns_at_hand_are_always_those_asked_for(kind: str, large: bool) -> None:
    m, n = (
        (300, 900) if large else (40, 90)
    )  # of a large matrix columns are gathered, of a small one it takes whole products
    A, y = asked(0, kind, m, n)
    rng = np.random.default_rng(0)
    A = A * 10.0 ** rng.uniform(-2, 2, n)
    unit = A / np.linalg.norm(A, axis=0)
    for columns, basis in ((Columns(Problem(A, y)), unit), (Columns(Problem(A, y), unit=False), A)):
        near = rng.choice(n, 30, replace=False)
        for size in (3, 20, 1, 7, 25, 25, 2, 30):
            support = np.sort(rng.choice(near, size, replace=False))
            values = np.zeros((n, *y.shape[1:]), dtype=y.dtype)
            values[support] = rng.standard_normal((size, *y.shape[1:]))
            image = basis @ values
            assert np.abs(columns.image(values, support) - image).max() <= 1e-12 * np.abs(image).max()
            inner = naive_pursuits.on(basis.conj().T @ y, support.tolist())
            assert np.abs(columns.inner(y, support) - inner).max() <= 1e-12 * np.abs(inner).max()
            expected = naive_pursuits.refit(unit, y, support.tolist())
            if basis is unit:
                found, residual = columns.fit(y, support)
                assert columns.regular
                assert np.abs(found - expected).max() <= 1e-12 * np.abs(expected).max()
                assert np.abs(residual - (y - unit @ found)).max() <= 1e-13 * np.abs(y).max()


@kinds
@pytest.mark.parametrize("apart", [1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-9, 0.0])
def test_fits_lose_no_more_digits_than_the_columns_demand(kind: str, apart: float) -> None:
    A, y = asked(0, kind, 40, 12)
    A = A[:, :1] + apart * A
    A[:, 0] /= 2
    unit = A / np.linalg.norm(A, axis=0)
    values = np.random.default_rng(1).standard_normal((12, *y.shape[1:])).astype(y.dtype)
    exact = unit @ values
    found, residual = Columns(Problem(A, exact)).fit(exact, np.arange(12))
    assert np.linalg.norm(residual) <= 1e-13 * np.linalg.norm(exact)
    if apart >= 1e-6:  # the condition number is about 10 / apart
        assert np.abs(found - values).max() <= 1e-14 / apart * np.abs(values).max()
    found, residual = Columns(Problem(A, y)).fit(y, np.arange(12))
    best = np.linalg.lstsq(unit, y, rcond=None)[0]
    rounding = np.finfo(float).eps * np.linalg.norm(best)  # of the product with coefficients as large as 1 / apart
    assert np.linalg.norm(residual) <= np.linalg.norm(y - unit @ best) * (1 + 1e-9) + rounding
