"""Two roads to one figure: own projections and an interior-point method's; the integral and the sum over faces of polytopes."""

from __future__ import annotations

import naive_cones
import numpy as np
import pytest
from agreement.exact_probability import found, found_nonnegative
from hypothesis import given
from hypothesis import strategies as st

from sparsecs import L1, GroupL2, is_recoverable, statistical_dimension, stream
from sparsecs.geometry._cone_projection import ConeImage
from sparsecs.geometry.descent_cone import descent_cone


def root_of(kind: str, n: int) -> np.ndarray:
    rng, i = stream(0, "root", kind), np.arange(n)
    if kind == "neighbours":
        return np.linalg.cholesky(0.9 ** np.abs(i[:, None] - i)).T
    if kind == "low rank":
        return rng.standard_normal((n - 5, 4)) @ rng.standard_normal((4, n)) + 0.3 * rng.standard_normal((n - 5, n))
    return rng.standard_normal((2 * n, n)) * 10.0 ** rng.uniform(-2, 2, n)


@pytest.mark.parametrize("kind", ["neighbours", "low rank", "scales"])
@pytest.mark.parametrize("what", ["l1", "weights", "nonnegative", "box", "groups"])
def test_projections_are_those_of_an_interior_point_method(kind: str, what: str) -> None:
    n, rng = 24, stream(1, "signal")
    R = root_of(kind, n)
    x = np.where(rng.permutation(n) < 5, rng.choice([-1.0, 1.0], n), 0)
    if what in ("nonnegative", "box"):
        x = np.abs(x)
    groups = np.arange(n) // 3 if what == "groups" else None
    weights = rng.uniform(0.2, 3, 8 if what == "groups" else n) if what in ("weights", "groups") else None
    bounds = {"nonnegative": (0.0, np.inf), "box": (0.0, 1.0)}.get(what, (-np.inf, np.inf))
    low, high = (bound if np.isfinite(bound) else None for bound in bounds)
    penalty = GroupL2() if what == "groups" else L1(lower=low, upper=high)
    image = ConeImage(descent_cone(penalty, x, groups, weights), R)
    for _ in range(3):
        g = rng.standard_normal(R.shape[0])
        projected = image.project(g)
        theirs = naive_cones.nearest(R, x, g, weights, groups, bounds)
        own = R @ image.direction(projected, g)
        assert own == pytest.approx(theirs, abs=1e-5 * float(np.linalg.norm(g)))
        assert projected.norm == pytest.approx(float(own @ own), abs=1e-8)


@pytest.mark.parametrize(("k", "n"), [(1, 2), (1, 3), (2, 8), (5, 20), (20, 30), (10, 50)])
def test_the_integral_is_the_sum_over_faces(k: int, n: int) -> None:
    """With P(m) the exact probability of recovery from m measurements, half-tails of the intrinsic volumes give
    1 - P(m) = 2 (v_{m+1} + v_{m+3} + ...), and summed over m < n that is the mean of v plus the half that odd faces weigh.
    """
    x = np.where(np.arange(n) < k, 1.0, 0.0)
    lost = [1 - (found(k, m, n) if m >= k else 0) for m in range(n)]
    assert statistical_dimension(L1(), x).value == pytest.approx(sum(lost) - 0.5, abs=1e-8)
    lost = [1 - (found_nonnegative(k, m, n) if m >= k else 0) for m in range(n)]
    assert statistical_dimension(L1(lower=0), x).value == pytest.approx(sum(lost) - 0.5, abs=1e-8)


@given(st.integers(2, 8), st.integers(1, 8), st.integers(1, 4), st.integers(0, 200))
def test_directions_are_seen_where_a_signal_is_recoverable(n: int, p: int, k: int, seed: int) -> None:
    rng = stream(seed, "whole numbers")
    R = rng.integers(-1, 2, (p, n)) * 1.0
    x = np.where(rng.permutation(n) < k, rng.choice([-1.0, 1.0], n), 0)
    support = np.flatnonzero(x)
    verdict = is_recoverable(R, support, x[support])
    assert statistical_dimension(L1(), x, root=R, draws=8).identifiable is bool(verdict)


@pytest.mark.parametrize(
    ("R", "x"),
    [
        ([[0, -1, 1, -1, 0, 0, 1], [0, -1, 0, 0, 1, 1, 0]], [0, 0, 0, 0, -1, 0, 0]),  # a zero column beside twins
        ([[1, 1, 1], [0, 1, -1]], [1, 0, 0]),  # one column is the mean of two others
    ],
)
def test_directions_on_the_edge_of_the_cone_are_found(R: list, x: list) -> None:
    support = np.flatnonzero(x)
    assert not is_recoverable(R, support, np.array(x)[support])
    assert statistical_dimension(L1(), x, root=np.array(R, dtype=float), draws=8).identifiable is False
