"""The weak threshold by two roads, and the finite-size law beside the exact sum over faces."""

from __future__ import annotations

import numpy as np
import pytest
from agreement.exact_probability import found, found_nonnegative, lost, lost_nonnegative

from sparsecs import DonohoTanner, StatisticalDimension

DELTAS = np.concatenate([np.logspace(-8, -1.1, 24), np.linspace(0.08, 0.98, 46), [0.99, 0.999, 0.9999, 1]])
EXACT = {False: found, True: found_nonnegative}
both = pytest.mark.parametrize("nonnegative", [False, True])


def window(m: int, n: int, nonnegative: bool) -> list[int]:
    """Sparsities from sure success to sure failure."""
    middle = StatisticalDimension(nonnegative=nonnegative).finite_sparsity(m, n)
    return sorted({round(k) for k in np.linspace(max(1, 0.7 * middle), min(m, 1.3 * middle), 7)})


@both
def test_the_parametric_form_and_the_statistical_dimension_are_one_curve(nonnegative: bool) -> None:
    counting, geometry = (
        DonohoTanner(cone="simplex" if nonnegative else "crosspolytope"),
        StatisticalDimension(nonnegative=nonnegative),
    )
    assert np.abs(counting.rho(DELTAS) - geometry.rho(DELTAS)).max() <= 1e-10


@both
def test_both_curves_ask_for_the_same_number_of_measurements(nonnegative: bool) -> None:
    rhos = np.concatenate([[0.02, 0.05], np.linspace(0.1, 0.95, 18)])
    counting, geometry = (
        DonohoTanner(cone="simplex" if nonnegative else "crosspolytope"),
        StatisticalDimension(nonnegative=nonnegative),
    )
    assert counting.delta(rhos) == pytest.approx(geometry.delta(rhos), rel=1e-9)


@both
@pytest.mark.parametrize(("m", "n"), [(30, 100), (50, 100), (80, 100), (100, 160)])
def test_the_exact_sums_over_small_and_large_faces_add_to_one(nonnegative: bool, m: int, n: int) -> None:
    rest = lost_nonnegative if nonnegative else lost
    k = window(m, n, nonnegative)[3]
    assert EXACT[nonnegative](k, m, n) + rest(k, m, n) == pytest.approx(1, abs=1e-12)


@both
@pytest.mark.parametrize(("m", "n"), [(35, 100), (50, 100), (65, 100), (80, 100), (100, 200), (160, 200)])
def test_the_finite_size_law_is_close_to_the_exact_sum(nonnegative: bool, m: int, n: int) -> None:
    # measured for m/n from a third to four fifths: at most 0.0102 at n = 100 and 0.0063 at n = 200, about as 1/sqrt(n)
    curve = StatisticalDimension(nonnegative=nonnegative)
    exact = [EXACT[nonnegative](k, m, n) for k in window(m, n, nonnegative)]
    close = [curve.success(k, m, n) for k in window(m, n, nonnegative)]
    assert max(exact) > 0.9
    assert min(exact) < 0.1
    assert np.abs(np.subtract(exact, close)).max() <= 0.12 / n**0.5


@both
@pytest.mark.parametrize(("m", "n"), [(60, 200), (100, 200), (150, 200)])
def test_the_finite_sparsity_lies_where_the_exact_probability_crosses_one_half(
    nonnegative: bool, m: int, n: int
) -> None:
    middle = StatisticalDimension(nonnegative=nonnegative).finite_sparsity(m, n)
    low = int(np.floor(middle))
    above, below = EXACT[nonnegative](low, m, n), EXACT[nonnegative](low + 1, m, n)
    assert low + (above - 0.5) / (above - below) == pytest.approx(middle, abs=0.1)
