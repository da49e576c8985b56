"""Statistical dimensions and widths: exact where a formula is known, and the projections they are made of are projections."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import aslinearoperator
from scipy.special import gammaln

from sparsecs import (
    L0,
    L1,
    CircularCone,
    GroupL2,
    MonotoneCone,
    Orthant,
    PolarCone,
    SortedL1,
    StatisticalDimension,
    Subspace,
    gaussian_width,
    statistical_dimension,
    stream,
)
from sparsecs.geometry._cone_projection import ConeImage
from sparsecs.geometry._roots import reduced_root
from sparsecs.geometry.cones import Cone
from sparsecs.geometry.descent_cone import DescentCone, descent_cone

CONES = [
    Subspace(4),
    Orthant(7),
    CircularCone(6),
    CircularCone(30, 0.3),
    MonotoneCone(9),
    PolarCone(MonotoneCone(5), 5),
]


def spikes(n: int, k: int) -> np.ndarray:
    return np.where(np.arange(n) < k, 1.0, 0.0)


def near(estimate: object, value: float, times: float = 4.0) -> bool:
    return abs(estimate.value - value) <= times * estimate.error


# --- closed forms ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cone", CONES, ids=repr)
def test_the_mean_of_projections_is_the_closed_form(cone: Cone) -> None:
    drawn = statistical_dimension(cone, method="draws", draws=1500)
    exact = statistical_dimension(cone)
    assert exact.exact
    assert near(drawn, exact.value)
    width = gaussian_width(cone, draws=1500)
    measured = np.sqrt(drawn.norms)
    assert abs(measured.mean() - width.value) <= 4 * (measured.std() / measured.size**0.5 + width.error)
    assert width.value**2 <= exact.value + 4 * width.value * width.error <= width.value**2 + 1 + 8 * width.error


@pytest.mark.parametrize("cone", CONES, ids=repr)
def test_a_cone_and_its_polar_share_the_space(cone: Cone) -> None:
    polar = PolarCone(cone, cone.least)
    assert polar.dimension() + cone.dimension() == pytest.approx(cone.least)
    g = stream(0, "g").standard_normal(cone.least)
    assert cone.project(g) @ polar.project(g) == pytest.approx(0, abs=1e-12)


def test_known_values() -> None:
    assert statistical_dimension(MonotoneCone(4)).value == pytest.approx(1 + 1 / 2 + 1 / 3 + 1 / 4)
    assert CircularCone(5, math.pi / 2).dimension() == pytest.approx(4.5)  # a half-space
    assert CircularCone(5, 0.0).dimension() == pytest.approx(0.5)  # a ray
    assert CircularCone(8).dimension() == pytest.approx(4)  # its own polar
    assert gaussian_width(Subspace(3)).value == pytest.approx(math.sqrt(2) * math.exp(gammaln(2) - gammaln(1.5)))
    assert gaussian_width(L1(), n=2).value == pytest.approx(2 / math.sqrt(math.pi))
    assert statistical_dimension(L1(), np.array([1.0, 0.0])).value == pytest.approx(1)  # a right angle in the plane


@pytest.mark.parametrize("size", [1, 10, 100])
def test_the_width_of_a_ball_is_the_mean_dual_norm(size: int) -> None:
    exact = gaussian_width(L1(), n=size)
    drawn = gaussian_width(L1(), n=size, root=np.eye(size), draws=1500)
    assert exact.exact
    assert near(drawn, exact.value)
    assert gaussian_width(L0(), n=size, sparsity=size).value == pytest.approx(math.sqrt(size), rel=0.3)
    sorted_ball = gaussian_width(SortedL1(weights=(1.0,) * size), n=size, draws=300)
    assert near(sorted_ball, exact.value)


# --- no matrix -------------------------------------------------------------------------------------------------------


@given(st.integers(2, 40), st.integers(0, 40), st.integers(0, 10))
def test_projections_with_no_matrix_are_those_of_a_search(n: int, k: int, seed: int) -> None:
    import naive_cones

    rng = stream(seed, "signal")
    x = np.where(rng.permutation(n) < min(k, n), rng.choice([-1.0, 2.0], n), 0)
    weights = rng.uniform(0.5, 2, n)
    found = statistical_dimension(L1(), x, weights=weights, method="draws", draws=3, seed=seed)
    labels = np.arange(n) // 3
    grouped = statistical_dimension(GroupL2(), x, groups=labels, method="draws", draws=3, seed=seed)
    if not x.any():
        assert found.value == grouped.value == 0
        return
    draws = stream(seed, "statistical dimension").standard_normal((3, n))
    expected = [naive_cones.squared_distance(x, g, weights) for g in draws]
    assert found.norms == pytest.approx(expected, abs=1e-8)
    ones = np.ones(labels.max() + 1)
    expected = [naive_cones.squared_distance(x, g, ones, labels) for g in draws]
    assert grouped.norms == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (5, 5), (10, 2), (100, 20), (400, 10)])
def test_three_roads_to_the_l1_cone(n: int, k: int) -> None:
    x = spikes(n, k)
    exact, upper = statistical_dimension(L1(), x), statistical_dimension(L1(), x, method="bound")
    drawn = statistical_dimension(L1(), x, method="draws", draws=1000)
    assert near(drawn.by_face, exact.value)
    assert near(drawn.by_norm, exact.value)
    assert drawn.by_face.error < drawn.by_norm.error
    assert upper.value - upper.slack <= exact.value <= upper.value + 1e-9
    if k == n:
        assert upper.value == pytest.approx(n, abs=1e-9)
        return
    point = StatisticalDimension()._law().with_support(k / n)
    assert upper.value == pytest.approx(n * point.needed, abs=1e-9)
    if n >= 100:
        assert exact.value == pytest.approx(n * point.needed - point.below, abs=0.02)
        assert near(drawn, n * point.needed - point.below)


def test_the_group_cone_has_the_published_threshold() -> None:
    n, rho, delta = 4000, 0.510160, 0.5
    x = spikes(n, 4 * round(rho * delta * n / 4))
    upper = statistical_dimension(GroupL2(), x, groups=np.arange(n) // 4, method="bound")
    assert upper.value / n == pytest.approx(delta, abs=2e-4)


@pytest.mark.parametrize("penalty", [L1(), L1(lower=0), GroupL2()], ids=repr)
def test_the_integral_is_the_mean_of_draws(penalty: object) -> None:
    n = 48
    groups = np.arange(n) // 4 if isinstance(penalty, GroupL2) else None
    weights = np.where(np.arange(12 if groups is not None else n) % 2, 1.0, 2.5)
    given = {"groups": groups, "weights": weights}
    exact = statistical_dimension(penalty, spikes(n, 8), method="exact", **given)
    drawn = statistical_dimension(penalty, spikes(n, 8), method="draws", draws=2000, **given)
    assert near(drawn.by_face, exact.value)
    assert near(drawn.by_norm, exact.value)


def test_groups_of_one_and_complex_coordinates_are_what_they_are() -> None:
    x = spikes(40, 6)
    one = statistical_dimension(GroupL2(), x, groups=np.arange(40))
    assert one.value == pytest.approx(statistical_dimension(L1(), x).value, abs=1e-9)
    phases = x * np.exp(1j * np.arange(40))
    pairs = statistical_dimension(GroupL2(), spikes(80, 12), groups=np.arange(80) // 2)
    assert statistical_dimension(L1(), phases).value == pytest.approx(pairs.value, abs=1e-9)


# --- under a matrix --------------------------------------------------------------------------------------------------


def in_polar(cone: DescentCone, z: np.ndarray, slack: float) -> bool:
    """Whether z is a multiple, at least zero, of a subgradient; the multiple is read off the free coordinates."""
    square = float(cone.pull @ cone.pull)
    t = float(cone.pull @ z[cone.free]) / square
    if t < -slack or np.abs(z[cone.free] - t * cone.pull).max(initial=0) > slack:
        return False
    over = z[cone.rest] - t * cone.linear
    lengths = np.sqrt(np.bincount(cone.owner, weights=over**2, minlength=cone.price.size))
    outward = np.where(cone.side == 0, lengths, (cone.side * over) if cone.rest.size else lengths)
    return bool((outward <= t * cone.price + slack).all())


@given(st.integers(2, 12), st.integers(1, 14), st.integers(1, 12), st.integers(0, 30), st.data())
def test_what_is_found_is_the_projection(n: int, p: int, k: int, seed: int, data: st.DataObject) -> None:
    """Moreau: R d in the cone, the rest in its polar, and both at a right angle. Columns repeat, vanish, and differ in length."""
    rng = stream(seed, "matrix")
    R = rng.integers(-2, 3, (p, n)) * 1.0 if data.draw(st.booleans()) else rng.standard_normal((p, n))
    R = R * 10.0 ** rng.integers(-3, 4, n) if data.draw(st.booleans()) else R
    x = np.where(rng.permutation(n) < k, rng.choice([-1.0, 1.0], n), 0)
    kind = data.draw(st.sampled_from(["l1", "nonnegative", "groups"]))
    if kind == "groups":
        cone = descent_cone(GroupL2(), x, groups=np.arange(n) // 2)
    else:
        cone = descent_cone(L1(lower=0) if kind == "nonnegative" else L1(), np.abs(x) if kind == "nonnegative" else x)
    root, _ = reduced_root(R, None, n, False)
    image = ConeImage(cone, root)
    if image.open:
        return
    g = rng.standard_normal(root.shape[0])
    found = image.project(g)
    assert found.violation < 1e-8
    d = image.direction(found, g)
    point, size = root @ d, float(np.linalg.norm(g)) or 1.0
    lengths = np.linalg.norm(root, axis=0)
    top = np.abs(np.concatenate([cone.pull, cone.price])).max()
    assert cone.derivative(d) <= 1e-7 * top * max(np.abs(d).max(), size)
    assert abs(point @ (g - point)) <= 1e-8 * size**2
    assert found.norm == pytest.approx(float(point @ point), abs=1e-8 * size**2)
    assert in_polar(cone, root.T @ (g - point), 1e-8 * size * max(lengths.max(), 1e-300))


@pytest.mark.parametrize("penalty", [L1(), L1(lower=0), L1(lower=0, upper=1), GroupL2()], ids=repr)
def test_under_the_identity_nothing_changes(penalty: object) -> None:
    n, given = 60, {"groups": np.arange(60) // 3 if isinstance(penalty, GroupL2) else None}
    plain = statistical_dimension(penalty, spikes(n, 9), method="draws", draws=60, **given)
    under = statistical_dimension(penalty, spikes(n, 9), root=np.eye(n), draws=60, **given)
    assert under.norms == pytest.approx(plain.norms, abs=1e-7)
    assert under.faces == pytest.approx(plain.faces, abs=1e-6)
    assert under.identifiable


def test_rotations_from_the_left_change_nothing_and_scales_of_columns_are_weights() -> None:
    rng, x = stream(0, "R"), spikes(40, 6)
    R, scale = rng.standard_normal((50, 40)), 10.0 ** rng.uniform(-5, 5, 40)
    Q = np.linalg.qr(rng.standard_normal((70, 50)))[0]
    base = statistical_dimension(L1(), x, root=R, draws=30)
    for other in (Q @ R, R * 1e-200, R * 1e200, scipy.sparse.csr_array(R), aslinearoperator(R)):
        assert statistical_dimension(L1(), x, root=other, draws=30).norms == pytest.approx(base.norms, rel=1e-8)
    assert statistical_dimension(L1(), x, covariance=R.T @ R, draws=30).norms == pytest.approx(base.norms, rel=1e-8)
    scaled = statistical_dimension(L1(), x, root=R * scale, weights=scale, draws=30)
    assert scaled.norms == pytest.approx(base.norms, rel=1e-6)
    diagonal = statistical_dimension(L1(), x, root=np.diag(np.linspace(1, 2, 40)), draws=600)
    assert near(diagonal, statistical_dimension(L1(), x, weights=1 / np.linspace(1, 2, 40), method="exact").value)
    assert near(diagonal.by_norm, diagonal.value)


def test_directions_that_are_not_seen_are_said() -> None:
    rng, x = stream(0, "R"), spikes(30, 5)
    wide = statistical_dimension(L1(), x, root=rng.standard_normal((8, 30)))
    assert (wide.value, wide.error, wide.identifiable) == (8, 0, False)
    R = rng.standard_normal((60, 30))
    assert statistical_dimension(L1(), x, root=R, draws=5).identifiable
    twin, off, dead, idle = R.copy(), R.copy(), R.copy(), R.copy()
    twin[:, 20], off[:, 20], dead[:, 2], idle[:, 20] = R[:, 1], R[:, 21], 0, 0
    exact = statistical_dimension(L1(), x).value
    for matrix, identifiable in ((twin, False), (off, True), (idle, True)):
        found = statistical_dimension(L1(), x, root=matrix, draws=60)
        assert found.identifiable is identifiable
        assert abs(found.value - exact) < 5
    lost = statistical_dimension(L1(), x, root=dead)
    assert (lost.value, lost.identifiable) == (29, False)


@pytest.mark.parametrize(("x", "value"), [(np.zeros(5), 0), (np.ones(5), 4.5), (np.ones(1), 0.5), (np.zeros(1), 0)])
def test_no_spike_and_only_spikes(x: np.ndarray, value: float) -> None:
    assert statistical_dimension(L1(), x).value == pytest.approx(value)
    under = statistical_dimension(L1(), x, root=np.eye(x.size), draws=400)
    assert abs(under.value - value) <= 4 * under.error
    free = statistical_dimension(L1(), np.zeros(4), weights=np.array([0.0, 0.0, 1.0, np.inf]))
    assert free.value == 2
    orthant = statistical_dimension(Orthant(20), root=np.eye(20), draws=300)
    assert near(orthant, 10)


def test_time_is_kept_and_bad_input_refused() -> None:
    x = spikes(20, 3)
    short = statistical_dimension(L1(), x, root=np.eye(20), draws=10_000, seconds=0.0)
    assert short.draws == 2
    assert "spent" in short.stopped
    bad = np.eye(20)
    bad[3, 3] = np.nan
    wrong = [
        ({"root": bad}, "NaN|finite"),
        ({"root": np.eye(21)}, "shape"),
        ({"covariance": -np.eye(20)}, "eigenvalue"),
        ({"covariance": np.triu(np.ones((20, 20)))}, "symmetric"),
        ({"root": np.eye(20), "covariance": np.eye(20)}, "not both"),
        ({"weights": -np.ones(20)}, "at least zero"),
        ({"root": np.eye(20), "method": "exact"}, "draws"),
        ({"draws": 1}, "draws"),
    ]
    for given_, words in wrong:
        with pytest.raises(ValueError, match=words):
            statistical_dimension(L1(), x, **given_)
    with pytest.raises(ValueError, match="finite"):
        statistical_dimension(L1(), np.full(3, np.nan))
    with pytest.raises(ValueError, match="give x"):
        statistical_dimension(L1())
    with pytest.raises(TypeError, match="complex"):
        statistical_dimension(L1(), x, root=1j * np.eye(20))
