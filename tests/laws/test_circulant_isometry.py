"""Isometry constants of circular convolutions: exact where they say so, and bounds that hold elsewhere."""

from __future__ import annotations

import naive_circulant as naive
import numpy as np
import pytest
from circulant_layers import both, gram, layers
from hypothesis import given
from hypothesis import strategies as st

from sparsecs.core.randomness import stream
from sparsecs.geometry._extreme_supports import ExtremeSupports
from sparsecs.geometry.circulant import circulant
from sparsecs.geometry.circulant_geometry import CirculantGeometry
from sparsecs.geometry.isometry_bounds import IsometryBounds


@given(layers())
def test_isometry_constants_of_order_one_two_and_all_are_exact(layer: tuple[np.ndarray, int]) -> None:
    geometry, A = both(layer)
    n = A.shape[1]
    for k in {1, min(2, n), n}:
        found = geometry.restricted_isometry(k)
        lower, upper = naive.isometry(A, k)
        unit = max(1, np.linalg.norm(A, axis=0).max() ** 2)
        assert found.exact
        assert found.L.lower == pytest.approx(lower, abs=1e-9 * unit)
        assert found.U.lower == pytest.approx(upper, abs=1e-9 * unit)
        _attained(found, A, k)


@given(layers(columns=10), st.integers(2, 10), st.sampled_from([0, 100, 2_000_000]))
def test_isometry_bounds_hold_the_constants(layer: tuple[np.ndarray, int], k: int, candidates: int) -> None:
    geometry, A = both(layer)
    k = min(k, A.shape[1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sparsecs.geometry._connected_supports.CANDIDATES", candidates)
        _bounds_hold(geometry, A, k, exact=candidates > 100 or k > len(A))


def _bounds_hold(geometry: CirculantGeometry, A: np.ndarray, k: int, exact: bool) -> None:
    for normalize in (False, True):
        norms = np.linalg.norm(A, axis=0)
        matrix = A / np.where(norms > 0, norms, 1) if normalize else A
        found = geometry.restricted_isometry(k, normalize=normalize)
        unit = max(1, np.linalg.norm(matrix, axis=0).max() ** 2)
        for bounds, constant in zip((found.L, found.U), naive.isometry(matrix, k), strict=True):
            assert bounds.lower <= constant + 1e-11 * unit
            assert constant <= bounds.upper + 1e-11 * unit
            assert bounds.exact or not exact or (k > len(A) and bounds is found.U)
        _attained(found, matrix, k)
        if k > len(A):
            assert (found.L.lower, found.L.upper) == (1, 1)


def _attained(found: IsometryBounds, A: np.ndarray, k: int) -> None:
    """The witnesses are supports of at most k columns on which the lower bounds stand."""
    for bounds, sign in ((found.L, -1), (found.U, 1)):
        support = bounds.witness
        assert len(set(support.tolist())) == support.size <= k
        values = np.linalg.eigvalsh(gram(A[:, support]))
        extreme = 1 - values[0] if sign < 0 else values[-1] - 1
        assert bounds.lower == pytest.approx(extreme, abs=1e-11 * max(1, np.abs(values).max()))


@pytest.mark.parametrize(("shape", "size"), [((1, 1, 3), 13), ((2, 2, 2), 8), ((1, 3, 1), 5), ((2, 1, 4), 19)])
@pytest.mark.parametrize("k", [3, 4])
def test_constants_of_short_kernels_in_a_long_period_are_exact(shape: tuple[int, int, int], size: int, k: int) -> None:
    rng = stream(0, "kernels", *shape)
    kernels = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    A = naive.circulant_matrix(kernels, size)
    found = circulant(kernels, size).restricted_isometry(k)
    assert found.exact
    assert (found.L.lower, found.U.lower) == pytest.approx(naive.isometry(A, k), abs=1e-10)
    _attained(found, A, k)
    long = circulant(kernels, 10_000 * size).restricted_isometry(k)  # nothing meets round the back there
    assert (long.L.lower, long.U.lower) == pytest.approx((found.L.lower, found.U.lower), abs=1e-10)


def test_no_time_still_gives_bounds_that_hold() -> None:
    kernels = stream(0, "kernels").standard_normal((2, 2, 4))
    hasty = circulant(kernels, 6).restricted_isometry(4, seconds=0)
    patient = circulant(kernels, 6).restricted_isometry(4)
    assert "0 s" in hasty.L.stopped
    assert "0 s" in hasty.U.stopped
    assert patient.exact
    assert patient.L.stopped == patient.U.stopped == ""
    for one, other in ((hasty.L, patient.L), (hasty.U, patient.U)):
        assert one.lower <= other.lower <= other.upper <= one.upper


@pytest.mark.parametrize("where", ["_extreme_supports.ExtremeSupports._addition", "_connected_supports._canonical"])
def test_a_keyboard_interrupt_leaves_the_bounds_found_so_far(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    if "extreme" in where:
        monkeypatch.setattr("sparsecs.geometry._connected_supports.CANDIDATES", 100)
    monkeypatch.setattr(f"sparsecs.geometry.{where}", interrupted)
    found = circulant(stream(0, "kernels").standard_normal((2, 2, 4)), 6).restricted_isometry(4)
    assert "interrupted" in found.L.stopped
    assert "interrupted" in found.U.stopped
    assert found.L.lower <= found.L.upper
    assert found.U.lower <= found.U.upper


def test_orders_outside_the_matrix_are_refused() -> None:
    for k in (0, 5):
        with pytest.raises(ValueError, match="between 1 and 4"):
            circulant([1.0, 2.0], 4).restricted_isometry(k)
    with pytest.raises(TypeError, match="whole number"):
        circulant([1.0, 2.0], 4).restricted_isometry(1.5)


@given(layers(columns=12), st.sampled_from([-1, 1]))
def test_the_search_adds_the_column_that_promises_most(layer: tuple[np.ndarray, int], sign: int) -> None:
    geometry, A = both(layer)
    live = np.flatnonzero(A.any(axis=0))
    if live.size < 4:
        return
    search = ExtremeSupports(geometry._correlations, geometry.channel_norms, sign)
    support = live[[0, live.size // 2, live.size - 1]]
    found, v = search._measured(*np.divmod(support, layer[1]))
    at = search._addition(found, v)
    assert at is not None
    own = np.linalg.norm(A, axis=0) ** 2
    squares = np.abs(v.conj() @ A[:, support].conj().T @ A) ** 2
    promise = sign * (found.value + own) / 2 + np.sqrt(((found.value - own) / 2) ** 2 + squares)
    free = np.setdiff1d(live, support)
    assert at[0] * layer[1] + at[1] in free
    assert promise[at[0] * layer[1] + at[1]] == pytest.approx(promise[free].max(), abs=1e-11 * own.max())
