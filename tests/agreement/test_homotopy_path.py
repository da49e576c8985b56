"""The path of the LASSO beside an enumeration of all signs, the conditions of optimality, and another method."""

from __future__ import annotations

from collections.abc import Callable

import naive_paths
import numpy as np
import pytest
from scipy.sparse.linalg import aslinearoperator

from sparsecs import L1, HomotopyPath, ProximalGradient, Status, homotopy_path, solve

# A case with a column that leaves: the input of an old dispute between two implementations of the path.
DROP_Y = np.array([-6.45006793, -3.51251449, -8.52445396, 6.12277822, -19.42109366])
DROP_A = np.array(
    [
        [0.47299829, 0.08239882, 0.30114139, -0.01460346, -0.69363927],
        [0, 0.85784863, -0.07501577, -0.1015233, 0.06754067],
        [0, 0, 0.80895216, 0.0407278, 0.18064514],
        [0, 0, 0, 0.80338378, -0.0803561],
        [0, 0, 0, 0, 0.40427291],
    ]
)


def hadamard(size: int) -> np.ndarray:
    matrix = np.ones((1, 1))
    while matrix.shape[0] < size:
        matrix = np.kron(matrix, [[1, 1], [1, -1]])
    return matrix


FAMILIES: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "gaussian": lambda rng: rng.standard_normal((24, 40)),
    "rademacher": lambda rng: rng.choice([-1.0, 1.0], (24, 40)),
    "bernoulli": lambda rng: (rng.random((24, 40)) < 0.5).astype(float),
    "hadamard": lambda rng: hadamard(64)[rng.choice(64, 24, replace=False)],
    "twins": lambda rng: np.tile(rng.standard_normal((24, 20)), 2) * np.repeat([1, -1], 20),
    "parallel": lambda rng: np.tile(rng.standard_normal((24, 20)), 2) * np.append(np.ones(20), rng.uniform(0.5, 2, 20)),
    "zeros": lambda rng: rng.standard_normal((24, 40)) * (np.arange(40) % 3 > 0),
    "dependent rows": lambda rng: rng.standard_normal((24, 9)) @ rng.standard_normal((9, 40)),
    "whole numbers": lambda rng: rng.integers(-2, 3, (24, 40)).astype(float),
    "tall": lambda rng: rng.standard_normal((40, 15)),
}
families = pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))


def draw(family: Callable[[np.random.Generator], np.ndarray], seed: int, noise: bool) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    A = family(rng)
    x = np.zeros(A.shape[1])
    x[rng.choice(A.shape[1], 4, replace=False)] = rng.choice([-1.0, 1.0], 4)
    return A, A @ x + (0.5 * rng.standard_normal(A.shape[0]) if noise else 0)


def test_the_path_with_a_column_that_leaves() -> None:
    path = homotopy_path(DROP_A, DROP_Y)
    points = path.coefficients.toarray()
    sizes = (points != 0).sum(axis=0)
    assert (np.diff(sizes) < 0).any()
    assert path.complete
    for weight, x in zip(path.weights, points.T, strict=True):
        assert np.abs(x - naive_paths.lasso(DROP_A, DROP_Y, weight)).max() <= 1e-9 * np.abs(points).max()
    for weight in 0.5 * (path.weights[1:] + path.weights[:-1]):
        expected = naive_paths.lasso(DROP_A, DROP_Y, weight)
        assert np.abs(path.at(weight) - expected).max() <= 1e-9 * np.abs(points).max()
    assert np.abs(points[:, -1] - np.linalg.solve(DROP_A, DROP_Y)).max() <= 1e-10 * np.abs(points).max()


@families
@pytest.mark.parametrize("noise", [False, True], ids=["exact", "noisy"])
@pytest.mark.parametrize("seed", range(3))
def test_every_breakpoint_and_every_weight_between_is_optimal(
    family: Callable[[np.random.Generator], np.ndarray], noise: bool, seed: int
) -> None:
    A, y = draw(family, seed, noise)
    path = homotopy_path(A, y)
    assert path.complete
    assert (np.diff(path.weights) <= 0).all()
    assert path.weights[0] == pytest.approx(np.abs(A.T @ y).max(), rel=1e-13)
    for weight, x in zip(path.weights, path.coefficients.toarray().T, strict=True):
        assert naive_paths.kkt_misfit(A, y, x, weight) <= 1e-13
        assert np.linalg.matrix_rank(A[:, x != 0]) == np.count_nonzero(x)
    for share in np.random.default_rng(seed).uniform(0, 1.2, 5):
        weight = share * path.weights[0]
        assert naive_paths.kkt_misfit(A, y, path.at(weight), weight) <= max(0, share - 1) + 1e-12


@families
def test_the_objective_is_that_of_another_method(family: Callable[[np.random.Generator], np.ndarray]) -> None:
    A, y = draw(family, 7, True)
    weight = np.random.default_rng(7).uniform(0.05, 0.6) * np.abs(A.T @ y).max()
    result, other = (
        solve(A, y, solver) for solver in (HomotopyPath(weight=weight), ProximalGradient(L1(), weight=weight))
    )
    assert result.status is other.status is Status.OPTIMAL
    assert result.certificate.primal == pytest.approx(other.certificate.primal, rel=1e-9)
    assert abs(result.certificate.relative_gap) <= 1e-12


def test_one_iterate_for_each_breakpoint_above_the_weight() -> None:
    A, y = draw(FAMILIES["gaussian"], 0, True)
    path = homotopy_path(A, y)
    weight = float(0.5 * (path.weights[10] + path.weights[11]))
    result = solve(A, y, HomotopyPath(weight=weight))
    assert result.iterations == 12
    assert np.abs(result.x - path.at(weight)).max() <= 1e-12


def test_weights_scale_columns_and_infinite_ones_close_them() -> None:
    A, y = draw(FAMILIES["gaussian"], 1, True)
    weights = np.random.default_rng(1).uniform(0.5, 2, 40)
    weights[[3, 8]] = np.inf
    open_ = np.isfinite(weights)
    path, plain = homotopy_path(A, y, weights=weights), homotopy_path(A[:, open_] / weights[open_], y)
    assert path.weights == pytest.approx(plain.weights, rel=1e-10)
    found = path.coefficients.toarray()
    assert not found[~open_].any()
    assert np.abs(found[open_] * weights[open_, None] - plain.coefficients.toarray()).max() <= 1e-10


def test_an_operator_that_is_not_formed_has_the_same_path() -> None:
    A, y = draw(FAMILIES["gaussian"], 2, True)
    path, other = homotopy_path(A, y), homotopy_path(aslinearoperator(A), y)
    assert np.abs((path.coefficients - other.coefficients).toarray()).max() <= 1e-12


def test_a_path_says_where_it_ends() -> None:
    A, y = draw(FAMILIES["gaussian"], 3, True)
    whole, half = homotopy_path(A, y), homotopy_path(A, y, stop=2.0)
    assert half.complete
    assert half.weights[-1] == 2.0
    assert np.abs(half.at(2.0) - whole.at(2.0)).max() <= 1e-12
    with pytest.raises(ValueError, match=r"The path ends at the weight 2; got 1\."):
        half.at(1.0)
    short = homotopy_path(A, y, most=4)
    assert not short.complete
    assert short.weights == pytest.approx(whole.weights[:4])
    assert repr(short).startswith("<SolutionPath: 4 breakpoints, weights from ")
    with pytest.raises(TypeError, match="real data"):
        homotopy_path(A + 0j, y)
