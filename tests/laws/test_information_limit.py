"""Limits of every method: by looking at all supports of small matrices, and by a decoder that does as well as any."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from sparsecs import DonohoTanner, InformationLimit, stream

DELTAS = np.concatenate([np.logspace(-300, -3, 12), np.linspace(0.02, 1, 20)])
NOISY = [0.01, 0.5, 1.0, 2.9, 3.0, 10.0, 100.0]


def misfit(A: np.ndarray, support: tuple[int, ...], y: np.ndarray) -> float:
    """How far y is from the span of some columns, as a part of its norm."""
    columns = A[:, list(support)]
    return float(np.linalg.norm(y - columns @ np.linalg.lstsq(columns, y, rcond=None)[0]) / np.linalg.norm(y))


@pytest.mark.parametrize(("m", "n"), [(4, 7), (5, 8)])
def test_almost_every_signal_is_determined_with_one_measurement_more_than_nonzeros(m: int, n: int) -> None:
    rng = stream(0, "weak", m, n)
    A = rng.standard_normal((m, n))
    for k in (m - 1, m):
        y = A[:, :k] @ rng.standard_normal(k)
        others = min(misfit(A, support, y) for support in combinations(range(n), k) if support != tuple(range(k)))
        assert (others > 1e-6) == (InformationLimit().measurements(k, n) <= m)


@pytest.mark.parametrize(("m", "n"), [(4, 7), (5, 8), (6, 8)])
def test_all_signals_are_determined_with_two_measurements_a_nonzero(m: int, n: int) -> None:
    """Two k-sparse signals with the same measurements differ by a null vector with at most 2 k nonzeros."""
    A = stream(0, "strong", m, n).standard_normal((m, n))
    for k in range(1, n // 2 + 1):
        ranks = {np.linalg.matrix_rank(A[:, list(support)]) for support in combinations(range(n), 2 * k)}
        assert (ranks == {2 * k}) == (InformationLimit("strong").measurements(k, n) <= m)


def test_without_noise_the_curves_are_level_and_above_what_l1_reaches() -> None:
    for kind, level in (("weak", 1.0), ("strong", 0.5)):
        assert (InformationLimit(kind).rho(DELTAS) == level).all()
        assert (DonohoTanner(kind).rho(DELTAS) <= level).all()
        with pytest.raises(ValueError, match="below the curve"):
            InformationLimit(kind).delta(level)


@pytest.mark.parametrize("snr", NOISY)
def test_with_noise_supports_have_as_much_to_tell_as_the_channel_carries(snr: float) -> None:
    curve = InformationLimit(snr=snr)
    for delta in DELTAS[DELTAS > 1e-6]:
        epsilon, told = delta * curve.rho(delta), delta / 2 * math.log1p(snr)
        if curve.rho(delta) < 1:
            assert -epsilon * math.log(epsilon) - (1 - epsilon) * math.log1p(-epsilon) == pytest.approx(told, rel=1e-11)
            assert epsilon <= 0.5
        else:  # no k up to m is excluded
            share = min(delta, 0.5)
            assert -share * math.log(share) - (1 - share) * math.log1p(-share) <= told * (1 + 1e-12)


def test_more_noise_leaves_less_and_the_limit_without_noise_is_come_near_to() -> None:
    levels = np.array([InformationLimit(snr=snr).rho(DELTAS) for snr in NOISY])
    assert (np.diff(levels, axis=0) >= 0).all()
    assert (InformationLimit(snr=1e300).rho(DELTAS[DELTAS > 0.01]) == 1).all()


@pytest.mark.parametrize("snr", [0.1, 1.0, 2.0])
def test_sizes_tend_to_the_curve(snr: float) -> None:
    curve, n = InformationLimit(snr=snr), 10**7
    for m in (n // 100, n // 2):
        k = round(curve.k(m, n))
        missing = (m - curve.measurements(k, n)) * 0.5 * math.log1p(snr)
        # Stirling: log C(n, k) is so much below n H(k/n); k was rounded, and m
        assert missing == pytest.approx(0.5 * math.log(2 * math.pi * k * (1 - k / n)), abs=0.5 * math.log(n / k) + 1)


@pytest.mark.parametrize(("k", "n", "m", "snr"), [(2, 10, 6, 1.0), (1, 16, 8, 0.7), (3, 9, 5, 2.0), (2, 12, 3, 4.0)])
def test_the_best_decoder_errs_as_often_as_it_must(k: int, n: int, m: int, snr: float) -> None:
    """Ones on a random support, Gaussian noise, and the nearest of all C(n, k) candidates: no bound may exclude it."""
    rng, draws = stream(0, "decoder", k, n, m), 1500
    supports = np.array([[float(j in s) for j in range(n)] for s in combinations(range(n), k)])
    wrong = 0
    for _ in range(draws):
        A = rng.standard_normal((m, n))
        clean = supports @ A.T
        power = float((clean**2).mean())  # of this A, over random supports
        true = int(rng.integers(len(supports)))
        y = clean[true] + math.sqrt(power / snr) * rng.standard_normal(m)
        wrong += int(np.argmin(((clean - y) ** 2).sum(axis=1)) != true)
    error = wrong / draws
    assert 0.05 < error < 0.95
    surely = error + 4 * math.sqrt(error * (1 - error) / draws)
    assert InformationLimit(snr=snr).measurements(k, n, surely) <= m
    assert InformationLimit(snr=snr).measurements(k, n) > 1


def test_the_number_of_measurements_at_the_edges() -> None:
    weak, strong, noisy = InformationLimit(), InformationLimit("strong"), InformationLimit(snr=1.0)
    assert (weak.measurements(0, 5), weak.measurements(4, 5), weak.measurements(5, 5)) == (0, 5, 5)
    assert (strong.measurements(2, 5), strong.measurements(3, 5)) == (4, 5)
    assert noisy.measurements(1, 2) == 2  # log 2 over log 2 / 2
    assert noisy.measurements(1, 1) == 0
    assert noisy.measurements(1, 10**9) == math.ceil(2 * math.log2(10**9))
    assert noisy.measurements(9, 10) == noisy.measurements(5, 10)  # supports of up to k entries
    assert noisy.measurements(10, 1000, 0.9) < noisy.measurements(10, 1000, 0.1) < noisy.measurements(10, 1000)


def test_what_has_no_meaning_is_refused() -> None:
    with pytest.raises(ValueError, match="kind must be one of 'weak', 'strong'"):
        InformationLimit("sectional")
    with pytest.raises(ValueError, match="random support"):
        InformationLimit("strong", 1.0)
    for snr in (0.0, -1.0, float("nan"), float("inf"), 1e-250):
        with pytest.raises(ValueError, match="snr must be"):
            InformationLimit(snr=snr)
    with pytest.raises(ValueError, match="k must be between 0 and 5"):
        InformationLimit().measurements(6, 5)
    for error in (1.0, -0.1, float("nan")):
        with pytest.raises(ValueError, match="error must be at least"):
            InformationLimit(snr=1.0).measurements(2, 5, error)
