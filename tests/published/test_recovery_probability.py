"""Basis pursuit succeeds as often as polytope angles say: exact probabilities, counts within four standard errors."""

from __future__ import annotations

import math

import pytest
from agreement.exact_probability import found

from sparsecs import BasisPursuit, Gaussian, Problem, Signs, Spikes, answer, plant, stream
from sparsecs.problems.signals.base import Signal

DRAWS = 400


def successes(signal: Signal, k: int, m: int, n: int, scale: float = 1.0) -> int:
    count = 0
    for number in range(DRAWS):
        A = Gaussian().draw(m, n, stream(3, "operator", number))
        problem = plant(A, signal, k, stream(3, "signal", number))
        problem = Problem(A, scale * problem.y, truth=scale * problem.truth)
        count += problem.error(answer(problem, BasisPursuit()).x) < 1e-6
    return count


def within_four_standard_errors(count: int, probability: float) -> bool:
    return abs(count - DRAWS * probability) <= 4 * math.sqrt(DRAWS * probability * (1 - probability))


def test_one_nonzero_of_three_from_two_measurements_is_found_as_often_as_an_arc_says() -> None:
    assert within_four_standard_errors(successes(Signs(), 1, 2, 3), 2 / math.pi * math.acos(1 / 3))


@pytest.mark.parametrize("signal", [Signs(), Spikes()], ids=repr)
def test_two_nonzeros_of_eight_from_four_measurements_are_found_whatever_their_sizes(signal: Signal) -> None:
    assert within_four_standard_errors(successes(signal, 2, 4, 8), 0.5157065140)


@pytest.mark.parametrize("k", [7, 9])
def test_a_larger_matrix_recovers_as_often_as_the_exact_sum_says(k: int) -> None:
    probability = found(k, 20, 40)
    assert 0.2 < probability < 0.9
    assert within_four_standard_errors(successes(Signs(), k, 20, 40), probability)


def test_the_interval_would_notice_a_recovery_that_is_rarer_by_an_eighth() -> None:
    assert not within_four_standard_errors(round(DRAWS * 0.78 * 7 / 8), 2 / math.pi * math.acos(1 / 3))
