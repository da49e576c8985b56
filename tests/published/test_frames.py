"""Coherence and Babel functions of frames for which they are known exactly, and what follows from them."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from sparsecs import OMP, BasisPursuit, CoherenceBound, babel, coherence, numerical_rank, solve, spectral_norm


def simplex_frame(m: int) -> np.ndarray:
    """m + 1 unit vectors in m dimensions with all inner products -1/m."""
    centred = np.eye(m + 1) - 1 / (m + 1)
    basis = np.linalg.svd(centred)[0][:, :m]
    return basis.T * np.sqrt((m + 1) / m)


def spikes_and_hadamard() -> np.ndarray:
    """[I | H/2] with the Hadamard matrix of order 4: two orthonormal bases with all inner products 1/2."""
    return np.hstack([np.eye(4), np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]]) / 2])


def conference_frame() -> np.ndarray:
    """The six diagonals of the icosahedron: inner products 1/sqrt(5)."""
    golden = (1 + 5**0.5) / 2
    half = [(0, 1, golden), (0, 1, -golden)]
    corners = np.array([np.roll(corner, turn) for turn in range(3) for corner in half], dtype=float).T
    return corners / np.linalg.norm(corners, axis=0)


@pytest.mark.parametrize("m", [2, 3, 5, 8, 30])
def test_the_simplex_frame_has_coherence_one_over_m(m: int) -> None:
    frame = simplex_frame(m)
    assert coherence(frame) == pytest.approx(1 / m, abs=1e-14)
    for s in range(1, m + 1):
        assert babel(frame, s) == pytest.approx(s / m, abs=1e-13)
    assert numerical_rank(frame) == m
    assert spectral_norm(frame) == pytest.approx(((m + 1) / m) ** 0.5, rel=1e-12)


def test_spikes_and_hadamard_have_coherence_one_half_and_a_babel_function_that_stops_at_two() -> None:
    frame = spikes_and_hadamard()
    assert coherence(frame) == 0.5
    assert [babel(frame, s) for s in range(1, 8)] == [0.5, 1, 1.5, 2, 2, 2, 2]
    assert CoherenceBound().sparsity(frame) == 1


def test_the_conference_frame_has_coherence_one_over_root_five() -> None:
    frame = conference_frame()
    for s in range(1, 6):
        assert babel(frame, s) == pytest.approx(s / 5**0.5, abs=1e-14)
    assert coherence(frame) == babel(frame, 1)
    assert CoherenceBound().sparsity(frame) == 1


def test_no_frame_lies_below_the_bound_of_welch_and_equiangular_tight_frames_meet_it() -> None:
    rng = np.random.default_rng(0)
    frames = [rng.standard_normal(shape) for shape in [(3, 5), (10, 40), (20, 21)]]
    for frame in [*frames, simplex_frame(4), conference_frame(), spikes_and_hadamard()]:
        m, n = frame.shape
        assert coherence(frame) >= ((n - m) / (m * (n - 1))) ** 0.5 - 1e-14
    for frame in [simplex_frame(6), conference_frame()]:
        m, n = frame.shape
        assert coherence(frame) == pytest.approx(((n - m) / (m * (n - 1))) ** 0.5, abs=1e-14)


@pytest.mark.parametrize("shape", [(32, 48), (10, 100), (5, 7)])
def test_the_babel_function_starts_at_the_coherence_and_grows_no_faster_than_a_line(shape: tuple[int, int]) -> None:
    # the assertions of CompressedSensing.jl
    A = np.random.default_rng(1).standard_normal(shape)
    mu = coherence(A)
    values = np.array([babel(A, s) for s in range(1, shape[1])])
    assert values[0] == pytest.approx(mu, abs=1e-12)
    assert (values <= np.arange(1, shape[1]) * mu + 1e-12).all()
    assert (np.diff(values) >= 0).all()


@pytest.mark.parametrize("m", [3, 4, 5, 6])
@pytest.mark.parametrize("solver", [OMP(), BasisPursuit()], ids=repr)
def test_below_the_coherence_bound_every_support_and_all_signs_are_recovered(m: int, solver: object) -> None:
    # Donoho and Elad (2003), Tropp (2004): k < (1 + 1/mu) / 2 = (1 + m) / 2
    frame = simplex_frame(m)
    k = CoherenceBound().sparsity(frame)
    assert k == (m + 2) // 2 - 1
    for support in combinations(range(m + 1), k):
        for values in product([-1.0, 1.0], repeat=k):
            x = np.zeros(m + 1)
            x[list(support)] = values
            assert np.abs(solve(frame, frame @ x, solver, sparsity=k).x - x).max() < 1e-10


def test_a_matrix_with_a_zero_column_is_promised_nothing() -> None:
    assert CoherenceBound().sparsity(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])) == 0


def test_orthonormal_columns_are_promised_no_more_than_their_number() -> None:
    basis = np.linalg.qr(np.random.default_rng(0).standard_normal((5, 5)))[0]
    assert CoherenceBound().sparsity(basis) == 5
    assert CoherenceBound().sparsity(np.eye(5)) == 5


@pytest.mark.parametrize("steps", [12, 24, 48])
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_no_number_of_steps_takes_the_spectral_norm_above_the_largest_singular_value(steps: int, kind: type) -> None:
    rng = np.random.default_rng(0)
    hadamard = np.ones((1, 1))
    for _ in range(6):
        hadamard = np.kron(hadamard, [[1, 1], [1, -1]])
    few = rng.standard_normal((40, 3)) @ rng.standard_normal((3, 60))
    frames = [hadamard / 8, hadamard[:30] / 8, few, np.diag([1.0] * 20 + [2.0] * 20), simplex_frame(30), np.eye(50)]
    for frame in [*frames, rng.standard_normal((50, 100))]:
        largest = np.linalg.svd(frame, compute_uv=False)[0]
        assert spectral_norm(frame.astype(kind), steps) <= largest * (1 + 100 * np.finfo(kind).eps)
        assert spectral_norm(frame.astype(kind), steps) >= 0.99 * largest


@pytest.mark.parametrize("scale", [1e-300, 1e-170, 1e-100, 1e100, 1e170, 1e300])
def test_scale_means_nothing_to_what_is_measured_of_a_matrix(scale: float) -> None:
    frame = conference_frame() * np.array([1, 2, 3, 4, 5, 6]) / 8
    assert coherence(scale * frame) == pytest.approx(1 / 5**0.5, abs=1e-14)
    assert numerical_rank(scale * frame) == 3
    assert spectral_norm(scale * frame) == pytest.approx(scale * spectral_norm(frame), rel=1e-10)
