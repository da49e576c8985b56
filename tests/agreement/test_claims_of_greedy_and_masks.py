"""What is said of a mask, of a greedy end and of a path is true; each of these was once said wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sparsecs import (
    L1,
    OMP,
    GeneralizedOMP,
    GroupLasso,
    Huber,
    Lasso,
    MaskedGradient,
    ProximalGradient,
    ProximalNewton,
    Reference,
    Squared,
    Status,
    cross_validate,
    debias,
    lasso_path,
    masked_constants,
    normalized,
    solve,
    solve_each,
    stream,
)
from sparsecs.core.declaration import rebuild
from sparsecs.solvers.base import Solver
from sparsecs.solvers.romp import ROMP


def test_a_mask_of_truth_values_means_its_positions() -> None:
    A, y, mask = stream(0, "A").standard_normal((6, 5)), stream(0, "y").standard_normal(6), np.arange(5) % 2 == 1
    method = MaskedGradient(mask)
    assert method == MaskedGradient((1, 3)) == rebuild(method.describe())
    assert hash(method) == hash(MaskedGradient((1, 3)))
    assert solve(A, y, method).x == pytest.approx(debias(A, y, mask).x, abs=1e-6)


@pytest.mark.parametrize("solver", [ROMP(), GeneralizedOMP()], ids=lambda solver: type(solver).__name__)
def test_a_search_that_was_cut_back_to_k_columns_does_not_say_that_no_other_column_helps(solver: Solver) -> None:
    rng = np.random.default_rng(0)
    A, y = rng.standard_normal((6, 5)), rng.standard_normal(6)
    result = solve(A, y, solver, sparsity=3)
    least = np.linalg.norm(y - A @ np.linalg.lstsq(A, y, rcond=None)[0])
    assert np.linalg.norm(result.residual) > 1.01 * least
    assert result.status is Status.ALL_CHOSEN


def test_without_a_sparsity_the_search_ends_where_no_other_column_helps() -> None:
    rng = np.random.default_rng(0)
    A, y = rng.standard_normal((6, 5)), rng.standard_normal(6)
    assert solve(A, y, GeneralizedOMP()).status is Status.DEPENDENT


def test_a_weight_a_hair_below_the_edge_leaves_proximal_newton_at_zero() -> None:
    rng = np.random.default_rng(4)
    A, y = rng.standard_normal((5, 5)).astype(np.float32), rng.standard_normal(5).astype(np.float32)
    result = solve(A, y, ProximalNewton(relative_weight=1 - 1e-7))
    assert result.status is Status.OPTIMAL
    assert abs(result.certificate.relative_gap) <= 1e-6


def complex_data(*shape: int) -> np.ndarray:
    rng = stream(0, "complex", *shape)
    return rng.standard_normal(shape) + 1j * rng.standard_normal(shape)


@pytest.mark.parametrize("matrix", [complex_data(9, 4), complex_data(9, 4).real], ids=["complex", "real"])
@pytest.mark.parametrize("delta", [0.7, 1e3])
def test_the_constants_of_a_complex_loss_are_those_of_its_real_parts(matrix: np.ndarray, delta: float) -> None:
    mask, x, y, loss, h = [0, 2, 3], np.zeros(4), complex_data(9), Huber(delta=delta), 1e-6
    found = masked_constants(matrix, mask, loss=loss, x=x, y=y)

    def slope(u: np.ndarray) -> np.ndarray:
        moved = matrix[:, mask] @ (u[:3] + 1j * u[3:])
        gradient = matrix[:, mask].conj().T @ loss.gradient(moved, y)
        return np.concatenate([gradient.real, gradient.imag])

    values = np.linalg.eigvalsh(np.array([(slope(h * e) - slope(-h * e)) / (2 * h) for e in np.eye(6)]))
    assert found.smoothness == pytest.approx(values[-1], rel=1e-6)
    assert found.strong_convexity == pytest.approx(values[0], rel=1e-6)
    if delta == 1e3:
        plain = masked_constants(matrix, mask, loss=Squared())
        assert (found.strong_convexity, found.smoothness) == pytest.approx((plain.strong_convexity, plain.smoothness))


def test_twin_columns_are_not_convex_at_all() -> None:
    A = stream(0, "twins").standard_normal((8, 3))[:, [0, 1, 2, 0]]
    assert masked_constants(A, [0, 1, 3]).strong_convexity == 0
    bent = masked_constants(A, [0, 1, 3], loss=Huber(delta=100.0), x=np.zeros(4), y=np.ones(8))
    assert bent.strong_convexity == 0
    assert masked_constants(A * [1e-6, 1, 1, 1], [0, 1]).strong_convexity > 0


def test_a_best_weight_at_the_end_of_the_path_says_so() -> None:
    A = stream(0, "A").standard_normal((40, 10))
    y = A @ np.ones(10)
    assert "at the end of the path; lower smallest=" in repr(cross_validate(A, y, points=10))
    assert "at the end" not in repr(cross_validate(A, y + 30 * stream(0, "e").standard_normal(40), points=10))


def test_a_path_takes_the_name_of_its_solver() -> None:
    A, y = stream(0, "A").standard_normal((9, 5)), stream(0, "y").standard_normal(9)
    assert np.array_equal(lasso_path(A, y, "lasso").coefficients, lasso_path(A, y, Lasso()).coefficients)
    assert cross_validate(A, y, "Lasso", folds=3).best == cross_validate(A, y, Lasso(), folds=3).best


def test_an_array_can_be_normalized() -> None:
    assert normalized([[3.0, 0.0], [4.0, 0.0]]).dense() == pytest.approx(np.array([[0.6, 0.0], [0.8, 0.0]]))


def test_results_say_where_and_why() -> None:
    results = solve_each(np.eye(3), np.array([[0.0, 1.0], [2.0, 0.0], [0.0, 0.0]]), OMP(), sparsity=1)
    assert [support.tolist() for support in results.support] == [[1], [0]]
    assert results.status == [Status.SOLVED, Status.SOLVED]


A, Y = stream(0, "A").standard_normal((4, 8)), np.array([3.0, -1.0, 2.0, 1.0])
ONES = np.array([1, 0, 0, 0, 0, 0, 0, 0])


class Own(L1):
    """A penalty from elsewhere."""


REFUSED: list[tuple[str, Callable[[], Any], type, str]] = [
    (
        "mask fractions",
        lambda: MaskedGradient((3.9, 7.2)),
        TypeError,
        r"^support must be positions .* got \(3\.9, 7\.2\)",
    ),
    ("mask number", lambda: MaskedGradient(3), TypeError, r"^support must be positions such as .* got 3\.$"),
    ("mask of ints", lambda: MaskedGradient(ONES), ValueError, r"did you mean a mask\? Use \.astype\(bool\)\.$"),
    ("debias ints", lambda: debias(A, Y, ONES), ValueError, r"^support names column 0 7 times; did you mean a mask\?"),
    ("debias x", lambda: debias(A, Y, np.ones(8)), TypeError, r"give support as x != 0\.$"),
    (
        "debias mask",
        lambda: debias(A, Y, Y > 0),
        TypeError,
        r"a mask of 8 truth values; got a mask of shape \(4,\)\.$",
    ),
    ("constants ints", lambda: masked_constants(A, ONES), ValueError, r"^mask names column 0 7 times; did you mean"),
    ("path solver", lambda: lasso_path(A, Y, "OMP"), TypeError, r"^solver must be Lasso or GroupLasso, .*'OMP'\.$"),
    ("folds solver", lambda: cross_validate(A, Y, OMP()), TypeError, r"^solver must be Lasso or GroupLasso"),
    ("no groups", lambda: solve(A, Y, GroupLasso()), ValueError, r"^GroupLasso needs groups: give groups=, a label"),
    (
        "not in cvxpy",
        lambda: solve(A, Y, Reference(ProximalGradient(Own()))),
        TypeError,
        r"for Own\(.* for L1, Elastic",
    ),
]


@pytest.mark.parametrize(("act", "kind", "message"), [pytest.param(*row[1:], id=row[0]) for row in REFUSED])
def test_a_wrong_mask_or_member_is_refused_in_words(act: Callable[[], Any], kind: type, message: str) -> None:
    with pytest.raises(kind, match=message):
        act()
