"""The number of samples that a ticket needs: its two laws against slow twins and exact cases, and what it says of edges."""

from __future__ import annotations

import naive_samples
import numpy as np
import pytest

from sparsecs import (
    L1,
    Digits,
    GaussianInputs,
    Linear,
    Network,
    NeuronSupport,
    RandomNetwork,
    Tanh,
    as_operator,
    linearize,
    samples_needed,
    statistical_dimension,
    stream,
)
from sparsecs.core.budget import Budget
from sparsecs.prediction._covariance_law import face_dimension
from sparsecs.prediction._sample_belief import SampleBelief
from sparsecs.prediction._sample_law import leverage_success, sample_law

FLAT = np.array([0.0, 1.0]), np.ones(2)
SMALL = Network((8,), (Linear(6), Tanh(), Linear(1)))


def spikes(n: int, k: int) -> np.ndarray:
    return np.where(np.arange(n) < k, 1.0, 0.0)


def gaussian(rows: int, n: int, seed: int = 0) -> np.ndarray:
    return stream(seed, "gradients").standard_normal((rows, n))


# --- the covariance law ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_a_face_is_that_of_an_interior_point_method(seed: int) -> None:
    rng = stream(seed, "face")
    R = rng.standard_normal((150, 120)) * rng.uniform(0.2, 3, 120)
    support, signs, g = rng.choice(120, 9, replace=False), rng.choice([-1.0, 1.0], 9), rng.standard_normal(150)
    slow = naive_samples.face_dimension(R, support, signs, g)
    for guess in (1.0, 60.0):  # whether columns are called in late or are all there
        assert face_dimension(as_operator(R), support, signs, g, guess) == slow


def test_the_mean_of_faces_is_the_statistical_dimension() -> None:
    R, k = gaussian(200, 90) * np.linspace(1, 4, 90), 6
    rng = stream(1, "faces")
    drawn = [face_dimension(as_operator(R), np.arange(k), np.ones(k), rng.standard_normal(200), 30) for _ in range(200)]
    other = statistical_dimension(L1(), spikes(90, k), root=R, draws=200)
    assert abs(np.mean(drawn) - other.value) < 4 * np.hypot(np.std(drawn) / 200**0.5, other.error)


@pytest.mark.parametrize("rows", [60, 400])
def test_a_few_gaussian_gradients_are_as_good_as_many(rows: int) -> None:
    """Combinations of p Gaussian rows have the null space of fresh ones, for every p."""
    n, k, rng = 100, 6, stream(rows, "few")
    exact = statistical_dimension(L1(), spikes(n, k)).value
    drawn = []
    for _ in range(200):
        R = as_operator(rng.standard_normal((rows, n)))
        drawn.append(face_dimension(R, np.arange(k), np.ones(k), rng.standard_normal(rows), exact))
    drawn = np.array(drawn)
    assert np.isfinite(drawn).mean() > 0.97
    told = drawn[np.isfinite(drawn)]
    assert abs(told.mean() - exact) < 4 * told.std() / told.size**0.5 + 0.3


def test_a_ticket_that_is_not_told_has_no_dimension() -> None:
    R = gaussian(80, 30)
    g = stream(0, "g").standard_normal(80)
    R[:, 5] = 0
    assert face_dimension(as_operator(R), np.array([5, 6]), np.ones(2), g, 10) == np.inf
    R[:, 5] = R[:, 6] + R[:, 7]  # e6 + e7 has the norm 2, and 5 alone the norm 1
    assert face_dimension(as_operator(R), np.array([6, 7]), np.ones(2), g, 10) == np.inf
    assert face_dimension(as_operator(R), np.array([6, 7]), np.array([1.0, -1.0]), g, 10) < 30
    R[:, 9] = R[:, 8]  # a twin: the norm need not fall
    assert face_dimension(as_operator(R), np.array([8]), np.ones(1), g, 10) == np.inf
    assert face_dimension(as_operator(R[:3]), np.arange(4), np.ones(4), g[:3], 10) == np.inf


# --- the leverage law in the number of samples -----------------------------------------------------------------------


def test_the_leverage_law_multiplies_over_blocks_and_sees_what_is_lost() -> None:
    A, B, rng = gaussian(20, 40), gaussian(20, 40, 1), stream(0, "rest")
    both = np.block([[A, np.zeros((20, 40))], [np.zeros((20, 40)), B]])
    S, T = np.array([1, 5, 9, 13, 2, 7]), np.array([3, 4, 8, 11, 12])
    one = leverage_success(as_operator(A), [S], rng)[0] * leverage_success(as_operator(B), [T], rng)[0]
    assert leverage_success(as_operator(both), [np.concatenate([S, 40 + T])], rng)[0] == pytest.approx(one, abs=1e-3)
    assert 0.01 < one < 0.99
    A[:, 3], A[:, 7] = 0, 2 * A[:, 5]
    assert leverage_success(as_operator(A), [np.array([3])], rng) == (0, 0)
    assert leverage_success(as_operator(A), [np.array([5])], rng) == (0, 0)  # the longer one of the two is found
    assert leverage_success(as_operator(A), [np.array([7]), np.array([3])], rng) == pytest.approx((1.0, 0.5), abs=0.01)
    assert leverage_success(as_operator(np.zeros((3, 4))), [np.array([0])], rng) == (0, 0)


