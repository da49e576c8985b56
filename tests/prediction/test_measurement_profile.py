"""What a matrix measures: ranks by their definitions, layers by their columns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparsecs import (
    Linear,
    Network,
    Relu,
    Tanh,
    coherence,
    linearize,
    measurement_profile,
    normalized,
    numerical_rank,
    stream,
)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 7), st.integers(1, 7), st.booleans())
def test_ranks_are_those_of_the_singular_values(seed, m, n, complex_data):
    rng = stream(seed, "A")
    A = rng.standard_normal((m, n)) + (1j * rng.standard_normal((m, n)) if complex_data else 0)
    profile, values = measurement_profile(A), np.linalg.svd(A, compute_uv=False)
    assert profile.rank == numerical_rank(A)
    assert profile.stable_rank == pytest.approx((np.linalg.norm(A) / np.linalg.norm(A, 2)) ** 2)
    gram = A @ A.conj().T
    assert profile.participation_rank == pytest.approx(np.trace(gram).real ** 2 / np.linalg.norm(gram) ** 2)
    share = values / values.sum()
    assert profile.entropy_rank == pytest.approx(np.exp(-np.sum(share * np.log(share))))
    assert 1 <= profile.stable_rank <= profile.participation_rank + 1e-9 <= profile.entropy_rank + 2e-9
    assert profile.entropy_rank <= profile.rank + 1e-9


def test_layers_are_told_by_their_columns():
    network = Network((4,), (Linear(6), Tanh(), Linear(2)))
    J = linearize(network, network.init(stream(0, "theta")), stream(0, "inputs").standard_normal((20, 4)))
    profile, dense = measurement_profile(J), J.dense()
    for row, part in zip(profile.rows, (dense[:, :30], dense[:, 30:]), strict=True):
        norms = np.linalg.norm(part, axis=0)
        assert row["columns"] == part.shape[1]
        assert (row["smallest norm"], row["largest norm"]) == pytest.approx((norms.min(), norms.max()))
        assert row["coherence"] == pytest.approx(coherence(part))
        share = (part**2).sum(axis=0) ** 2 / (len(part) * (part**4).sum(axis=0))
        assert row["participation"] == pytest.approx(np.median(share))
    assert measurement_profile(normalized(J)).rows[0]["median norm"] == pytest.approx(1)
    assert "layer" in str(profile)


@pytest.mark.parametrize("hidden", [3, 5])
def test_relu_networks_keep_a_null_direction_for_each_hidden_neuron(hidden):
    network = Network((4,), (Linear(hidden), Relu(), Linear(1)))
    J = linearize(network, network.init(stream(2, "theta")), stream(2, "inputs").standard_normal((200, 4)))
    assert measurement_profile(J).null_directions == hidden


def test_dead_and_parallel_columns_do_not_count():
    A = np.array([[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 0.0, 3.0]])
    profile = measurement_profile(A)
    assert (profile.dead, profile.collinear, profile.identifiable, profile.null_directions) == (1, (2,), 2, 0)
    assert profile.measurement_ratio == 1
    empty = measurement_profile(np.zeros((2, 3)))
    assert (empty.rank, empty.stable_rank, empty.participation_rank, empty.entropy_rank, empty.measurement_ratio) == (
        0,
    ) * 5
    assert np.isnan(measurement_profile(A, coherent=False).rows[0]["coherence"])


def test_larger_operators_are_judged_by_their_gram_matrix(monkeypatch):
    import importlib

    A = stream(0, "A").standard_normal((5, 12))
    expected = measurement_profile(A)
    module = importlib.import_module("sparsecs.prediction.measurement_profile")
    monkeypatch.setattr(module, "DENSE_LIMIT", 8 * 5 * 12 - 1)
    found = measurement_profile(A)
    np.testing.assert_allclose(found.singular_values, expected.singular_values, rtol=1e-6)
    assert found.rank == expected.rank
    monkeypatch.setattr(module, "DENSE_LIMIT", 100)
    with pytest.raises(MemoryError, match="fewer rows"):
        measurement_profile(A)
