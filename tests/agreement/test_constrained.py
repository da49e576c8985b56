"""The solvers with a constraint beside the conditions that define their answers, basis pursuit, and what they say they refuse."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sparsecs import (
    IRLS,
    BasisPursuit,
    BasisPursuitDenoising,
    DantzigSelector,
    Problem,
    ReweightedL1,
    Solver,
    SquareRootLasso,
    Status,
    answer,
    solve,
)

CONVEX = [BasisPursuitDenoising(), DantzigSelector(), SquareRootLasso(relative_weight=0.4), SquareRootLasso()]
solvers = pytest.mark.parametrize("solver", CONVEX, ids=lambda solver: type(solver).__name__)
parts = pytest.mark.parametrize("part", [0.7, 0.2, 0.01, 1e-4])
seeds = pytest.mark.parametrize("seed", range(4))


def hadamard(rng: np.random.Generator) -> np.ndarray:
    square = np.ones((1, 1))
    for _ in range(5):
        square = np.kron(square, [[1, 1], [1, -1]])
    return square[rng.choice(32, 16, replace=False)]


ENSEMBLES = {
    "Gaussian": lambda rng: rng.standard_normal((16, 40)),
    "Rademacher": lambda rng: rng.choice([-1.0, 1.0], (16, 40)),
    "Bernoulli": lambda rng: (rng.random((16, 40)) < 0.5).astype(float),
    "Hadamard": hadamard,
    "lost rank": lambda rng: rng.standard_normal((16, 9)) @ rng.standard_normal((9, 40)),
    "twins and zeros": lambda rng: np.repeat(rng.standard_normal((16, 20)), 2, axis=1) * (np.arange(40) % 7 > 0),
    "tall": lambda rng: rng.standard_normal((40, 16)),
    "alike": lambda rng: rng.standard_normal((16, 1)) + 0.01 * rng.standard_normal((16, 40)),
    "uneven": lambda rng: rng.standard_normal((16, 40)) * np.logspace(-3, 3, 40),
}
ensembles = pytest.mark.parametrize("name", ENSEMBLES)


def draw(name: str, seed: int, noise: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    A = ENSEMBLES[name](rng)
    x = np.zeros(A.shape[1])
    x[rng.choice(x.size, 4, replace=False)] = rng.choice([-1.0, 1.0], 4) * rng.uniform(1, 2, 4)
    y = A @ x
    return A, y + noise * np.linalg.norm(y) / np.sqrt(y.size) * (A @ rng.standard_normal(x.size)) / np.linalg.norm(A)


@ensembles
@parts
@seeds
def test_denoising_keeps_within_sigma_and_is_proven(name: str, part: float, seed: int) -> None:
    A, y = draw(name, seed)
    sigma = part * float(np.linalg.norm(y))
    result = solve(A, y, BasisPursuitDenoising(sigma=sigma))
    nu, residual = result.certificate.dual_point, y - A @ result.x
    assert result.status is Status.OPTIMAL
    assert np.linalg.norm(residual) <= sigma + 4e-16 * (
        np.linalg.norm(y) + np.linalg.norm(np.abs(A) @ np.abs(result.x))
    )
    assert np.abs(A.T @ nu).max() <= 1 + 1e-12
    assert abs(np.abs(result.x).sum() - (y @ nu - sigma * np.linalg.norm(nu))) <= 1e-8 * np.abs(result.x).sum()


@pytest.mark.parametrize("seed", range(60))
def test_sigma_is_not_exceeded_even_by_rounding(seed: int) -> None:
    A, y = draw("Gaussian", seed)
    sigma = 10.0 ** np.random.default_rng(seed).uniform(-3, -0.1) * float(np.linalg.norm(y))
    result = solve(A, y, BasisPursuitDenoising(sigma=sigma))
    assert result.status is Status.OPTIMAL
    assert sigma * (1 - 1e-12) <= np.linalg.norm(y - A @ result.x) <= sigma


@ensembles
@pytest.mark.parametrize("part", [0.9, 0.3, 0.02])
@seeds
def test_the_square_root_lasso_is_proven(name: str, part: float, seed: int) -> None:
    A, y = draw(name, seed)
    weight = part * float(np.abs(A.T @ y).max() / np.linalg.norm(y))
    result = solve(A, y, SquareRootLasso(weight=weight))
    nu = result.certificate.dual_point
    assert result.status is Status.OPTIMAL
    assert max(np.linalg.norm(nu), np.abs(A.T @ nu).max() / weight) <= 1 + 1e-12
    primal = np.linalg.norm(y - A @ result.x) + weight * np.abs(result.x).sum()
    assert primal == pytest.approx(result.certificate.primal, rel=1e-12)
    assert primal - y @ nu <= 1e-8 * primal


@ensembles
@pytest.mark.parametrize("part", [0.7, 0.2, 0.02])
@pytest.mark.parametrize("seed", range(2))
def test_the_dantzig_selector_is_proven(name: str, part: float, seed: int) -> None:
    A, y = draw(name, seed)
    delta = part * float(np.abs(A.T @ y).max())
    result = solve(A, y, DantzigSelector(delta=delta))
    mu = result.certificate.dual_point
    rounding = 1e-13 * np.abs(A).max(axis=0) * float(np.abs(A) @ np.abs(result.x) @ np.ones(y.size) + np.abs(y).sum())
    assert result.status is Status.OPTIMAL
    assert (np.abs(A.T @ (y - A @ result.x)) <= delta + rounding).all()
    assert np.abs(A.T @ (A @ mu)).max() <= 1 + 1e-12
    assert np.abs(result.x).sum() - (y @ (A @ mu) - delta * np.abs(mu).sum()) <= 1e-8 * np.abs(result.x).sum()


@pytest.mark.parametrize("noise", [0.0, 0.1])
@seeds
def test_without_room_denoising_is_basis_pursuit(noise: float, seed: int) -> None:
    A, y = draw("Gaussian", seed, noise)
    pursuit = solve(A, y, BasisPursuit())
    for sigma in (0.0, 1e-14, 1e-9):
        result = solve(A, y, BasisPursuitDenoising(sigma=sigma))
        assert result.status is Status.OPTIMAL
        assert result.certificate.primal == pytest.approx(pursuit.certificate.primal, rel=1e-11 + 10 * sigma)
        assert np.linalg.norm(result.x - pursuit.x) <= (1e-11 + 100 * sigma) * np.linalg.norm(pursuit.x)
    small = solve(A, y, SquareRootLasso(relative_weight=1e-3))
    assert np.linalg.norm(small.x - pursuit.x) <= 1e-7 * np.linalg.norm(pursuit.x)


@solvers
@seeds
def test_weights_are_columns_divided_by_them(solver: Solver, seed: int) -> None:
    A, y = draw("Gaussian", seed)
    w = np.random.default_rng(seed).uniform(0.2, 5, 40)
    weighted, divided = solve(A, y, solver, weights=w), solve(A / w, y, solver)
    assert weighted.status is divided.status is Status.OPTIMAL
    assert np.linalg.norm(weighted.x - divided.x / w) <= 1e-9 * np.linalg.norm(weighted.x)
    assert weighted.certificate.primal == pytest.approx(divided.certificate.primal, rel=1e-12)


@solvers
def test_an_infinite_weight_takes_a_column_out(solver: Solver) -> None:
    A, y = draw("Gaussian", 0)
    banned = np.flatnonzero(solve(A, y, solver).x)[:2]
    w = np.ones(40)
    w[banned] = np.inf
    result, without = solve(A, y, solver, weights=w), solve(np.delete(A, banned, axis=1), y, solver)
    assert result.status is Status.OPTIMAL
    assert not result.x[banned].any()
    assert np.linalg.norm(np.delete(result.x, banned) - without.x) <= 1e-9 * np.linalg.norm(without.x)


@pytest.mark.parametrize("c", [1e-200, 1e-5, 1e5, 1e200])
def test_absolute_parameters_have_units(c: float) -> None:
    A, y = draw("Gaussian", 1)
    sigma, delta, weight = 0.3 * float(np.linalg.norm(y)), 0.3 * float(np.abs(A.T @ y).max()), 0.5
    for first, by_y, by_matrix in (
        (BasisPursuitDenoising(sigma), BasisPursuitDenoising(c * sigma), BasisPursuitDenoising(sigma)),
        (
            BasisPursuitDenoising(sigma, upper=0.7),
            BasisPursuitDenoising(c * sigma, upper=c * 0.7),
            BasisPursuitDenoising(sigma, upper=0.7 / c),
        ),
        (DantzigSelector(delta), DantzigSelector(c * delta), DantzigSelector(c * delta)),
        (SquareRootLasso(weight), SquareRootLasso(weight), SquareRootLasso(c * weight)),
        (
            ReweightedL1(sigma, tolerance=1e-12),
            ReweightedL1(c * sigma, tolerance=1e-12),
            ReweightedL1(sigma, tolerance=1e-12),
        ),
    ):
        x = solve(A, y, first).x
        assert np.abs(solve(A, c * y, by_y).x / c - x).max() <= 1e-9 * np.abs(x).max()
        assert np.abs(solve(c * A, y, by_matrix).x * c - x).max() <= 1e-9 * np.abs(x).max()


def test_known_noise_sets_the_room() -> None:
    A, y = draw("Gaussian", 2)
    y = y / (2 * np.abs(y).max())  # in the units in which it is solved
    m, n = A.shape
    by_noise = answer(Problem(A, y, noise=0.02), BasisPursuitDenoising())
    assert np.array_equal(by_noise.x, solve(A, y, BasisPursuitDenoising(0.02 * np.sqrt(m + 2 * np.sqrt(2 * m)))).x)
    longest = np.linalg.norm(A, axis=0).max()
    by_noise = answer(Problem(A, y, noise=0.02), DantzigSelector())
    by_delta = solve(A, y, DantzigSelector(0.02 * np.sqrt(2 * np.log(n)) * longest))
    assert np.linalg.norm(by_noise.x - by_delta.x) <= 1e-9 * np.linalg.norm(by_delta.x)


def test_where_the_room_is_large_enough_zero_answers() -> None:
    A, y = draw("Gaussian", 3)
    size, top = float(np.linalg.norm(y)), float(np.abs(A.T @ y).max())
    for edge, make in (
        (size, BasisPursuitDenoising),
        (size, ReweightedL1),
        (top, DantzigSelector),
        (top / size, SquareRootLasso),
    ):
        above, below = solve(A, y, make(edge * (1 + 1e-12))), solve(A, y, make(edge * (1 - 1e-3)))
        assert above.status is Status.ZERO
        assert not above.x.any()
        assert above.certificate is None or above.certificate.relative_gap <= 1e-9
        assert below.x.any()
        assert below.status.reached


@seeds
def test_a_sigma_that_no_x_reaches_is_named(seed: int) -> None:
    rng = np.random.default_rng(seed)
    A, y = rng.standard_normal((20, 6)), rng.standard_normal(20)
    distance = float(np.linalg.norm(y - A @ np.linalg.lstsq(A, y, rcond=None)[0]))
    out = solve(A, y, BasisPursuitDenoising(sigma=distance * (1 - 1e-6)))
    assert out.status is Status.INFEASIBLE
    assert np.linalg.norm(out.residual) == pytest.approx(distance, rel=1e-9)
    assert solve(A, y, BasisPursuitDenoising(sigma=distance * (1 + 1e-6))).status is Status.OPTIMAL
    assert solve(A, y, ReweightedL1()).status is Status.INFEASIBLE
    assert solve(A, y, IRLS()).status is Status.INFEASIBLE
    limited = BasisPursuitDenoising(sigma=2 * distance, lower=-1e-6, upper=1e-6)
    assert solve(A, y / 100, limited).status in (Status.INFEASIBLE, Status.ZERO)


@seeds
def test_settings_without_meaning_are_refused(seed: int) -> None:
    for wrong in (
        lambda: BasisPursuitDenoising(sigma=-1.0),
        lambda: BasisPursuitDenoising(relative_sigma=1.0),
        lambda: BasisPursuitDenoising(lower=1.0),
        lambda: DantzigSelector(delta=0.0),
        lambda: DantzigSelector(relative_delta=1.0),
        lambda: SquareRootLasso(weight=0.0),
        lambda: SquareRootLasso(relative_weight=1.5),
        lambda: ReweightedL1(relative_sigma=1.0),
        lambda: ReweightedL1(relative_epsilon=0.0),
        lambda: IRLS(p=1.5),
        lambda: IRLS(p=0.0),
    ):
        with pytest.raises(ValueError, match=r"must be|was asked for"):
            wrong()


def hard(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A problem at which basis pursuit mostly fails: 15 nonzeros from 40 measurements of 100."""
    rng = np.random.default_rng(seed)
    A, x = rng.standard_normal((40, 100)), np.zeros(100)
    x[rng.choice(100, 15, replace=False)] = rng.standard_normal(15)
    return A, x, A @ x


