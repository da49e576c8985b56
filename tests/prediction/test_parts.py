"""The parts of a prediction: row spaces, blocks, lost columns, the leverage law, and a belief that trials change."""

from __future__ import annotations

import naive_prediction as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from sparsecs import StatisticalDimension, UniformSupport, as_operator, leverages, stream
from sparsecs.geometry._row_space import row_space
from sparsecs.prediction._blocks import blocks
from sparsecs.prediction._ground import delocalisation
from sparsecs.prediction._leverage_law import leverage_law
from sparsecs.prediction._missing import missing
from sparsecs.prediction._posterior import Posterior
from sparsecs.prediction._reduction import reduced
from sparsecs.prediction._theory import Theory, structural, theory

SEEDS = st.integers(0, 2**32 - 1)


def matrix(seed: int, m: int, n: int, complex_data: bool = False) -> np.ndarray:
    rng = stream(seed, "A")
    A = rng.standard_normal((m, n))
    return A + 1j * rng.standard_normal((m, n)) if complex_data else A


class TestRowSpace:
    @settings(max_examples=30, deadline=None)
    @given(SEEDS, st.integers(1, 8), st.integers(1, 12), st.booleans(), st.integers(-3, 3))
    def test_leverages_are_the_diagonal_of_the_projector_and_add_up_to_the_rank(self, seed, m, n, complex_data, scale):
        A = matrix(seed, m, n, complex_data) * 10.0 ** (scale * np.arange(n) / n)
        A[:, n // 2] = 0
        h = leverages(A)
        np.testing.assert_allclose(h, np.diag(naive.projector(A)).real, atol=1e-9)
        assert h.sum() == pytest.approx(np.linalg.matrix_rank(A), abs=1e-9)

    @settings(max_examples=20, deadline=None)
    @given(SEEDS)
    def test_multiplying_from_the_left_changes_nothing(self, seed):
        A = matrix(seed, 5, 9)
        np.testing.assert_allclose(leverages(matrix(seed + 1, 5, 5) @ A), leverages(A), atol=1e-8)

    @pytest.mark.parametrize("complex_data", [False, True])
    @pytest.mark.parametrize("rank", [5, 6])
    def test_all_roads_agree(self, complex_data, rank):
        A = matrix(3, 6, 15, complex_data)
        if rank == 5:  # the Gram matrix has no Cholesky factor
            A[4] = A[0] + A[1]
        x = matrix(4, 15, 2, complex_data)
        held, unheld = row_space(as_operator(A)), row_space(as_operator(A), limit=8 * 6 * 15 - 1)
        assert held.held
        assert not unheld.held
        assert held.rank == unheld.rank == rank
        np.testing.assert_allclose(unheld.leverages(), held.leverages(), atol=1e-10)
        np.testing.assert_allclose(held.project(x), naive.projector(A) @ x, atol=1e-10)
        np.testing.assert_allclose(unheld.project(x), held.project(x), atol=1e-10)
        np.testing.assert_allclose(unheld.project(x[:, 0]), held.project(x[:, 0]), atol=1e-10)

    def test_what_is_too_large_is_refused_with_the_remedy(self):
        with pytest.raises(MemoryError, match="Use fewer rows"):
            row_space(as_operator(np.ones((9, 20))), limit=100)

    def test_nothing_has_rank_zero_and_extreme_scales_are_no_matter(self):
        assert row_space(as_operator(np.zeros((2, 3)))).rank == 0
        A = matrix(1, 3, 5)
        rows = A * 10.0 ** np.array([-6, 0, 6])[:, None]
        np.testing.assert_allclose(leverages(rows), leverages(A), atol=1e-9)
        for scale in (1e-200, 1e200):
            np.testing.assert_allclose(leverages(scale * A), leverages(A), atol=1e-12)


class TestBlocks:
    @settings(max_examples=30, deadline=None)
    @given(SEEDS, st.lists(st.tuples(st.integers(1, 3), st.integers(1, 5)), min_size=1, max_size=4))
    def test_they_are_the_components_of_the_projector(self, seed, sizes):
        rng = stream(seed, "blocks")
        A = np.zeros((sum(m for m, _ in sizes), sum(n for _, n in sizes)))
        row = column = 0
        for m, n in sizes:
            A[row : row + m, column : column + n] = rng.standard_normal((m, n))
            row, column = row + m, column + n
        A = rng.standard_normal((len(A), len(A))) @ A[:, rng.permutation(A.shape[1])]
        found, expected = blocks(row_space(as_operator(A)), rng), naive.blocks(A)
        np.testing.assert_array_equal(found[:, None] == found, expected[:, None] == expected)


class TestReduction:
    def test_of_each_direction_the_longest_column_is_kept(self):
        A = np.array([[1.0, -2.0, 0.0, 1.0, 0.5], [0.0, 0.0, 0.0, 1.0, 0.5]])
        found = reduced(as_operator(A))
        assert found.kept.tolist() == [1, 3]
        assert found.lost.tolist() == [True, False, True, False, True]
        assert (found.dead, found.parallel) == (1, 4)

    def test_all_zero_is_refused(self):
        with pytest.raises(ValueError, match="All 3 columns are zero"):
            reduced(as_operator(np.zeros((2, 3))))

    @settings(max_examples=20, deadline=None)
    @given(st.lists(st.booleans(), min_size=1, max_size=8))
    def test_misses_of_uniform_supports_are_counted_right(self, lost):
        lost = np.array(lost)
        A = as_operator(np.ones((2, lost.size)))
        found = missing(A, UniformSupport(), lost, lost.size, stream(0, "x"))
        np.testing.assert_allclose(found, [naive.missing(lost, k) for k in range(lost.size + 1)], atol=1e-12)


class TestLeverageLaw:
    @settings(max_examples=25, deadline=None)
    @given(SEEDS, st.sampled_from([(1, 1), (5, 0.3), (0.5, 3), (20, 20)]), st.integers(40, 120))
    def test_it_is_what_a_minimiser_finds(self, seed, shape, n):
        rng = stream(seed, "h")
        h = np.clip(rng.beta(*shape, size=n), 1e-9, 1 - 1e-9)
        order = rng.permutation(n)
        k = np.unique(rng.integers(1, int(h.sum()), size=4))
        found = leverage_law(h, h.sum(), [order], k)[0]
        expected = [naive.leverage_success(h, h.sum(), order[:size]) for size in k]
        np.testing.assert_allclose(found, expected, atol=0.015)

    @pytest.mark.parametrize(("m", "n"), [(30, 60), (100, 200), (40, 400), (180, 200)])
    def test_even_leverages_give_the_law_of_a_gaussian_matrix(self, m, n):
        k = np.arange(1, m)
        expected = [StatisticalDimension().success(int(size), m, n) for size in k]
        np.testing.assert_allclose(leverage_law(np.full(n, m / n), m, [np.arange(n)], k)[0], expected, atol=0.01)

    def test_no_null_space_means_success_and_more_than_the_rank_means_failure(self):
        assert leverage_law(np.ones(5), 5, [np.arange(5)], np.array([0, 3, 5])).tolist() == [[1, 1, 1]]
        assert leverage_law(np.full(6, 0.5), 3, [np.arange(6)], np.array([0, 4, 6])).tolist() == [[1, 0, 0]]

    def test_independent_blocks_multiply(self):
        rng, B = stream(0, "blocks"), matrix(5, 12, 24)
        A = np.kron(np.eye(2), B)
        space = row_space(as_operator(A))
        h, labels = space.leverages(), np.repeat([0, 1], 24)
        even = structural(h[:24], 2.0)
        orders = [rng.permutation(48) for _ in range(8)]
        drawn = iter(orders)
        law = theory(space, h, labels, lambda: next(drawn), most=0)
        expected = np.ones(law.k.size)
        for number, k in enumerate(law.k):
            each = []
            for order in orders:
                inside = order[:k] < 24
                parts = order[:k][inside], order[:k][~inside] - 24
                each.append(
                    np.prod([1 if part.size == 0 else naive.leverage_success(even, 12, part) for part in parts])
                    if max(part.size for part in parts) <= 12
                    else 0
                )
            expected[number] = np.mean(each)
        np.testing.assert_allclose(law.success, expected, atol=0.015)


class TestTheory:
    def test_levels_are_where_the_curve_is(self):
        law = Theory(np.arange(11), ndtr(np.linspace(3, -3, 11)))
        for level in (0.9, 0.5, 0.2):
            assert float(law.at(np.array([law.where(level)]))[0]) == pytest.approx(level, abs=1e-3)
        assert law.at(np.array([-1.0, 0.0, 11.0])).tolist() == [1, 1, 0]


class TestPosterior:
    def test_before_trials_it_is_centred_on_theory(self):
        belief = Posterior.prior(20.0, 0.12, 4.0)
        assert belief.weight.sum() == pytest.approx(1)
        assert belief.centre == pytest.approx(20, rel=0.02)

    def test_success_moves_it_up_and_failure_down(self):
        belief = Posterior.prior(20.0, 0.12, 4.0)
        assert belief.after(22, True).centre > belief.centre > belief.after(18, False).centre
        assert belief.after(20, True).after(21, False).error < belief.error

    @pytest.mark.parametrize("true", [6.0, 20.0, 31.0])
    def test_it_finds_the_truth_and_knows_how_well(self, true):
        errors, said = [], []
        for seed in range(40):
            rng, belief = stream(seed, "belief"), Posterior.prior(20.0, 0.12, 4.0)
            for _ in range(40):
                k = max(1, belief.next_k(rng))
                belief = belief.after(k, rng.standard_normal() < (true - k) / 3.0)
            errors.append(np.log(belief.centre / true))
            said.append(belief.error)
        assert np.sqrt(np.mean(np.square(errors))) < 1.5 * np.mean(said)
        assert np.mean(np.abs(errors) < 2 * np.array(said)) > 0.85

    def test_the_band_holds_the_stated_share_of_the_belief(self):
        belief = Posterior.prior(20.0, 0.12, 4.0)
        k = np.array([10.0, 20.0, 25.0])
        low, high = belief.band(k, 0.9)
        for place, value in enumerate(k):
            curve = ndtr((belief.k50 - value) / belief.sigma)
            assert belief.weight[curve < low[place] - 1e-12].sum() == pytest.approx(0.05, abs=0.005)
            assert belief.weight[curve > high[place] + 1e-12].sum() == pytest.approx(0.05, abs=0.005)


def test_a_random_null_space_is_delocalised_and_one_of_short_vectors_is_not():
    rng, random = stream(0, "d"), row_space(as_operator(matrix(0, 50, 100)))
    assert delocalisation(random, random.leverages(), rng) == pytest.approx(1, abs=0.15)
    pairs = row_space(as_operator(np.kron(np.eye(50), [[1.0, 1.0]]) + 1e-3 * matrix(1, 50, 100)))
    assert delocalisation(pairs, pairs.leverages(), rng) > 10
