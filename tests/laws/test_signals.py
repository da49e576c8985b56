"""Every signal has exactly k nonzeros, at uniformly random places, from its stream alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import chdtrc, kolmogorov, ndtr

from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.problems.signals.base import Signal
from sparsecs.problems.signals.signs import Signs
from sparsecs.problems.signals.spikes import Spikes

every = pytest.mark.parametrize(
    "signal", [cls() for cls in members("sparsecs.problems.signals", Signal).values()], ids=repr
)


@every
def test_it_has_exactly_as_many_nonzeros_as_were_asked_for(signal: Signal) -> None:
    for n, k in ((1, 1), (9, 1), (9, 8), (9, 9), (200, 30)):
        for seed in range(20):
            x = signal.draw(n, k, stream(seed, "signal"))
            assert x.shape == (n,)
            assert x.dtype == np.float64
            assert np.count_nonzero(x) == k
            assert np.isfinite(x).all()
    assert signal.coefficients(7, stream(0, "signal")).shape == (7,)


@every
def test_a_draw_depends_on_its_stream_alone(signal: Signal) -> None:
    first = signal.draw(50, 7, stream(0, "signal"))
    assert np.array_equal(signal.draw(50, 7, stream(0, "signal")), first)
    assert not np.array_equal(signal.draw(50, 7, stream(1, "signal")), first)


@every
def test_every_place_is_as_likely_as_any_other(signal: Signal) -> None:
    n, k, draws, rng = 20, 3, 4000, stream(0, "signal")
    chosen = np.array([signal.draw(n, k, rng) != 0 for _ in range(draws)])
    expected, share = draws * k / n, k / n
    statistic = ((chosen.sum(axis=0) - expected) ** 2).sum() / (expected * (1 - share)) * (n - 1) / n
    assert 1e-4 < chdtrc(n - 1, statistic) < 1 - 1e-4
    together = (chosen[:, :-1] & chosen[:, 1:]).sum()
    fair = draws * (n - 1) * k * (k - 1) / (n * (n - 1))
    assert abs(together - fair) <= 5 * fair**0.5


@every
def test_signs_are_fair_and_do_not_depend_on_the_place(signal: Signal) -> None:
    rng = stream(0, "signal")
    draws = np.array([signal.draw(10, 4, rng) for _ in range(2000)])
    signs = np.sign(draws)
    assert abs(signs.sum()) <= 5 * draws.shape[0] ** 0.5 * 2
    assert (np.abs(signs.sum(axis=0)) <= 5 * np.abs(signs).sum(axis=0) ** 0.5).all()


@every
def test_sparsities_that_make_no_sense_are_refused(signal: Signal) -> None:
    for n, k, error in (
        (5, 0, ValueError),
        (5, -1, ValueError),
        (5, 6, ValueError),
        (5, 2.0, TypeError),
        (5, True, TypeError),
    ):
        with pytest.raises(error, match="k must be"):
            signal.draw(n, k, stream(0, "signal"))


def test_signs_are_one_in_modulus_and_spikes_are_standard_normal() -> None:
    rng, count = stream(0, "signal"), 4000
    assert set(np.unique(Signs().coefficients(count, rng))) == {-1.0, 1.0}
    ranks = ndtr(np.sort(Spikes().coefficients(count, rng)))
    distance = np.abs(ranks - (np.arange(count) + 0.5) / count).max() + 0.5 / count
    assert kolmogorov(distance * count**0.5) > 1e-3
