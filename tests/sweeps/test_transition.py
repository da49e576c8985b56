"""The fitted transition recovers what the data were made from, with intervals that cover it as often as they say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, ndtr
from scipy.stats import norm

from sparsecs import Transition, fit_transition, stream

INF = math.inf
LINKS = {"logit": expit, "probit": ndtr}
DESIGNS = [  # points, trials at each, transition, slope in units of the link
    (np.arange(1.0, 13.0), 20, 6.3, 1.0),
    (np.array([1, 2, 3, 5, 8, 13, 20, 30.0]), 10, 7.0, 0.8),
    (np.linspace(0.1, 0.9, 9), 50, 0.55, 12.0),
    (np.arange(1.0, 9.0), 25, 4.6, 2.5),
]


def simulated(design: int, link: str, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x, trials, centre, slope = DESIGNS[design]
    rng = stream(0, "transition", design, link, number)
    return x, np.full(x.size, trials), rng.binomial(trials, LINKS[link](slope * (centre - x)))


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    inside, errors = [], []
    for number in range(160):
        design, link = number % len(DESIGNS), list(LINKS)[number % 3 % 2]
        centre = DESIGNS[design][2]
        fit = fit_transition(*simulated(design, link, number), link)
        inside.append(fit.lower <= centre <= fit.upper)
        errors.append((fit.value - centre) / fit.error)
    assert 0.90 <= np.mean(inside) <= 0.995
    assert abs(np.mean(errors)) < 0.25  # 3 standard errors of the mean of 160 unit normals
    assert 0.8 < np.std(errors) < 1.25


@pytest.mark.parametrize("link", LINKS)
def test_much_data_give_the_transition_and_the_slope(link: str) -> None:
    x = np.linspace(0, 10, 21)
    trials = np.full(21, 10**6)
    successes = np.round(trials * LINKS[link](1.7 * (4.4 - x)))
    fit = fit_transition(x, trials, successes, link)
    assert fit.value == pytest.approx(4.4, abs=1e-3)
    assert fit.slope == pytest.approx(1.7, rel=1e-3)
    assert fit.link == link
    assert 0 < fit.upper - fit.lower < 0.01


@pytest.mark.parametrize("design", range(len(DESIGNS)))
@pytest.mark.parametrize("link", LINKS)
def test_the_ends_of_the_interval_lose_as_much_likelihood_as_they_may(link: str, design: int) -> None:
    from scipy.optimize import minimize_scalar

    x, trials, hits = simulated(design, link, 7)

    def best(c: float) -> float:
        def loss(log_slope: float) -> float:
            p = LINKS[link](np.exp(log_slope) * (c - x)).clip(1e-300, 1 - 1e-16)
            return -(hits * np.log(p) + (trials - hits) * np.log1p(-p)).sum()

        return -minimize_scalar(loss, bounds=(-3, 5), method="bounded", options={"xatol": 1e-9}).fun

    fit = fit_transition(x, trials, hits, link, confidence=0.9)
    drop = norm.ppf(0.95) ** 2 / 2
    assert best(fit.value) - best(fit.lower) == pytest.approx(drop, abs=1e-4)
    assert best(fit.value) - best(fit.upper) == pytest.approx(drop, abs=1e-4)
    assert best(fit.value) >= max(best(fit.value - 0.01), best(fit.value + 0.01))


def test_logit_and_probit_agree_on_the_transition_and_differ_in_scale() -> None:
    x, trials, hits = simulated(0, "probit", 0)
    logit, probit = (fit_transition(x, trials, hits, link) for link in LINKS)
    assert logit.value == pytest.approx(probit.value, abs=0.1)
    assert 1.6 < logit.slope / probit.slope < 1.8


def test_the_error_is_the_half_width_in_standard_deviations() -> None:
    assert Transition(5.0, 4.0, 8.0, 1.0, "logit").error == pytest.approx(2 / norm.ppf(0.975))


def test_more_confidence_and_fewer_trials_widen_the_interval() -> None:
    x, trials, hits = [1, 2, 3, 4, 5], np.full(5, 20), np.array([20, 16, 11, 4, 0])
    fits = [fit_transition(x, trials, hits, confidence=c) for c in (0.5, 0.8, 0.95, 0.99)]
    assert [fit.upper - fit.lower for fit in fits] == sorted(fit.upper - fit.lower for fit in fits)
    more = fit_transition(x, 10 * trials, 10 * hits)
    assert more.upper - more.lower < 0.5 * (fits[2].upper - fits[2].lower)
    assert more.value == pytest.approx(fits[2].value, abs=1e-5)


@pytest.mark.parametrize(("scale", "shift"), [(100.0, 0.0), (1e-3, 5.0), (1.0, -50.0)])
def test_the_unit_and_the_origin_of_the_axis_mean_nothing(scale: float, shift: float) -> None:
    x, trials, hits = simulated(0, "logit", 1)
    here, there = fit_transition(x, trials, hits), fit_transition(scale * x + shift, trials, hits)
    expected = scale * np.array([here.value, here.lower, here.upper]) + shift
    assert np.allclose([there.value, there.lower, there.upper], expected, rtol=0, atol=1e-4 * scale)
    assert there.slope == pytest.approx(here.slope / scale, rel=1e-3)


def test_the_order_of_the_cells_means_nothing() -> None:
    x, trials, hits = simulated(1, "logit", 2)
    shuffled = stream(0, "order").permutation(x.size)
    assert fit_transition(x[::-1], trials[::-1], hits[::-1]) == fit_transition(x, trials, hits)
    assert fit_transition(x[shuffled], trials[shuffled], hits[shuffled]) == fit_transition(x, trials, hits)


def test_split_and_joined_cells_mean_the_same() -> None:
    joined = fit_transition([1, 2, 3], [20, 20, 20], [19, 11, 2])
    split = fit_transition([1, 2, 2, 3], [20, 8, 12, 20], [19, 4, 7, 2])
    assert (split.value, split.lower) == pytest.approx((joined.value, joined.lower), abs=1e-6)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("trials", [5, 20, 1000])
@pytest.mark.parametrize("gap", [(2.0, 3.0), (2.0, 10.0)], ids=str)
def test_a_jump_gives_a_finite_interval_that_contains_the_gap(link: str, trials: int, gap: tuple) -> None:
    low, high = gap
    x = [low - 1, low, high, high + 1]
    fit = fit_transition(x, [trials] * 4, [trials, trials, 0, 0], link)
    assert fit.value == pytest.approx((low + high) / 2, abs=0.05 * (high - low))
    hair = 0.01 * (high - low)
    assert fit.lower <= low + hair, "a step just above the last success explains these data perfectly"
    assert fit.upper >= high - hair
    assert fit.lower > low - 1
    assert fit.upper < high + 1


@pytest.mark.parametrize("link", LINKS)
def test_success_everywhere_bounds_the_transition_from_below_only(link: str) -> None:
    fit = fit_transition([1, 2, 3, 4], [20] * 4, [20] * 4, link)
    assert math.isnan(fit.value)
    assert fit.upper == INF
    assert 3 < fit.lower <= 4.01


@pytest.mark.parametrize("link", LINKS)
def test_failure_everywhere_bounds_the_transition_from_above_only(link: str) -> None:
    fit = fit_transition([1, 2, 3, 4], [20] * 4, [0] * 4, link)
    assert math.isnan(fit.value)
    assert fit.lower == -INF
    assert 0.99 <= fit.upper < 2


@pytest.mark.parametrize("successes", [[10, 10, 10, 10], [0, 5, 15, 20]], ids=["level", "rising"])
def test_success_that_never_falls_sets_no_bound(successes: list[int]) -> None:
    fit = fit_transition([1, 2, 3, 4], [20] * 4, successes)
    assert (fit.lower, fit.upper) == (-INF, INF)


def test_success_that_rises_has_no_falling_transition() -> None:
    assert math.isnan(fit_transition([1, 2, 3, 4], [20] * 4, [0, 5, 15, 20]).value)


def test_without_trials_nothing_is_known() -> None:
    fit = fit_transition([1, 2, 3], [0, 0, 0], [0, 0, 0])
    assert math.isnan(fit.value)
    assert (fit.lower, fit.upper) == (-INF, INF)


LENGTHS = "of one length"


@pytest.mark.parametrize(
    ("x", "trials", "successes", "message"),
    [
        ([1, 2, 3], [9, 9], [9, 0], LENGTHS),
        ([1, 2], [9, 9, 9], [9, 0, 0], LENGTHS),
        ([1, 2], [9, 9], [9, 0, 0], LENGTHS),
        ([1, 2], [9, 9], [10, 0], "0 <= successes <= trials"),
        ([1, 2], [9, 9], [9, -1], "0 <= successes <= trials"),
        ([1, 2], [9, 9], [4.5, 0], "whole"),
        ([2, 2], [9, 9], [9, 0], "two places or more; all were made at one"),
        ([], [], [], "two places or more"),
        ([1, math.nan], [9, 9], [9, 0], r"^x must be finite; entry 1 is nan"),
        ([[1, 2]], [9, 9], [9, 0], r"^x has shape \(1, 2\) but a vector was asked for"),
    ],
)
def test_impossible_data_are_refused(x: Any, trials: Any, successes: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_transition(x, trials, successes)


def test_an_unknown_link_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^link must be one of 'logit', 'probit'; got 'cloglog'\.$"):
        fit_transition([1, 2], [9, 9], [9, 0], "cloglog")


@pytest.mark.parametrize("confidence", [95, 1.0, 0.0, -0.5])
def test_a_confidence_that_is_no_probability_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match=r"confidence must .*; got "):
        fit_transition([1, 2, 3], [9, 9, 9], [9, 5, 0], "logit", confidence)
