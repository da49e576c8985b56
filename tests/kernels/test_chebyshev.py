"""The fit of least largest error is that of a linear program, and its dual vector proves it, however long the rows are."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from sparsecs.core.randomness import stream
from sparsecs.kernels.chebyshev import least_maximum


def bounds(b: np.ndarray, B: np.ndarray) -> tuple[float, float, int]:
    """The least value, the best bound below it, from each v without what rounding left of B^H v, and the number of steps."""
    lengths = np.linalg.norm(B, axis=1) if B.shape[1] else np.ones(b.size)
    Q = np.linalg.qr(B / lengths[:, None])[0]
    upper, lower, steps = np.inf, 0.0, 0
    for z, v in least_maximum(b, B):
        upper = min(upper, float(np.abs(b + B @ z).max()))
        null = (v * lengths - Q @ (Q.conj().T @ (v * lengths))) / lengths
        if np.abs(null).sum() > 1e-3:
            lower = max(lower, float(-np.vdot(b, null).real / np.abs(null).sum()))
        steps += 1
    return upper, lower, steps


def by_linear_program(b: np.ndarray, B: np.ndarray) -> float:
    ones = np.ones((b.size, 1))
    rows = np.block([[B, -ones], [-B, -ones]])
    return float(linprog([0.0] * B.shape[1] + [1.0], A_ub=rows, b_ub=np.r_[-b, b], bounds=(None, None)).fun)


@pytest.mark.parametrize("shape", [(2, 1), (9, 3), (40, 39), (60, 10), (80, 0)])
@pytest.mark.parametrize("size", [1e-150, 1.0, 1e150])
def test_the_least_value_is_that_of_a_linear_program(shape: tuple[int, int], size: float) -> None:
    rng = stream(0, "chebyshev", *shape)
    b, B = rng.standard_normal(shape[0]), rng.standard_normal(shape)
    upper, lower, steps = bounds(b * size, B)
    assert upper / size == pytest.approx(by_linear_program(b, B), rel=1e-7)
    assert lower == pytest.approx(upper, rel=1e-9)
    assert steps <= 25


@pytest.mark.parametrize("shape", [(2, 1), (9, 3), (60, 20)])
def test_complex_bounds_meet(shape: tuple[int, int]) -> None:
    rng = stream(0, "chebyshev", *shape)
    b, B = (rng.standard_normal((2, *part)) for part in (shape[:1], shape))
    upper, lower, steps = bounds(b[0] + 1j * b[1], B[0] + 1j * B[1])
    assert lower == pytest.approx(upper, rel=1e-9)
    assert steps <= 25


def test_three_points_of_a_circle_lie_around_its_centre() -> None:
    corners = 2 - 1j + 3 * np.exp(2j * np.pi * np.arange(3) / 3)
    *_, (z, _) = least_maximum(-corners, np.ones((3, 1), dtype=complex))
    np.testing.assert_allclose(z, [2 - 1j], atol=1e-8)


@pytest.mark.parametrize("number", [0, 1, 2, 4])
def test_rows_ten_decades_apart_are_met_by_orthogonal_rows(number: int) -> None:
    rng, lengths = stream(number, "rows"), 10.0 ** np.linspace(-5, 5, 9)
    B = lengths[:, None] * np.linalg.qr(rng.standard_normal((9, 7)))[0]
    upper, lower, _ = bounds(lengths * rng.standard_normal(9), B)
    assert lower == pytest.approx(upper, rel=1e-9)