@pytest.mark.parametrize("guess", [12, 100, 900])
def test_the_line_finds_the_middle_of_a_known_curve(guess: int) -> None:
    from scipy.special import ndtr

    law = sample_law(lambda N: (float(ndtr((np.log(N) - np.log(97)) / 0.15)), 0.8), guess, 5, 10**6, Budget(None))
    assert np.exp(law.centre) == pytest.approx(97, rel=0.02)
    assert law.spread == pytest.approx(0.15, rel=0.1)
    assert law.at(0.4) == pytest.approx(97, rel=0.02)  # 80 % of tickets miss what is lost
    assert law.at(0.85) == np.inf
    rising = sample_law(lambda N: (1.0, min(1.0, N / 300)), guess, 5, 10**6, Budget(None))
    assert rising.at(0.5) == pytest.approx(150, rel=0.05)


def test_the_belief_is_that_of_loops_and_finds_a_known_curve() -> None:
    from scipy.special import ndtr

    tosses = [(80, False), (110, True), (95, True), (90, False), (130, True)]
    belief = SampleBelief.prior(np.log(100), 0.1, 0.12, 0.9, FLAT)
    for toss in tosses:
        belief = belief.after(*toss)
    mean, log_spread = naive_samples.posterior(np.log(100), 0.1, 0.12, 0.9, tosses)
    assert (belief.weight * belief.mu).sum() == pytest.approx(mean, abs=1e-9)
    assert (belief.weight * np.log(belief.sigma / 0.12)).sum() == pytest.approx(log_spread, abs=1e-9)
    rng = stream(0, "tosses")
    belief = SampleBelief.prior(np.log(60), 0.06, 0.1, 1.0, FLAT)
    for _ in range(200):
        N = belief.next_samples(rng)
        belief = belief.after(N, bool(rng.random() < ndtr((np.log(N) - np.log(120)) / 0.2)))
    middle, error = belief.where(0.5)
    assert abs(middle - np.log(120)) < 4 * error < 0.2
    assert belief.success(np.array([120.0])) == pytest.approx(0.5, abs=0.2)


# --- the whole -------------------------------------------------------------------------------------------------------


def test_gaussian_gradients_need_what_is_known() -> None:
    n, k = 120, 8
    exact = statistical_dimension(L1(), spikes(n, k)).value
    found = samples_needed(gaussian(1500, n), k, draws=100, accuracy=1e-9)
    rules = found.baselines
    assert rules["counting rows as Gaussian ones (Donoho–Tanner)"] == pytest.approx(exact)
    assert abs(found.dimension - exact) < 4 * found.dimension_error
    assert rules["leverage law on fresh samples"] == pytest.approx(exact, rel=0.06)
    assert abs(np.log(found.samples / exact)) < 4 * found.error < 0.25
    assert found.trusted
    assert found.solves == 40
    assert found.draws == 100
    assert found.measurements == found.samples
    low, high = found.interval()
    assert low < found.samples < high
    assert found.at(0.2) < found.samples < found.at(0.9)
    assert found.success(found.samples) == pytest.approx(0.5, abs=0.03)
    assert (np.diff(found.success([20, 30, 40, 60])) > 0).all()
    assert [row["success"] for row in found.rows] == [0.05, 0.25, 0.5, 0.75, 0.95]
    assert "Trusted" in str(found)
    assert "trusted" in repr(found)


def test_scale_order_and_the_way_gradients_are_given_mean_nothing() -> None:
    theta = SMALL.init(stream(0, "network"))
    J = linearize(SMALL, theta, stream(0, "inputs").standard_normal((400, 8)))
    given = {"probes": 6, "draws": 12}
    base = samples_needed(J, 4, **given)
    for other in (J.dense(), J.dense() * 1e150, J.dense() * 1e-150, J.dense() * np.linspace(1, 1e6, J.shape[1])):
        assert samples_needed(other, 4, **given).samples == pytest.approx(base.samples, rel=1e-6)
    named = samples_needed(SMALL, 4, seed=3, **given)
    assert samples_needed(RandomNetwork(SMALL, seed=3), 4, seed=3, **given).samples == named.samples
    assert samples_needed(SMALL, 4, seed=4, **given).samples != named.samples


def test_every_sample_may_have_a_network_of_its_own() -> None:
    fresh = samples_needed(RandomNetwork(SMALL), 4, probes=0, draws=30)
    fixed = samples_needed(SMALL, 4, probes=0, draws=30)
    assert fresh.samples == pytest.approx(fixed.samples, rel=0.25)
    assert fresh.gradients.startswith("fresh network")


