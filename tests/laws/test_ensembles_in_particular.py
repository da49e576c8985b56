"""What each ensemble says of its own law: moments, spectra, structure, and the sizes that it does not have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.stats

from sparsecs.core.randomness import stream
from sparsecs.geometry.identifiability import collinear_columns, dead_columns
from sparsecs.operators.scaled import normalized
from sparsecs.problems.ensembles.autoregressive import Autoregressive
from sparsecs.problems.ensembles.base import Ensemble
from sparsecs.problems.ensembles.fixed_matrix import FixedMatrix
from sparsecs.problems.ensembles.gaussian import Gaussian
from sparsecs.problems.ensembles.gaussian_khatri_rao import GaussianKhatriRao
from sparsecs.problems.ensembles.gaussian_kronecker import GaussianKronecker
from sparsecs.problems.ensembles.lognormal_columns import LognormalColumns
from sparsecs.problems.ensembles.partial_circulant import PartialCirculant
from sparsecs.problems.ensembles.partial_dct import PartialDCT
from sparsecs.problems.ensembles.partial_hadamard import PartialHadamard
from sparsecs.problems.ensembles.random_network import RandomNetwork
from sparsecs.problems.ensembles.spiked_covariance import SpikedCovariance
from sparsecs.problems.ensembles.student_t import StudentT

UNLIKELY = 1e-4


def dense(ensemble: Ensemble, m: int, n: int, seed: int = 0) -> np.ndarray:
    return ensemble.draw(m, n, stream(seed, "A")).dense()


def follows(sample: np.ndarray, law: Any) -> bool:
    """Whether a Kolmogorov-Smirnov test has nothing against it."""
    return scipy.stats.kstest(sample.ravel(), law.cdf).pvalue > UNLIKELY


def test_lognormal_columns_are_gaussian_columns_times_lognormal_factors() -> None:
    spread, m, n = 0.7, 400, 600
    A = dense(LognormalColumns(spread), m, n)
    logs = np.log(np.linalg.norm(A, axis=0))
    assert follows(logs, scipy.stats.norm(-(spread**2), spread))
    assert not follows(logs, scipy.stats.norm(-(spread**2), 2 * spread))
    assert follows(A[:, :50] / np.exp(logs[:50]) * m**0.5, scipy.stats.norm())
    assert np.array_equal(dense(LognormalColumns(0.0), 5, 7), dense(Gaussian(), 5, 7))


@pytest.mark.parametrize("freedom", [2.5, 3.0, 8.0])
def test_student_entries_follow_student_s_law(freedom: float) -> None:
    m = 100
    sample = dense(StudentT(freedom), m, 500) * (m / (1 - 2 / freedom)) ** 0.5
    assert follows(sample, scipy.stats.t(freedom))
    assert not follows(sample, scipy.stats.t(4 * freedom))


@pytest.mark.parametrize("correlation", [-0.8, 0.0, 0.5, 0.95])
def test_autoregressive_columns_correlate_as_powers(correlation: float) -> None:
    m, n = 20_000, 8
    A = dense(Autoregressive(correlation), m, n)
    distance = abs(np.subtract.outer(np.arange(n), np.arange(n)))
    assert np.abs(A.T @ A - correlation ** distance.astype(float)).max() < 5 * (2 / m) ** 0.5


@pytest.mark.parametrize("correlation", [1.0, -1, 2.0, np.nan])
def test_correlations_that_are_none_are_refused(correlation: float) -> None:
    with pytest.raises(ValueError, match="correlation"):
        Autoregressive(correlation)


def test_a_spiked_covariance_has_its_spikes_and_nothing_else() -> None:
    m, n, spikes, strength = 20_000, 12, 3, 40.0
    values = np.linalg.svd(dense(SpikedCovariance(spikes, strength), m, n), compute_uv=False) ** 2
    unit = 1 + strength * spikes / n
    assert values[:spikes] == pytest.approx((1 + strength) / unit, rel=0.05)
    assert values[spikes:] == pytest.approx(1 / unit, rel=0.06)
    with pytest.raises(ValueError, match="n must be at least 3; got 2"):
        dense(SpikedCovariance(3), 2, 2)


def cosines(n: int) -> np.ndarray:
    """The orthonormal DCT-II, from its formula."""
    rows, columns = np.arange(n)[:, None], np.arange(n)
    return np.sqrt(np.where(rows == 0, 1, 2) / n) * np.cos(np.pi * (2 * columns + 1) * rows / (2 * n))


@pytest.mark.parametrize(
    ("ensemble", "square"), [(PartialDCT(), cosines), (PartialHadamard(), None)], ids=["DCT", "Hadamard"]
)
def test_partial_transforms_are_rows_of_the_transform_each_as_often_as_others(ensemble: Ensemble, square: Any) -> None:
    m, n, draws = 6, 16, 400
    whole = (square or (lambda n: scipy.linalg.hadamard(n) / n**0.5))(n) * (n / m) ** 0.5
    seen = np.zeros(n)
    for seed in range(draws):
        A = dense(ensemble, m, n, seed)
        rows = np.abs(A[:, None] - whole).max(axis=2) < 1e-12
        assert (rows.sum(axis=1) == 1).all()
        assert rows.sum(axis=0).max() == 1, "a row was drawn twice"
        seen += rows.sum(axis=0)
    assert np.abs(seen - draws * m / n).max() < 5 * (draws * m / n * (1 - m / n)) ** 0.5


def test_khatri_rao_and_kronecker_products_are_those_of_gaussian_factors() -> None:
    A = GaussianKhatriRao(left=30).draw(600, 200, stream(0, "A"))
    assert np.allclose(A.dense(), scipy.linalg.khatri_rao(A.left.dense(), A.right.dense()), rtol=1e-14)
    B = GaussianKronecker(left=(30, 50)).draw(600, 5000, stream(0, "A"))
    assert np.allclose(B.columns(np.arange(7)), np.kron(B.left.dense(), B.right.dense())[:, :7], rtol=1e-14)
    for factor in (A.left, A.right, B.left, B.right):
        assert follows(factor.dense() * factor.shape[0] ** 0.5, scipy.stats.norm())


@pytest.mark.parametrize("kernel", [None, 1, 3, 12])
def test_partial_circulant_rows_are_one_kernel_moved(kernel: int | None) -> None:
    m, n = 5, 12
    A = dense(PartialCirculant(kernel), m, n) * (m / n) ** 0.5
    assert ((A != 0).sum(axis=1) == (kernel or n)).all()
    moved = np.array([np.roll(A[0], shift) for shift in range(n)])
    where = [int(np.abs(moved - row).max(axis=1).argmin()) for row in A]
    assert np.allclose(A, moved[where], rtol=0, atol=1e-15)
    assert len(set(where)) == m


@pytest.mark.parametrize("kernel", [None, 300])
def test_a_kernel_is_gaussian(kernel: int | None) -> None:
    row = dense(PartialCirculant(kernel), 400, 400)[0]
    assert follows(row[row != 0] * (kernel or 400) ** 0.5, scipy.stats.norm())


@pytest.mark.parametrize(
    ("ensemble", "m", "n", "message"),
    [
        (PartialDCT(), 9, 8, "Use m = 8, or n = 9"),
        (PartialHadamard(), 4, 20, "Use 16 or 32"),
        (PartialHadamard(), 20, 16, "Use m = 16"),
        (PartialCirculant(), 9, 8, "Use m = 8"),
        (PartialCirculant(9), 4, 8, "n must be at least 9; got 8"),
        (GaussianKhatriRao(4), 18, 30, "m is a multiple of 4; m = 18 was asked for. Use 16 or 20"),
        (GaussianKhatriRao(4), 3, 30, r"Use 4\."),
        (GaussianKronecker((4, 5)), 18, 50, "Use 16 or 20"),
        (GaussianKronecker((4, 5)), 20, 52, "Use 50 or 55"),
    ],
    ids=repr,
)
def test_sizes_that_an_ensemble_does_not_have_are_refused_with_the_nearest(
    ensemble: Ensemble, m: int, n: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ensemble.draw(m, n, stream(0, "A"))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: StudentT(2), ValueError, "freedom must be above 2"),
        (lambda: StudentT(-1), ValueError, "freedom"),
        (lambda: LognormalColumns(-0.1), ValueError, "spread"),
        (lambda: SpikedCovariance(0), ValueError, "spikes"),
        (lambda: SpikedCovariance(1, -1.0), ValueError, "strength"),
        (lambda: GaussianKhatriRao(0), ValueError, "left"),
        (lambda: GaussianKronecker(4), TypeError, "a pair"),
        (lambda: GaussianKronecker((4, 0)), ValueError, r"left\[1\]"),
        (lambda: PartialCirculant(0), ValueError, "kernel"),
        (lambda: FixedMatrix(Gaussian), TypeError, "ensemble"),
        (lambda: FixedMatrix(seed=0.5), TypeError, "seed"),
        (lambda: FixedMatrix(columns=0), ValueError, "columns"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_a_fixed_matrix_is_one_draw_whatever_the_generator() -> None:
    fixed = FixedMatrix(Gaussian(), seed=4)
    assert fixed.draw(6, 9, stream(0, "A")) is fixed.draw(6, 9, stream(1, "A"))
    other = FixedMatrix(Gaussian(), seed=5)
    assert not np.array_equal(dense(fixed, 6, 9), dense(other, 6, 9))
    rng = stream(0, "A")
    before = rng.bit_generator.state
    fixed.draw(6, 9, rng)
    assert rng.bit_generator.state == before


def test_a_fixed_matrix_drops_columns_and_scales_them_on_request() -> None:
    law, m = PartialCirculant(kernel=3), 20
    whole = FixedMatrix(law, seed=1).draw(m, 50, stream(0, "A"))
    lost = dead_columns(whole).size + sum(found.size - 1 for found in collinear_columns(whole))
    assert lost > 0
    fixed = FixedMatrix(law, seed=1, distinct=True, columns=50)
    n = fixed.unknowns(m)
    assert n == 50 - lost
    kept = fixed.draw(m, n, stream(0, "A"))
    assert dead_columns(kept).size == 0
    assert collinear_columns(kept) == ()
    unit = FixedMatrix(law, seed=1, distinct=True, normalize=True, columns=50).draw(m, n, stream(0, "A"))
    assert np.allclose(unit.dense(), normalized(kept).dense(), rtol=1e-14)


def test_a_fixed_matrix_needs_to_know_how_many_columns_are_drawn_before_some_are_dropped() -> None:
    with pytest.raises(ValueError, match="columns="):
        FixedMatrix(distinct=True).draw(10, 20, stream(0, "A"))
    network = RandomNetwork()
    assert FixedMatrix(network, distinct=True).unknowns(40) == network.network.size
    assert FixedMatrix().unknowns(40) is None


def test_a_fixed_matrix_is_held_as_an_array() -> None:
    network = RandomNetwork()
    fixed = FixedMatrix(network, seed=3).draw(10, network.network.size, stream(0, "A"))
    assert fixed.at_hand is not None
    assert np.array_equal(fixed.dense(), network.draw(10, network.network.size, stream(3, "matrix")).dense())
