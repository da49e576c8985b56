"""Predictions: right where the truth is known, honest where it is not, and clear about what cannot be asked."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg

from sparsecs import (
    OMP,
    BasisPursuit,
    ColumnSupport,
    Digits,
    Foreign,
    Gaussian,
    GaussianInputs,
    LayerSupport,
    Linear,
    Network,
    NeuronSupport,
    Prediction,
    RandomNetwork,
    Relu,
    Spikes,
    StatisticalDimension,
    Tanh,
    linearize,
    normalized,
    predict,
    stream,
    verify,
)
from sparsecs.prediction import _ground

A = stream(0, "A").standard_normal((60, 120))
NETWORK = Network((12,), (Linear(8), Tanh(), Linear(1)))


def kronecker() -> np.ndarray:
    rng = stream(1, "kronecker")
    return np.kron(rng.standard_normal((8, 12)), rng.standard_normal((8, 12)))


class TestWhereTheTruthIsKnown:
    def test_a_gaussian_matrix_has_the_gaussian_law(self):
        expected = StatisticalDimension()
        theory = predict(A, probes=0)
        assert theory.k50 == pytest.approx(expected.finite_sparsity(60, 120), rel=0.03)
        k = np.arange(10, 40)
        np.testing.assert_allclose(theory.success(k), [expected.success(int(x), 60, 120) for x in k], atol=0.06)
        tried = predict(A)
        assert abs(np.log(tried.k50 / expected.finite_sparsity(60, 120))) < 3 * tried.error
        assert (theory.trusted, tried.trusted, theory.solves) == (True, True, 0)
        assert 16 <= tried.solves <= 40
        assert tried.error < 0.03 or tried.solves == 40

    def test_independent_columns_are_always_told_apart(self):
        found = predict(stream(0, "tall").standard_normal((8, 6)))
        assert found.k50 == found.limit == 6
        assert (found.success(6), found.interval(6), found.error, found.solves) == (1.0, (1.0, 1.0), 0.0, 0)
        assert found.trusted

    def test_greedy_methods_may_fail_even_then(self):
        alike = np.ones((40, 30)) + 0.3 * stream(0, "alike").standard_normal((40, 30))
        found = predict(alike, solver=OMP())
        assert found.solves > 0
        assert abs(verify(found, repeats=20, points=8).log_ratio) < 3 * found.error + 0.1
        assert found.k50 < 0.7 * predict(alike).k50 == 0.7 * 30

    def test_lost_columns_are_missed_as_often_as_counted(self):
        found = predict(np.diag([1.0, 2.0, 0.0, 4.0]))
        assert found.success([0, 1, 2, 3, 4]) == pytest.approx([1, 3 / 4, 1 / 2, 1 / 4, 0])
        assert predict(np.diag([1.0, 2.0, 0.0, 4.0]), distinct=True).success(3) == 1

    def test_parallel_columns_succeed_as_often_as_a_solver_does(self):
        B = A.copy()
        B[:, 1], B[:, 3], B[:, 5] = 2 * B[:, 0], 0, B[:, 4]
        prediction = predict(B)
        assert prediction.diagnostics["dead"] == 1
        assert prediction.diagnostics["parallel"] == 4
        measured = verify(prediction, repeats=60, points=8)
        assert measured.brier < measured.brier_floor + 0.02

    def test_scale_and_left_factors_change_nothing(self):
        left = stream(0, "left").standard_normal((60, 60))
        plain = predict(A, probes=10)
        for other in (1e150 * A, 1e-150 * A, left @ A):
            assert predict(other, probes=10).k50 == pytest.approx(plain.k50, rel=1e-6)


class TestWhereTheoryFails:
    def test_the_trials_mend_the_leverage_law_on_a_kronecker_product(self):
        theory, tried = predict(kronecker(), probes=0), predict(kronecker())
        measured = verify(tried, repeats=20, points=12)
        assert not theory.trusted
        assert "concentrated" in theory.verdict
        assert abs(measured.log_ratio) < 0.15 < abs(np.log(theory.k50 / measured.transition.value))

    @pytest.mark.parametrize("support", [LayerSupport(), NeuronSupport(2), ColumnSupport(tuple(range(13)))])
    def test_other_laws_of_supports_are_followed(self, support):
        network = Network((12,), (Linear(8), Relu(), Linear(2)))
        prediction = predict(network, samples=30, support=support)
        measured = verify(prediction, repeats=20, points=8)
        assert measured.brier < measured.brier_floor + 0.03

    def test_other_solvers_are_predicted_by_their_own_trials(self):
        prediction = predict(A, solver=OMP())
        measured = verify(prediction, repeats=20, points=10)
        assert prediction.solver == "OMP"
        assert abs(measured.log_ratio) < 3 * prediction.error
        assert predict(A, solver=OMP(), signal=Spikes()).k50 > prediction.k50
        assert not predict(A, solver=OMP(), probes=0).trusted

    def test_complex_matrices_recover_more(self):
        B = A[:30, :60] + 1j * stream(0, "imaginary").standard_normal((30, 60))
        prediction = predict(B, probes=24)
        assert prediction.k50 > 1.1 * StatisticalDimension().finite_sparsity(30, 60)
        assert verify(prediction, repeats=6, points=5).brier < 0.25


class TestNetworks:
    def test_a_network_is_linearised_on_its_inputs(self):
        prediction = predict(NETWORK, samples=80)
        assert prediction.shape == (80, 113)
        assert prediction.matrix == "Jacobian of a 12-8-1 network with tanh on 80 samples of GaussianInputs()"
        measured = verify(prediction, repeats=20, points=12)
        assert abs(measured.log_ratio) < 0.15

    def test_network_ensemble_and_jacobian_are_the_same_question(self):
        ensemble = RandomNetwork(NETWORK, seed=3, distinct=True)
        direct = predict(ensemble, samples=40, probes=8, seed=3)
        again = predict(NETWORK, samples=40, probes=8, seed=3)
        operator = ensemble.draw(40, ensemble.unknowns(40), stream(0, "any"))
        assert direct.k50 == again.k50 == predict(operator, probes=8, seed=3).k50

    def test_raw_and_normalised_jacobians_differ(self):
        theta, X = NETWORK.init(stream(0, "theta")), stream(0, "X").standard_normal((60, 12))
        J = linearize(NETWORK, theta, X)
        assert predict(J, probes=0).k50 < predict(normalized(J), probes=0).k50
        assert predict(J, probes=0, normalize=True).k50 == predict(normalized(J), probes=0).k50

    def test_dead_and_parallel_weights_are_told_of(self):
        network = Network((61,), (Linear(4), Relu(), Linear(2)))
        asked = {"samples": 30, "inputs": Digits(), "probes": 0}
        whole, distinct = predict(network, distinct=False, **asked), predict(network, **asked)
        assert whole.k50 < distinct.k50
        assert "lost columns fail" in whole.method
        assert whole.kept == distinct.kept == distinct.shape[1] < whole.shape[1]


class TestTheCarrier:
    prediction = predict(A, probes=20)

    def test_success_falls_from_one_and_its_interval_holds_it(self):
        k = np.linspace(0, 60, 61).reshape(-1, 1)
        success, (low, high) = self.prediction.success(k), self.prediction.interval(k)
        assert success.shape == low.shape == high.shape == (61, 1)
        assert success[0, 0] == 1
        assert (np.diff(success, axis=0) <= 1e-12).all()
        inside = (success > 0.05) & (success < 0.95)  # a mean of a skewed belief may leave the band in the tails
        assert ((low <= success) & (success <= high))[inside].all()
        assert isinstance(self.prediction.success(3), float)

    def test_levels_turn_the_curve_round(self):
        for level in (0.9, 0.5, 0.1):
            assert self.prediction.success(self.prediction.k(level)) == pytest.approx(level, abs=2e-3)
            low, high = self.prediction.k_interval(level)
            assert low <= self.prediction.k(level) <= high
        assert self.prediction.k50 == self.prediction.k(0.5)

    def test_it_prints_what_it_knows(self):
        text = str(self.prediction)
        for part in ("Dense 60 × 120", "rank 60", "leverage law", "Donoho–Tanner, m/n", self.prediction.verdict):
            assert part in text
        assert f"{self.prediction.k50:.1f}" in repr(self.prediction)
        assert [row["success"] for row in self.prediction.rows] == [0.99, 0.9, 0.5, 0.1, 0.01]
        assert set(self.prediction.baselines) == {
            "Donoho–Tanner, m/n",
            "Gaussian, rank and distinct columns",
            "column norms as weights",
            "leverage law",
        }

    @pytest.mark.parametrize("k", [-1, 121, np.nan, [3, 500]])
    def test_sizes_without_meaning_are_refused(self, k):
        for ask in (self.prediction.success, self.prediction.interval):
            with pytest.raises(ValueError, match="between 0 and n = 120"):
                ask(k)

    def test_levels_without_meaning_are_refused(self):
        for level in (0, 1, -0.5):
            with pytest.raises(ValueError, match="level"):
                self.prediction.k(level)


class TestWhatMayBeAsked:
    def test_every_kind_of_matrix_gives_the_same_answer(self):
        expected = predict(A, probes=6).k50
        for other in (A.tolist(), scipy.sparse.csr_array(A), np.asfortranarray(A)):
            assert predict(other, probes=6).k50 == pytest.approx(expected, rel=1e-9)
        assert predict(A.astype(np.float32), probes=6).k50 == pytest.approx(expected, rel=0.1)
        foreign = Foreign(scipy.sparse.linalg.aslinearoperator(A))
        assert predict(foreign, probes=6).k50 == pytest.approx(expected, rel=1e-9)

    def test_the_same_call_gives_the_same_answer_and_another_seed_another(self):
        assert predict(A, probes=6).tosses == predict(A, probes=6).tosses != predict(A, probes=6, seed=1).tosses

    def test_no_time_means_theory(self):
        stopped = predict(A, seconds=0)
        assert stopped.solves == 0
        assert stopped.k50 == predict(A, probes=0).k50
        assert "ended early" in stopped.verdict

    @pytest.mark.parametrize(
        ("question", "asked", "error", "words"),
        [
            (np.full((3, 5), np.nan), {}, ValueError, "finite"),
            (np.zeros((3, 5)), {}, ValueError, "All 5 columns are zero"),
            (A, {"samples": 5}, TypeError, "belong to a Network"),
            (A, {"inputs": GaussianInputs()}, TypeError, "belong to a Network"),
            (NETWORK, {}, TypeError, "samples=50"),
            (NETWORK, {"samples": 0}, ValueError, "at least 1"),
            (NETWORK, {"samples": 9, "inputs": 3}, TypeError, "inputs must be"),
            (RandomNetwork(), {"samples": 9, "inputs": GaussianInputs()}, TypeError, "leave inputs= out"),
            (A, {"probes": -1}, ValueError, "probes"),
            (A, {"seconds": -1}, ValueError, "seconds"),
            (A, {"solver": "OMP"}, TypeError, "solver must be"),
            (A, {"support": (1, 2)}, TypeError, "support must be"),
            (A, {"signal": 1}, TypeError, "signal must be"),
            (A, {"support": LayerSupport()}, TypeError, "Layers and neurons"),
            (A, {"support": ColumnSupport((500,))}, ValueError, "between 0 and 119"),
            ("A.npy", {}, TypeError, "A"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, question, asked, error, words):
        with pytest.raises(error, match=words):
            predict(question, **asked)

    @pytest.mark.parametrize("shape", [(1, 3), (2, 3), (1, 1), (1, 50), (3, 2)])
    def test_the_smallest_matrices_are_answered(self, shape):
        found = predict(stream(0, "small").standard_normal(shape), probes=10)
        assert isinstance(found, Prediction)
        assert 0 <= found.k50 <= min(shape)

    def test_columns_over_ten_decades_are_answered(self):
        found = predict(A * 10.0 ** np.linspace(-5, 5, 120), probes=20)
        assert 0 < found.k50 < 10

    def test_matrices_beyond_memory_are_refused_with_the_remedy(self, monkeypatch):
        monkeypatch.setattr(importlib.import_module("sparsecs.prediction.predict"), "DENSE_LIMIT", 30_000)
        monkeypatch.setattr(_ground, "DENSE_LIMIT", 30_000)
        with pytest.raises(MemoryError, match="Use probes=0"):
            predict(A)
        assert predict(A, probes=0).k50 > 1


class TestVerify:
    def test_counts_stand_beside_what_was_predicted(self):
        prediction = predict(Gaussian().draw(30, 60, stream(0, "A")))
        found = verify(prediction, repeats=10, points=6)
        assert found.solves == sum(row["trials"] for row in found.rows) == 60
        for row in found.rows:
            assert row["predicted"] == prediction.success(row["k"])
            assert row["rate_lower"] <= row["rate"] <= row["rate_upper"]
        assert "predicted" in str(found)
        assert found.brier >= found.brier_floor

    def test_the_floor_is_reached_by_the_rates_themselves(self):
        found = verify(predict(A, solver=BasisPursuit(), probes=5), repeats=6, points=4)
        rates = {k: tally.rate for k, tally in found.tallies.items()}
        scores = [
            t.successes * (1 - rates[k]) ** 2 + (t.trials - t.successes) * rates[k] ** 2
            for k, t in found.tallies.items()
        ]
        assert found.brier_floor == pytest.approx(sum(scores) / found.solves)

    def test_no_time_gives_no_counts_and_says_so(self):
        found = verify(predict(A, probes=0), seconds=0)
        assert found.solves == 0
        assert found.stopped

    def test_what_is_no_prediction_is_refused(self):
        with pytest.raises(TypeError, match="predict"):
            verify(A)
        with pytest.raises(ValueError, match="points"):
            verify(predict(A, probes=0), points=1)