def test_tickets_inside_two_neurons_need_more_samples_than_rows_tell() -> None:
    """Columns of two neurons span two dimensions a sample, however many outputs there are."""
    network = Network((10,), (Linear(8), Tanh(), Linear(4)))
    spread = samples_needed(network, 9, draws=30)
    inside = samples_needed(network, 9, support=NeuronSupport(2), draws=12)
    assert spread.outputs == 4
    assert spread.samples == pytest.approx(spread.baselines["covariance law: statistical dimension"], rel=0.2)
    assert inside.samples > 1.35 * spread.samples
    assert spread.measurements == 4 * spread.samples
    alone = samples_needed(network, 9, probes=0, draws=12)
    assert not alone.trusted
    assert "4 rows" in alone.verdict


def test_what_is_never_recovered_is_said() -> None:
    G = gaussian(600, 40)
    G[:, 0] = G[:, 1] + G[:, 2]
    never = samples_needed(G, 2, support=[1, 2], level=0.75, draws=30)
    assert never.samples == np.inf
    assert never.interval() == (np.inf, np.inf)
    assert never.verdict.startswith("Never")
    assert never.solves == 0
    assert 0.2 < never.share < 0.8  # half the signs
    assert "inf" in str(never)
    some = samples_needed(G, 2, support=[1, 2], level=0.1, probes=10, draws=12)
    assert 2 <= some.samples < 20


def test_dead_and_parallel_columns_are_set_aside() -> None:
    G = gaussian(600, 60)
    G[:, 3], G[:, 5] = 0, -2 * G[:, 4]
    found = samples_needed(G, 5, probes=0, draws=20)
    assert (found.columns, found.kept) == (60, 58)
    assert found.samples == pytest.approx(samples_needed(gaussian(600, 58, 2), 5, probes=0, draws=20).samples, rel=0.12)


def test_too_few_gradients_are_not_trusted() -> None:
    assert not samples_needed(gaussian(30, 60), 6, probes=10).trusted
    assert "Give more gradients" in samples_needed(gaussian(8, 60), 6, probes=4).verdict


@pytest.mark.parametrize(("n", "k"), [(1, 1), (3, 1), (9, 9)])
def test_small_and_full_tickets(n: int, k: int) -> None:
    found = samples_needed(gaussian(300, n), k)
    assert k - 1 <= found.samples <= n + 1


def test_digits_end_where_there_are_no_more() -> None:
    found = samples_needed(Network(Digits().shape, (Linear(1),)), 3, inputs=Digits(), probes=2, draws=12)
    assert 3 < found.samples < 1797


def test_time_is_kept() -> None:
    sizes = []

    def success(N: int) -> tuple[float, float]:
        sizes.append(N)
        return 0.6, 1.0

    law = sample_law(success, 100, 5, 10**6, Budget(0.0))
    assert (sizes, law.centre < np.log(100)) == ([85], True)
    found = samples_needed(SMALL, 4, seconds=0.0)
    assert found.draws == 2
    assert found.solves == 0
    assert "ended early" in found.verdict


def test_an_interruption_ends_it_with_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from sparsecs.prediction import _sample_case

    seen = []

    def projected(*given: object) -> float:
        seen.append(given)
        if len(seen) == 5:
            raise KeyboardInterrupt
        return 20.0 + len(seen)

    monkeypatch.setattr(_sample_case, "face_dimension", projected)
    found = samples_needed(SMALL, 4, seconds=None)
    assert (found.draws, found.solves) == (4, 0)
    assert "keyboard" in found.verdict


def test_bad_input_is_refused_with_a_remedy() -> None:
    bad, dead = gaussian(50, 10), np.zeros((50, 10))
    bad[3, 3] = np.nan
    wrong = [
        ((bad, 2), {}, "finite"),
        ((dead, 2), {}, "zero"),
        ((gaussian(50, 10), 11), {}, "at most 10"),
        ((gaussian(50, 10), 0), {}, "at least 1"),
        ((np.repeat(gaussian(50, 5), 2, axis=1), 6), {}, "told apart"),
        ((gaussian(50, 10), 2), {"outputs": 3}, "multiple"),
        ((SMALL, 2), {"outputs": 3}, "outputs is 3"),
        ((gaussian(50, 10), 3), {"support": [1, 2]}, "at most 2"),
        ((gaussian(50, 10), 2), {"level": 1.0}, "between 0 and 1"),
        ((gaussian(50, 10), 2), {"accuracy": 0.0}, "above zero"),
        ((RandomNetwork(SMALL), 2), {"normalize": False}, "Leave it out"),
    ]
    for arguments, named, words in wrong:
        with pytest.raises(ValueError, match=words):
            samples_needed(*arguments, **named)
    with pytest.raises(TypeError, match="inputs belong"):
        samples_needed(gaussian(50, 10), 2, inputs=GaussianInputs())
    with pytest.raises(TypeError, match="leave inputs"):
        samples_needed(RandomNetwork(SMALL), 2, inputs=GaussianInputs())
    with pytest.raises(TypeError, match="complex"):
        samples_needed(gaussian(50, 10) * 1j, 2)
    with pytest.raises(TypeError, match="support"):
        samples_needed(SMALL, 2, support=3)
    with pytest.raises(ValueError, match="above 0"):
        samples_needed(gaussian(50, 10), 2, probes=0).success(0)
