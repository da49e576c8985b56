"""Margins of supports agree with the leverage law that averages them, and a belief in terms of them learns what is so."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from sparsecs import BasisPursuit, FixedMatrix, LognormalColumns, Recovery, Signs, Sweep, grid, predict, run, stream
from sparsecs.prediction._leverage_law import leverage_law
from sparsecs.prediction._margin_posterior import SHIFTS, WIDER, MarginPosterior
from sparsecs.prediction._margins import Margins

N = 60
H = np.clip(stream(0, "leverages").beta(2, 3, N), 0.02, 0.98)
ONE = np.zeros(N, dtype=int)


def uneven(rank: int) -> np.ndarray:
    """Leverages that add up to a rank."""
    odds = np.log(H / (1 - H))
    for _ in range(60):
        h = 1 / (1 + np.exp(-odds))
        odds += (rank - h.sum()) / (h * (1 - h)).sum()
    return h


def test_margins_of_prefixes_are_those_of_the_law() -> None:
    h, order, k = uneven(30), stream(0, "order").permutation(N), np.arange(1, 25)
    margins = Margins.of(h, ONE)
    got = margins.success(*margins.at(order, k), 0.0, 0.0)
    assert np.abs(got - leverage_law(h, 30, [order], k)[0]).max() < 0.01
    assert np.ptp(got) > 0.9


def test_one_prefix_is_asked_as_well_as_many() -> None:
    margins, order = Margins.of(uneven(30), ONE), stream(0, "order").permutation(N)
    many = margins.at(order, np.array([3, 9, 20]))
    for place, k in enumerate((3, 9, 20)):
        one = margins.at(order, np.array([k]))
        assert np.allclose(one[0][:, 0], many[0][:, place], rtol=1e-12)
        assert np.allclose(one[1][:, 0], many[1][:, place], rtol=1e-12)


def test_blocks_multiply_and_a_block_of_full_rank_never_fails() -> None:
    h, order, k = uneven(30), stream(0, "order").permutation(N), np.array([4, 8, 12])
    labels = np.repeat([0, 1, 2], [24, 24, 12])
    h[labels == 2] = 1.0
    for label, rank in ((0, 10), (1, 14)):
        h[labels == label] *= rank / h[labels == label].sum()
    h = np.minimum(h, 1.0)
    margins = Margins.of(h, labels)
    assert margins.ranks.size == 2
    got = margins.success(*margins.at(order, k), 0.0, 0.0)
    for place, size in enumerate(k):
        expected = 1.0
        for label in (0, 1):
            mine = np.flatnonzero(labels == label)
            inside = np.array([np.flatnonzero(mine == j)[0] for j in order[:size] if labels[j] == label], dtype=int)
            own = round(float(h[mine].sum()))
            rest = np.setdiff1d(np.arange(mine.size), inside)
            expected *= leverage_law(
                h[mine], own, [np.concatenate([inside, rest])], np.array([0, max(inside.size, 1)])
            )[0, int(inside.size > 0)]
        assert got[place] == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(("shift", "wider"), [(0.0, 0.0), (-0.4, 0.5), (0.05, -0.3)])
def test_a_belief_learns_how_much_of_the_rank_counts(shift: float, wider: float) -> None:
    """Trials are coins with the probability that the law has at another rank and spread."""
    margins, rng = Margins.of(uneven(30), ONE), stream(1, "coins")
    belief = MarginPosterior.prior(margins, 30, lambda: rng.permutation(N))
    before = belief.error
    for _ in range(400):
        order, k = belief.next(lambda g: g.permutation(N), rng)
        needed, spread = margins.at(order, np.array([k]))
        belief = belief.after(order, k, bool(rng.random() < margins.success(needed, spread, shift, wider)[0]))
    weight = belief.weight
    assert float(weight.sum(axis=1) @ SHIFTS[:, 0]) == pytest.approx(shift, abs=0.04)
    assert float(weight.sum(axis=0) @ WIDER[0]) == pytest.approx(wider, abs=0.35)
    assert belief.error < before
    truth = margins.success(belief.needed, belief.spread, shift, wider).mean(axis=0)
    assert np.abs(belief.success(belief.k.astype(float)) - truth).max() < 0.06
    low, high = belief.band(belief.k.astype(float), 0.99)
    assert (low <= high).all()
    assert np.mean((low - 0.01 <= truth) & (truth <= high + 0.01)) > 0.9


def test_trials_are_made_where_the_margin_is_near_zero() -> None:
    h = np.clip(np.where(np.arange(N) < 10, 0.97, (30 - 9.7) / 50), 0, 1)
    margins, rng = Margins.of(h, ONE), stream(2, "near")
    belief = MarginPosterior.prior(margins, 30, lambda: rng.permutation(N))
    asked, at_random = [], []
    for _ in range(60):
        order, k = belief.next(lambda g: g.permutation(N), rng)
        asked.append(margins.success(*margins.at(order, np.array([k])), 0.0, 0.0)[0])
        at_random.append(margins.success(*margins.at(rng.permutation(N), np.array([k])), 0.0, 0.0)[0])

    def sure(chances: list) -> float:
        return float(np.mean(np.abs(np.array(chances) - 0.5) > 0.45))

    assert sure(asked) <= sure(at_random)
    assert sure(asked) < 0.2


def test_forty_trials_tell_the_transition_of_a_matrix_with_uneven_columns() -> None:
    """Trials judged by their sparsity alone would leave an error of a tenth or more."""
    fixed = FixedMatrix(LognormalColumns(1.0), seed=5)
    prediction = predict(fixed.draw(60, 150, stream(0, "A")))
    assert prediction.error < 0.06
    sweep = Sweep(Recovery(fixed, Signs(), BasisPursuit()), grid(n=150, m=60, k=range(1, 16)), repeats=60)
    fit = run(sweep).transition("k", "probit")
    assert abs(np.log(prediction.k50 / fit.value)) < 0.15


def test_on_even_leverages_all_supports_of_a_size_have_one_margin() -> None:
    margins = Margins.of(np.full(100, 0.4), np.zeros(100, dtype=int))
    orders = [stream(seed, "order").permutation(100) for seed in range(3)]
    found = [margins.success(*margins.at(order, np.array([10])), 0.0, 0.0)[0] for order in orders]
    assert np.ptp(found) < 1e-12
    (needed,), (spread,) = margins.at(orders[0], np.array([10]))
    assert found[0] == pytest.approx(float(ndtr((40 - needed[0]) / spread[0])))
