"""The LASSO's expected error: beside a slow twin, beside the solver on four spectra, beside state evolution, and at the ends."""

from __future__ import annotations

import math

import naive_replica
import numpy as np
import pytest

from sparsecs import DonohoTanner, Lasso, ReplicaLasso, SoftDenoiser, StateEvolution, solve, stream
from sparsecs.curves._seen_in_noise import error_in_noise
from sparsecs.curves._soft_error import SoftError
from sparsecs.testing import check_curve

N, M = 200, 100
SPECTRA = {
    "row-orthogonal": np.ones(M),
    "power law": np.arange(1, M + 1) ** -1.0,
    "geometric, condition 100": np.geomspace(1, 1e-4, M),
}


def padded(values: np.ndarray) -> np.ndarray:
    return np.append(values, np.zeros(N - M))


def rotation(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    q, r = np.linalg.qr(rng.standard_normal((rows, columns)))
    return q * np.sign(np.diag(r))


def simulated(values: np.ndarray | None, k: int, weight: float, noise: float, trials: int) -> np.ndarray:
    """A row a trial: error, recall, false alarms, active part and prediction error."""
    rows = []
    for trial in range(trials):
        rng = stream(trial, "replica", 0 if values is None else 1)
        if values is None:
            A = rng.standard_normal((M, N)) / math.sqrt(M)
        else:
            A = (rotation(rng, M, M) * np.sqrt(values)) @ rotation(rng, N, M).T
        x = np.zeros(N)
        x[rng.choice(N, k, replace=False)] = rng.choice([-1.0, 1.0], k)
        found = solve(A, A @ x + noise * rng.standard_normal(M), Lasso(weight=weight)).x
        seen = float(np.sum((A @ (found - x)) ** 2)) / N
        some = found != 0
        rows.append([np.mean((found - x) ** 2), some[x != 0].mean(), some[x == 0].mean(), some.mean(), seen])
    return np.array(rows)


@pytest.mark.parametrize("name", ["independent entries", *SPECTRA])
def test_the_solver_does_as_expected(name: str) -> None:
    values = SPECTRA.get(name)
    spectrum = {"delta": M / N} if values is None else {"spectrum": padded(values)}
    expected = ReplicaLasso().expected(0.06, 0.06, 0.06, **spectrum)
    found = simulated(values, 12, 0.06, 0.06, 60)
    told = [expected.mse, expected.recall, expected.false_alarms, expected.active, expected.prediction_error]
    errors = found.std(axis=0, ddof=1) / math.sqrt(len(found))
    assert (np.abs(found.mean(axis=0) - told) <= 3 * errors + 1e-9).all(), (found.mean(axis=0), told, errors)


@pytest.mark.parametrize("name", SPECTRA)
def test_it_solves_the_textbook_equations(name: str) -> None:
    spectrum = padded(SPECTRA[name])
    tau, theta, error = naive_replica.fixed_point(0.06, 0.1, 0.05, spectrum)
    found = ReplicaLasso().expected(0.06, 0.1, 0.05, spectrum=spectrum)
    assert [found.tau, found.theta, found.mse] == pytest.approx([tau, theta, error], rel=1e-5)


@pytest.mark.parametrize(("delta", "rho", "noise"), [(0.5, 0.12, 0.05), (0.2, 0.1, 0.3), (0.9, 0.6, 1e-3)])
def test_with_independent_entries_it_is_where_message_passing_rests(delta: float, rho: float, noise: float) -> None:
    evolution = StateEvolution(SoftDenoiser(1.7))
    weight = evolution.weight(delta, rho, noise)
    found = ReplicaLasso().expected(rho * delta, weight, noise, delta=delta)
    assert found.mse == pytest.approx(evolution.mse(delta, rho, noise), rel=1e-9)
    assert found.theta == pytest.approx(1.7 * found.tau, rel=1e-9)


@pytest.mark.parametrize("signal", ["spikes", [1.0, 3.0, -2.0]])
def test_no_other_weight_is_better_than_the_best(signal: object) -> None:
    curve = ReplicaLasso(signal)
    best = curve.best(0.1, 0.2, delta=0.5)
    for factor in (0.8, 1.25):
        assert curve.expected(0.1, factor * best.weight, 0.2, delta=0.5).mse > best.mse


@pytest.mark.parametrize("parts", [((1.0, 1.0, 0.0),), ((1.0, 0.0, 1.0),), ((0.3, 2.0, 0.5), (0.7, -1.0, 0.0))])
@pytest.mark.parametrize("tau", [1e-3, 0.3, 20.0])
@pytest.mark.parametrize("t", [0.1, 1.5, 4.0])
def test_the_closed_error_of_soft_thresholding_is_the_integral(parts: tuple, tau: float, t: float) -> None:
    expected = error_in_noise(SoftDenoiser(t), 0.1, parts, tau**2)
    assert SoftError(0.1, parts).error(tau, t * tau) == pytest.approx(expected, rel=1e-9)


def test_without_noise_the_error_goes_where_the_weak_threshold_says() -> None:
    rho = DonohoTanner().rho(0.5)
    for factor, vanishes in ((0.95, True), (1.05, False)):
        errors = [ReplicaLasso().expected(0.5 * rho * factor, w, delta=0.5).relative_error for w in (1e-4, 1e-8)]
        assert (errors[1] < 1.01e-4 * errors[0]) == vanishes
        assert vanishes or errors[1] > 0.05
    assert ReplicaLasso().rho(0.5) == pytest.approx(rho, rel=1e-12)


def test_a_sampled_spectrum_is_near_its_limit() -> None:
    A = stream(0, "spectrum").standard_normal((500, 1000)) / math.sqrt(500)
    spectrum = np.append(np.linalg.svd(A, compute_uv=False) ** 2, np.zeros(500))
    sampled = ReplicaLasso().expected(0.06, 0.05, 0.05, spectrum=spectrum)
    limit = ReplicaLasso().expected(0.06, 0.05, 0.05, delta=0.5)
    assert sampled.mse == pytest.approx(limit.mse, rel=0.01)
    assert sampled.prediction_error == pytest.approx(limit.prediction_error, rel=0.01)


@pytest.mark.parametrize("weight", [1e-10, 1e-5, 1.0, 1e5, 1e10])
@pytest.mark.parametrize("noise", [0.0, 1e-10, 1.0, 1e10])
def test_it_answers_over_twenty_decades(weight: float, noise: float) -> None:
    found = ReplicaLasso().expected(0.06, weight, noise, spectrum=padded(SPECTRA["power law"]))
    assert 0 <= found.active <= 0.5
    assert 0 < found.mse < 1.1 * max(0.06, 1e4 * noise**2)
    if weight > 100 * max(noise, 1):
        assert found.mse == pytest.approx(0.06, rel=1e-9)


def test_units_do_not_matter() -> None:
    spectrum = padded(SPECTRA["power law"])
    plain = ReplicaLasso().expected(0.06, 0.1, 0.05, spectrum=spectrum)
    other = ReplicaLasso([1e70, -1e70]).expected(0.06, 0.1e20, 0.05e45, spectrum=spectrum * 1e-50)
    assert other.mse == pytest.approx(plain.mse * 1e140, rel=1e-9)
    assert other.recall == pytest.approx(plain.recall, rel=1e-9)
    assert other.prediction_error == pytest.approx(plain.prediction_error * 1e90, rel=1e-9)


@pytest.mark.parametrize("curve", [ReplicaLasso(level=0.2), ReplicaLasso("spikes", 0.5, 10.0)], ids=repr)
def test_level_sets_rise_and_meet_the_error_that_they_name(curve: ReplicaLasso) -> None:
    rho = curve.rho([1e-4, 0.1, 0.5, 1.0])
    assert (np.diff(rho) > 0).all()
    assert rho[-1] == curve.limit
    assert curve.delta(rho[2]) == pytest.approx(0.5, rel=1e-7)
    rate = 0.5 * rho[2]
    found = ReplicaLasso(curve.signal).best(rate, math.sqrt(rho[2] / curve.snr), delta=0.5)
    assert found.relative_error == pytest.approx(curve.level, rel=1e-5)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"rate": 0.0, "weight": 1.0, "delta": 0.5}, "rate"),
        ({"rate": 0.1, "weight": 0.0, "delta": 0.5}, "weight"),
        ({"rate": 0.1, "weight": 1e-80, "delta": 0.5}, "between"),
        ({"rate": 0.1, "weight": 1.0, "noise": math.nan, "delta": 0.5}, "noise"),
        ({"rate": 0.1, "weight": 1.0}, "either"),
        ({"rate": 0.1, "weight": 1.0, "delta": 0.5, "spectrum": [1.0]}, "either"),
        ({"rate": 0.1, "weight": 1.0, "spectrum": [0.0, 0.0]}, "no eigenvalue"),
        ({"rate": 0.1, "weight": 1.0, "spectrum": [1.0, -1.0]}, "not negative"),
        ({"rate": 0.1, "weight": 1.0, "spectrum": [1.0, math.nan]}, "finite"),
    ],
)
def test_what_has_no_meaning_is_refused_in_words(asked: dict, words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=words):
        ReplicaLasso().expected(**asked)


def test_a_level_that_zero_reaches_is_refused() -> None:
    with pytest.raises(ValueError, match="below 1"):
        ReplicaLasso(level=1.0)


def test_the_default_keeps_all_laws_of_curves() -> None:
    check_curve(ReplicaLasso())
