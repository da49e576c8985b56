"""What the LASSO reaches on one matrix: beside the solver, with its verdicts, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sparsecs import (
    Gaussian,
    GaussianInputs,
    Lasso,
    Linear,
    LognormalColumns,
    Network,
    PartialCirculant,
    RandomNetwork,
    Tanh,
    as_operator,
    lasso_error,
    solve,
    stream,
)
from sparsecs.prediction.lasso_prediction import LassoPrediction


def measured(matrix: np.ndarray, told: LassoPrediction, k: int, trials: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean relative square error, recall and number of false alarms, and their standard errors."""
    rows, (m, n) = [], matrix.shape
    for trial in range(trials):
        rng = stream(trial, "lasso error")
        x = np.zeros(n)
        x[rng.choice(n, k, replace=False)] = rng.choice([-1.0, 1.0], k)
        found = solve(matrix, matrix @ x + told.noise * rng.standard_normal(m), Lasso(weight=told.weight)).x
        rows.append([np.sum((found - x) ** 2) / k, (found[x != 0] != 0).mean(), (found[x == 0] != 0).sum()])
    table = np.array(rows)
    return table.mean(axis=0), table.std(axis=0, ddof=1) / math.sqrt(trials)


@pytest.mark.parametrize("ensemble", [Gaussian(), PartialCirculant()], ids=repr)
@pytest.mark.parametrize(("k", "snr"), [(10, 20.0), (25, 200.0)])
def test_it_is_what_the_solver_reaches(ensemble: Gaussian, k: int, snr: float) -> None:
    matrix = np.asarray(ensemble.draw(200, 400, stream(0, "A")).dense())
    told = lasso_error(matrix, k, snr)
    mean, error = measured(matrix, told, k, 30)
    assert told.trusted
    assert abs(mean[0] - told.relative_error**2) <= 3 * error[0] + 0.1 * mean[0]  # one matrix, of finite size
    assert abs(mean[1] - told.recall) <= 3 * error[1] + 0.01
    assert abs(mean[2] - told.false_alarms) <= 3 * error[2] + 0.1 * mean[2]


def test_unequal_columns_are_not_trusted_and_are_indeed_worse() -> None:
    matrix = np.asarray(LognormalColumns().draw(100, 200, stream(0, "A")).dense())
    told = lasso_error(matrix, 6, 100.0)
    assert not told.trusted
    assert measured(matrix, told, 6, 8)[0][0] > 2 * told.relative_error**2


def test_raw_jacobians_are_not_trusted() -> None:
    network = Network((8,), (Linear(16), Tanh(), Linear(1)))
    ensemble = RandomNetwork(network, GaussianInputs(), False, 1, True)
    J = ensemble.draw(80, ensemble.unknowns(80), stream(0, "J"))
    assert not lasso_error(J, 6, 100.0, weight=0.1).trusted


def test_units_and_the_way_the_matrix_is_held_do_not_matter() -> None:
    matrix = np.asarray(Gaussian().draw(30, 60, stream(0, "A")).dense())
    plain = lasso_error(matrix, 5, 50.0, weight=0.1)
    for A, unit in ((matrix * 1e150, 1e150), (matrix * 1e-150, 1e-150), (as_operator(matrix), 1.0)):
        other = lasso_error(A, 5, 50.0, weight=0.1 * unit**2)
        assert other.relative_error == pytest.approx(plain.relative_error, rel=1e-9)
        assert other.noise == pytest.approx(plain.noise * unit, rel=1e-9)
        assert other.unevenness == pytest.approx(plain.unevenness, abs=1e-6)


def test_more_signal_is_better_and_the_best_weight_is_best() -> None:
    matrix = np.asarray(Gaussian().draw(30, 60, stream(0, "A")).dense())
    errors = [lasso_error(matrix, 3, snr, weight=0.1).relative_error for snr in (10.0, 100.0, 1000.0)]
    assert errors == sorted(errors, reverse=True)
    best = lasso_error(matrix, 3, 100.0)
    assert best.relative_error < lasso_error(matrix, 3, 100.0, weight=1.3 * best.weight).relative_error


@pytest.mark.parametrize("shape", [(1, 5), (5, 5), (8, 5), (3, 2)])
def test_all_shapes_are_answered(shape: tuple[int, int]) -> None:
    told = lasso_error(stream(0, "A").standard_normal(shape), 1, 10.0, weight=0.2)
    assert 0 <= told.nonzeros <= min(shape) * (1 + 1e-12)
    assert "relative error" in str(told)


def test_an_answer_of_zero_says_so() -> None:
    told = lasso_error(np.eye(5), 1, 10.0, weight=1e6)
    assert told.relative_error == pytest.approx(1)
    assert not told.trusted
    assert "lower the weight" in told.verdict


@pytest.mark.parametrize(
    ("A", "k", "snr", "words"),
    [
        (np.zeros((2, 3)), 1, 1.0, "zero"),
        (np.eye(3) * 1j, 1, 1.0, "real"),
        (np.array([[1.0, math.nan]]), 1, 1.0, "finite"),
        (np.eye(3), 3, 1.0, "below n"),
        (np.eye(3), 0, 1.0, "k"),
        (np.eye(3), 1, 0.0, "snr"),
        (np.eye(3), 1, math.inf, "snr"),
    ],
)
def test_what_has_no_meaning_is_refused_in_words(A: np.ndarray, k: int, snr: float, words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=words):
        lasso_error(A, k, snr)