def test_both_nonconvex_methods_recover_more_than_basis_pursuit() -> None:
    found = dict.fromkeys((BasisPursuit(), ReweightedL1(), IRLS()), 0)
    for seed in range(12):
        A, x, y = hard(seed)
        for method in found:
            result = solve(A, y, method)
            found[method] += bool(np.linalg.norm(result.x - x) <= 1e-6 * np.linalg.norm(x))
            assert np.linalg.norm(A @ result.x - y) <= 1e-8 * np.linalg.norm(y)
    pursuit, reweighted, squares = found.values()
    assert pursuit < reweighted
    assert pursuit < squares


@seeds
def test_reweighting_never_raises_the_sum_of_logarithms(seed: int) -> None:
    A, _, y = hard(seed)
    steps = [iterate.x for iterate, _ in zip(ReweightedL1().iterates(Problem(A, y)), range(6), strict=False)]
    epsilon = 0.1 * np.abs(steps[0]).max()
    sums = [np.log1p(np.abs(x) / epsilon).sum() for x in steps]
    assert all(later <= sooner * (1 + 1e-12) for sooner, later in pairwise(sums))
    first = solve(A, y, BasisPursuit()).x
    assert np.linalg.norm(steps[0] - first) <= 1e-9 * np.linalg.norm(first)


