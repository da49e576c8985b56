"""The exact probability of the irrepresentable condition, by another quadrature, by closed forms, and by simulation."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import erf
from scipy.stats import chi2

from sparsecs.core.randomness import stream
from sparsecs.geometry.irrepresentable import irrepresentable
from sparsecs.geometry.irrepresentable_probability import irrepresentable_measurements, irrepresentable_probability


def by_quadrature(m: int, n: int, k: int) -> float:
    """The expectation over chi^2, by SciPy."""
    law = chi2(m - k + 1)
    points = law.ppf([1e-12, 1e-6, 1e-2, 0.2, 0.5, 0.8, 0.99, 1 - 1e-6, 1 - 1e-12])

    def integrand(x: float) -> float:
        return float(law.pdf(x) * erf(np.sqrt(x / (2 * k))) ** (n - k))

    edges = [0.0, *points, 4 * points[-1]]
    return sum(quad(integrand, a, b, epsabs=0, epsrel=1e-12)[0] for a, b in pairwise(edges))


def test_the_published_case() -> None:
    assert irrepresentable_probability(100, 512, 8) == pytest.approx(0.666345, abs=5e-7)


@pytest.mark.parametrize(
    "case", [(100, 512, 8), (5, 10, 2), (20, 60, 5), (50, 51, 49), (1000, 10**5, 30), (40, 45, 39)]
)
def test_another_quadrature_agrees(case: tuple[int, int, int]) -> None:
    assert irrepresentable_probability(*case) == pytest.approx(by_quadrature(*case), rel=1e-10)


@pytest.mark.parametrize("m", [1, 2, 3, 10, 1000, 10**6])
def test_one_column_within_and_one_outside_have_a_closed_form(m: int) -> None:
    """P(|z| < chi) with z standard normal: Student's t with m degrees of freedom at sqrt(m)."""
    from scipy.stats import t

    assert irrepresentable_probability(m, 2, 1) == pytest.approx(2 * t.cdf(np.sqrt(m), m) - 1, rel=1e-12)


@pytest.mark.parametrize("case", [(12, 20, 3), (30, 60, 4), (6, 9, 5), (8, 10, 8)])
def test_simulation_agrees(case: tuple[int, int, int]) -> None:
    m, n, k = case
    rng, draws = stream(0, "irrepresentable", *case), 600
    signs = rng.choice([-1.0, 1.0], k)
    hits = [irrepresentable(rng.standard_normal((m, n)), range(k), signs) < 1 for _ in range(draws)]
    expected = irrepresentable_probability(*case)
    assert 0.01 < expected < 0.99
    assert abs(np.mean(hits) - expected) <= 4 * np.sqrt(expected * (1 - expected) / draws)


def test_the_edges() -> None:
    assert irrepresentable_probability(5, 10, 0) == 1
    assert irrepresentable_probability(5, 5, 5) == 1
    assert irrepresentable_probability(5, 10, 6) == 0
    assert 0 < irrepresentable_probability(5, 10, 5) < irrepresentable_probability(6, 10, 5)
    assert irrepresentable_probability(1000, 10**6, 1000) == 0  # below the least float
    assert irrepresentable_probability(10**6, 10**6, 1) == pytest.approx(1, abs=1e-12)
    assert irrepresentable_probability(500_000, 10**6, 20_000) == pytest.approx(0.38903587678, rel=1e-9)
    with pytest.raises(ValueError, match="k must be between 0 and 10"):
        irrepresentable_probability(5, 10, 11)


@pytest.mark.parametrize(
    ("n", "k", "goal"), [(512, 8, 0.9), (512, 8, 0.01), (10**6, 100, 0.5), (10, 9, 0.5), (7, 7, 0.5)]
)
def test_the_least_number_of_measurements_is_the_least(n: int, k: int, goal: float) -> None:
    m = irrepresentable_measurements(n, k, goal)
    assert irrepresentable_probability(m, n, k) >= goal > irrepresentable_probability(m - 1, n, k)
