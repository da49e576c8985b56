"""Every ensemble draws what it is asked for, from its stream alone, with columns of unit size on average."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.geometry.identifiability import collinear_columns, dead_columns
from sparsecs.networks.inputs.digits import Digits
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.layers.relu import Relu
from sparsecs.networks.layers.tanh import Tanh
from sparsecs.networks.linearize import linearize
from sparsecs.networks.network import Network
from sparsecs.operators.base import Operator
from sparsecs.problems.ensembles.base import Ensemble
from sparsecs.problems.ensembles.fixed_matrix import FixedMatrix
from sparsecs.problems.ensembles.gaussian import Gaussian
from sparsecs.problems.ensembles.gaussian_khatri_rao import GaussianKhatriRao
from sparsecs.problems.ensembles.partial_circulant import PartialCirculant
from sparsecs.problems.ensembles.partial_hadamard import PartialHadamard
from sparsecs.problems.ensembles.rademacher import Rademacher
from sparsecs.problems.ensembles.random_network import RandomNetwork
from sparsecs.problems.ensembles.student_t import StudentT

SMALL = RandomNetwork(Network((6,), (Linear(5), Tanh(), Linear(2))))
RELU = RandomNetwork(Network((3,), (Linear(8), Relu(), Linear(2))), seed=1)
VARIANTS = {
    "RandomNetwork": [
        SMALL,
        dataclasses.replace(SMALL, seed=7),
        dataclasses.replace(SMALL, seed=7, distinct=True),
        dataclasses.replace(RELU, distinct=True),
    ],
    "FixedMatrix": [
        FixedMatrix(),
        FixedMatrix(normalize=True),
        FixedMatrix(SMALL, seed=2),
        FixedMatrix(PartialCirculant(kernel=3), seed=1, distinct=True, normalize=True, columns=50),
    ],
    "PartialCirculant": [PartialCirculant(), PartialCirculant(kernel=2)],
    "GaussianKhatriRao": [GaussianKhatriRao(), GaussianKhatriRao(left=1)],
}
ENSEMBLES = [
    e for name, cls in members("sparsecs.problems.ensembles", Ensemble).items() for e in VARIANTS.get(name, [cls()])
]
every = pytest.mark.parametrize("ensemble", ENSEMBLES, ids=repr)
FRESH = [e for e in ENSEMBLES if getattr(e, "seed", None) is None]
fresh = pytest.mark.parametrize("ensemble", FRESH, ids=repr)
INDEPENDENT = [e for e in ENSEMBLES if type(e) in (Gaussian, Rademacher, StudentT)]
M = 20


def columns_of(ensemble: Ensemble) -> int:
    """An n that the ensemble has at m = M."""
    return 64 if isinstance(ensemble, PartialHadamard) else ensemble.unknowns(M) or 50


def drawn(ensemble: Ensemble, seed: int = 0) -> Operator:
    return ensemble.draw(M, columns_of(ensemble), stream(seed, "operator"))


@every
def test_it_draws_the_size_that_was_asked_for(ensemble: Ensemble) -> None:
    A = drawn(ensemble)
    assert isinstance(A, Operator)
    assert A.shape == (M, columns_of(ensemble)) == A.dense().shape
    assert A.dtype == np.float64
    assert np.isfinite(A.dense()).all()


@every
def test_a_draw_depends_on_its_stream_alone(ensemble: Ensemble) -> None:
    state = np.random.get_state()[1].copy()  # noqa: NPY002 - the global generator must stay as it is
    first = drawn(ensemble).dense()
    drawn(ensemble, 5)
    assert np.array_equal(drawn(ensemble).dense(), first)
    assert np.array_equal(np.random.get_state()[1], state)  # noqa: NPY002


@fresh
def test_another_stream_gives_another_matrix(ensemble: Ensemble) -> None:
    assert not np.array_equal(drawn(ensemble, 1).dense(), drawn(ensemble, 2).dense())


@pytest.mark.parametrize("ensemble", [e for e in ENSEMBLES if e in FRESH or getattr(e, "normalize", False)], ids=repr)
def test_squared_column_norms_are_one_on_average(ensemble: Ensemble) -> None:
    """Columns of one draw may depend on each other, so each draw counts once. Networks have columns that are dead."""
    squares = [drawn(ensemble, seed).column_norms() ** 2 for seed in range(60)]
    means = np.array([(s[s > 0] if isinstance(ensemble, RandomNetwork) else s).mean() for s in squares])
    assert abs(means.mean() - 1) <= 5 * means.std() / means.size**0.5 + 1e-13


@pytest.mark.parametrize("ensemble", INDEPENDENT, ids=repr)
def test_entries_are_centred_and_uncorrelated(ensemble: Ensemble) -> None:
    entries = np.array([drawn(ensemble, seed).dense() for seed in range(60)]) * M**0.5
    assert abs(entries.mean()) <= 5 / entries.size**0.5
    squares = entries**2
    assert abs(squares.mean() - 1) <= 5 * squares.std() / entries.size**0.5 + 1e-13
    for one, other in ((entries[:, :-1], entries[:, 1:]), (entries[:, :, :-1], entries[:, :, 1:])):
        assert abs((one * other).mean()) <= 5 / one.size**0.5


@pytest.mark.parametrize("ensemble", ENSEMBLES, ids=repr)
def test_the_size_that_an_ensemble_says_it_has_is_the_only_one(ensemble: Ensemble) -> None:
    n = ensemble.unknowns(M)
    if n is None:
        assert ensemble.draw(M, 2 * columns_of(ensemble), stream(0, "A")).shape[1] == 2 * columns_of(ensemble)
    else:
        with pytest.raises(ValueError, match=f"Use n = {n}"):
            ensemble.draw(M, n + 1, stream(0, "A"))


@every
def test_sizes_that_make_no_sense_are_refused(ensemble: Ensemble) -> None:
    n, rng = columns_of(ensemble), stream(0, "operator")
    bad = (0, n, ValueError), (-1, n, ValueError), (M, 0, ValueError), (2.5, n, TypeError), (M, "9", TypeError)
    for m, width, error in bad:
        with pytest.raises(error):
            ensemble.draw(m, width, rng)


@pytest.mark.parametrize("ensemble", [e for e in ENSEMBLES if isinstance(e, RandomNetwork)], ids=repr)
def test_a_network_refuses_sizes_that_it_does_not_have_and_names_one_that_it_has(ensemble: RandomNetwork) -> None:
    n, rng = columns_of(ensemble), stream(0, "operator")
    with pytest.raises(ValueError, match=f"Use n = {n}"):
        ensemble.draw(M, n + 1, rng)
    with pytest.raises(ValueError, match=f"Use {M} or {M + 2}"):
        ensemble.draw(M + 1, n, rng)
    with pytest.raises(ValueError, match="Use 2"):
        ensemble.draw(1, n, rng)


def test_a_drawn_network_is_its_jacobian_with_unit_columns() -> None:
    raw, unit = dataclasses.replace(SMALL, normalize=False), SMALL
    rng = stream(0, "operator")
    theta = raw.network.init(rng)
    J = linearize(raw.network, theta, rng.standard_normal((M // 2, 6)))
    assert np.array_equal(drawn(raw).dense(), J.dense())
    assert np.allclose(drawn(unit).dense(), J.dense() / J.column_norms(), rtol=1e-14, atol=0)
    assert np.allclose(drawn(unit).column_norms(), 1, rtol=1e-14)


def test_a_seed_fixes_the_network_and_its_inputs_whatever_the_stream() -> None:
    fixed = dataclasses.replace(SMALL, seed=7)
    assert np.array_equal(drawn(fixed, 1).dense(), drawn(fixed, 2).dense())
    assert not np.array_equal(drawn(fixed).dense(), drawn(dataclasses.replace(SMALL, seed=8)).dense())
    assert not np.array_equal(drawn(fixed).dense(), drawn(dataclasses.replace(SMALL, seed=0)).dense())


def test_the_numbers_behind_a_seed_stay_as_they_are() -> None:
    rng = stream(7, "network")
    J = linearize(SMALL.network, SMALL.network.init(rng), rng.standard_normal((M // 2, 6)))
    fixed = dataclasses.replace(SMALL, seed=7, normalize=False)
    assert np.array_equal(drawn(fixed).dense(), J.dense())


def test_distinct_columns_are_distinct_and_all_there_are() -> None:
    m, rng = 4, stream(0, "operator")
    whole, distinct = RELU.draw(m, RELU.network.size, rng), dataclasses.replace(RELU, distinct=True)
    n = distinct.unknowns(m)
    repeats = sum(found.size - 1 for found in collinear_columns(whole))
    assert dead_columns(whole).size + repeats > 0, "the example has something to leave out"
    assert n == RELU.network.size - dead_columns(whole).size - repeats
    A = distinct.draw(m, n, rng)
    assert A.shape == (m, n)
    assert dead_columns(A).size == 0
    assert collinear_columns(A) == ()


def test_distinct_without_a_seed_and_seeds_that_are_no_whole_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="seed"):
        RandomNetwork(distinct=True)
    for seed in (0.5, "1", True):
        with pytest.raises(TypeError, match="seed"):
            RandomNetwork(seed=seed)


def test_a_network_can_be_fed_digits() -> None:
    ensemble = RandomNetwork(Network((61,), (Linear(4), Tanh(), Linear(10))), inputs=Digits())
    assert ensemble.draw(30, ensemble.network.size, stream(0, "A")).shape == (30, ensemble.network.size)
    with pytest.raises(ValueError, match="61 live pixels"):
        RandomNetwork(SMALL.network, inputs=Digits()).draw(M, SMALL.network.size, stream(0, "A"))
