"""Certificates where supports are empty, full, too large or dependent, where time runs out, and where input makes no sense."""

from __future__ import annotations

import naive_certificates as naive
import numpy as np
import pytest
from scipy.sparse.linalg import aslinearoperator

from sparsecs.core.budget import Budget
from sparsecs.geometry._on_support import framed
from sparsecs.geometry._smallest_dual import Search
from sparsecs.geometry.dual_certificate import dual_certificate
from sparsecs.geometry.exact_recovery_coefficient import exact_recovery_coefficient
from sparsecs.geometry.irrepresentable import irrepresentable
from sparsecs.geometry.is_recoverable import is_recoverable


def test_complex_columns_that_depend_on_each_other_may_still_be_recovered() -> None:
    A = np.array([[1, 1, 1], [0, 1, 1j]])
    assert irrepresentable(A, [0, 1, 2], np.ones(3)) == np.inf
    found = dual_certificate(A, [0, 1, 2], np.ones(3))
    assert found.holds
    assert found.value == 0
    h = np.array([1j - 1, -1j, 1])
    assert np.abs(A @ h).max() == 0
    grid = [t * np.exp(1j * a) for t in (1e-3, 1e-2, 0.1, 1, 3) for a in np.linspace(0, 2 * np.pi, 60)]
    assert min(np.abs(1 + c * h).sum() for c in grid) > 3
    real = np.array([[1.0, 1, 1], [0, 1, 2]])
    assert not dual_certificate(real, [0, 1, 2], np.ones(3)).holds
    assert not dual_certificate(real + 0j, [0, 1, 2], np.ones(3)).holds


def test_the_edges_of_supports() -> None:
    A, _, _ = naive.gaussian(5, 8, 0)
    none = dual_certificate(A, [], [])
    assert none.holds
    assert none.value == irrepresentable(A, [], []) == exact_recovery_coefficient(A, []) == 0
    square = A[:, :5]
    whole = dual_certificate(square, np.ones(5, dtype=bool), np.ones(5))
    assert (whole.holds, whole.value, whole.worst) == (True, 0.0, None)
    assert irrepresentable(square, range(5), np.ones(5)) == exact_recovery_coefficient(square, range(5)) == 0
    more = dual_certificate(A, range(6), [1, 1, 1, -1, 1, 1])
    naive.check(A, np.arange(6), np.array([1.0, 1, 1, -1, 1, 1]), more)
    assert not more.holds
    assert not is_recoverable(A, range(6), np.ones(6))
    assert irrepresentable(A, range(6), np.ones(6)) == exact_recovery_coefficient(A, range(6)) == np.inf
    assert is_recoverable([[2.0]], [0], [1])
    assert not is_recoverable([[0.0]], [0], [1])


def test_zero_and_double_columns() -> None:
    A, support, signs = naive.gaussian(20, 40, 3)
    A[:, np.setdiff1d(np.arange(40), support)[4]] = 0
    assert is_recoverable(A, support, signs)
    double = np.hstack([A, A[:, support[:1]]])
    found = dual_certificate(double, support, signs)
    assert not found.holds
    assert (found.value, found.lower) == (pytest.approx(1, abs=1e-9), pytest.approx(1, abs=1e-9))
    naive.check(double, support, signs, found)
    assert not is_recoverable(double, support, signs)
    within = dual_certificate(double, [*support, 40], [*signs, signs[0]])
    assert not within.holds
    assert within.direction is not None
    A[:, support[1]] = 0
    found = dual_certificate(A, support, signs)
    assert (found.holds, found.value) == (False, np.inf)
    naive.check(A, support, signs, found)


def test_a_mask_stands_for_its_positions() -> None:
    A, support, _ = naive.gaussian(20, 40, 5)
    mask = np.isin(np.arange(40), support)
    signs = np.array([1, -1, 1, 1, -1])
    assert irrepresentable(A, mask, signs) == irrepresentable(A, np.sort(support), signs)


def test_a_search_that_runs_out_of_time_says_so_and_keeps_what_it_knows() -> None:
    A, support, signs = naive.gaussian(50, 120, 16)
    found = dual_certificate(A, support, signs, seconds=0)
    assert "is spent" in found.stopped
    assert "stopped early" in repr(found)
    naive.check(A, support, signs, found)
    assert found.value == pytest.approx(irrepresentable(A, support, signs), rel=1e-12)


def test_deciding_stops_before_the_least_value_is_known() -> None:
    A, support, signs = naive.gaussian(50, 120, 20)
    frame, wanted = framed(A, support, signs)
    search = Search(frame, wanted, frame.shortest_dual(wanted), True, Budget(None))
    search.run()
    assert search.value < 1 or search.lower >= 1
    assert search.value - search.lower > 1e-6


def test_a_bound_is_not_made_of_rounding() -> None:
    """What projecting leaves of a vector that should vanish is no null vector of A, however long it is made."""
    A = np.zeros((5, 5))
    A[2, [0, 4]], A[3, 0] = (1, 2), 1
    frame, wanted = framed(A, [0], [1.0])
    search = Search(frame, wanted, frame.shortest_dual(wanted), False, Budget(None))
    assert search.value == pytest.approx(1)
    dust = np.array([0, 0, 0, -1e-17])
    search._bound(np.array([1, 2, 3, 4]), A[:, 1:], np.array([0, 0, 0, 1.0]), dust)
    assert (search.lower, search.direction) == (0, None)
    search.run()
    assert search.value == pytest.approx(0, abs=1e-12)
    assert search.lower == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("support", "signs", "error", "message"),
    [
        ([0, 1], [1.0], ValueError, "2 columns"),
        ([0, 1], [1.0, 0.0], ValueError, "entry 1 is 0"),
        ([0, 1], [1.0, 2.0], ValueError, "modulus one"),
        ([0, 1], [1.0, np.nan], ValueError, "finite"),
        ([0, 0], [1.0, 1.0], ValueError, "names column 0 2 times"),
        ([0, 9], [1.0, 1.0], ValueError, "between 0 and 3"),
        ([0.5], [1.0], TypeError, "whole numbers"),
        ([0], ["a"], TypeError, "numbers"),
    ],
)
def test_what_cannot_be_understood_is_refused(support: list, signs: list, error: type, message: str) -> None:
    A = np.arange(8.0).reshape(2, 4)
    for verb in (irrepresentable, dual_certificate, is_recoverable):
        with pytest.raises(error, match=message):
            verb(A, support, signs)


def test_an_operator_that_gives_nan_is_told_so() -> None:
    A = np.ones((2, 3))
    A[1, 2] = np.nan
    with pytest.raises(ValueError, match="finite"):
        irrepresentable(aslinearoperator(A), [0], [1])
    with pytest.raises(ValueError, match="finite"):
        exact_recovery_coefficient(aslinearoperator(A), [0])