@pytest.mark.parametrize("p", [0.3, 0.5, 1.0])
def test_a_step_of_least_squares_is_that_of_its_formula(p: float) -> None:
    A, _, y = hard(0)
    x = np.linalg.lstsq(A, y, rcond=None)[0]
    D = np.diag((x**2 + np.abs(x).max() ** 2) ** (1 - p / 2))
    expected = D @ A.T @ np.linalg.solve(A @ D @ A.T, y)
    first = next(IRLS(p=p).iterates(Problem(A, y))).x
    assert np.linalg.norm(first - expected) <= 1e-10 * np.linalg.norm(expected)


@seeds
@pytest.mark.parametrize("k", [None, 3])
def test_least_squares_with_p_of_one_is_basis_pursuit(seed: int, k: int | None) -> None:
    rng = np.random.default_rng(seed)
    A, x = rng.standard_normal((20, 40)), np.zeros(40)
    x[[3, 8, 30]] = 1, -2, 1.5
    result = solve(A, A @ x, IRLS(p=1), sparsity=k)
    assert result.status is Status.OPTIMAL
    assert np.linalg.norm(result.x - x) <= 1e-10 * np.linalg.norm(x)
    assert np.abs(A.T @ result.certificate.dual_point).max() <= 1 + 1e-12
    assert abs(result.certificate.relative_gap) <= 1e-8
