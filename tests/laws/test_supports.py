"""Every law of supports gives orders of distinct columns, reproducibly; and what each one promises in particular."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparsecs import (
    ColumnSupport,
    LayerSupport,
    Linear,
    Network,
    NeuronSupport,
    Relu,
    Selected,
    Signs,
    Spikes,
    Support,
    Tanh,
    UniformSupport,
    linearize,
    normalized,
    plant,
    stream,
)
from sparsecs.core.family import members
from sparsecs.networks.layout import layout

NETWORK = Network((3,), (Linear(4), Tanh(), Linear(5, bias=False), Relu(), Linear(2)))  # 16, 20 and 12 columns
J = linearize(NETWORK, NETWORK.init(stream(0, "theta")), stream(0, "inputs").standard_normal((9, 3)))
SUPPORTS = [cls() for cls in members("sparsecs.problems.supports", Support).values()]


@pytest.mark.parametrize("support", SUPPORTS, ids=repr)
class TestEveryLaw:
    def test_an_order_names_columns_once(self, support):
        order = support.order(J, stream(0, "support"))
        assert np.unique(order).size == order.size
        assert set(order) <= set(range(J.shape[1]))

    def test_the_generator_decides(self, support):
        orders = [support.order(J, stream(seed, "support")).tolist() for seed in (0, 0, 1)]
        assert orders[0] == orders[1]
        assert support == ColumnSupport() or orders[0] != orders[2]

    def test_what_is_no_generator_is_refused(self, support):
        with pytest.raises(TypeError, match="rng"):
            support.order(J, 3)

    def test_a_planted_signal_lies_on_it(self, support):
        order = support.order(J, stream(4, "x"))
        k = min(3, order.size)
        problem = plant(J, Signs(), k, stream(4, "x"), support=support)
        assert set(np.flatnonzero(problem.truth)) == set(order[:k])


def test_uniform_supports_visit_all_pairs_alike():
    rng = stream(0, "pairs")
    pairs = Counter(tuple(sorted(UniformSupport().order(np.ones((2, 4)), rng)[:2])) for _ in range(3000))
    assert len(pairs) == 6
    assert max(abs(count - 500) for count in pairs.values()) < 5 * np.sqrt(500)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 99), st.integers(1, 30))
def test_layers_get_their_shares(seed, k):
    layers = layout(J).layers
    even = np.bincount(layers[LayerSupport().order(J, stream(seed, "x"))[:k]], minlength=3)
    assert even.max() - even.min() <= 1
    uneven = np.bincount(layers[LayerSupport((0, 2, 1)).order(J, stream(seed, "x"))[:k]], minlength=3)
    assert uneven[0] == 0
    assert abs(uneven[1] - 2 * k / 3) <= 1 or k > 30


def test_a_full_layer_leaves_the_rest_to_the_others():
    order = LayerSupport((1, 0, 1)).order(J, stream(0, "x"))
    assert order.size == 28
    assert set(order[-3:]) <= set(range(16)), "the smaller layer is full by then"


def test_neurons_are_hidden_ones_with_all_their_weights():
    neurons, layers = layout(J).neurons, layout(J).layers
    seen = set()
    for seed in range(40):
        order = NeuronSupport(2).order(J, stream(seed, "x"))
        chosen = set(neurons[order])
        assert len(chosen) == 2
        assert order.size == np.isin(neurons, list(chosen)).sum()
        assert layers[order].max() < 2
        seen |= chosen
    assert seen == set(range(9))


def test_a_network_of_one_layer_uses_its_outputs():
    network = Network((3,), (Linear(2),))
    single = linearize(network, network.init(stream(0, "theta")), np.ones((4, 3)))
    assert NeuronSupport(1).order(single, stream(0, "x")).size == 4


class TestLayout:
    def test_every_column_has_its_layer_and_neuron(self):
        found = layout(J)
        assert found.layers.tolist() == [0] * 16 + [1] * 20 + [2] * 12
        assert np.bincount(found.neurons).tolist() == [4] * 4 + [4] * 5 + [6] * 2

    def test_it_survives_scaling_and_selecting(self):
        kept = np.array([40, 3, 17])
        for A in (Selected(normalized(J), kept), normalized(Selected(J, kept))):
            assert layout(A).layers.tolist() == layout(J).layers[kept].tolist()
            assert layout(A).neurons.tolist() == layout(J).neurons[kept].tolist()


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: ColumnSupport(()), ValueError, "empty"),
        (lambda: ColumnSupport((1, 1)), ValueError, "2 times"),
        (lambda: ColumnSupport((0.5,)), TypeError, "whole numbers"),
        (lambda: ColumnSupport((99,)).order(J, stream(0, "x")), ValueError, "between 0 and 47"),
        (lambda: LayerSupport((0, 0)), ValueError, "at least 0"),
        (lambda: LayerSupport((1, -1)), ValueError, "at least 0"),
        (lambda: LayerSupport((1, 1)).order(J, stream(0, "x")), ValueError, "3 layers"),
        (lambda: LayerSupport().order(np.ones((2, 3)), stream(0, "x")), TypeError, "Give the Jacobian"),
        (lambda: NeuronSupport(0), ValueError, "neurons"),
        (lambda: NeuronSupport(10).order(J, stream(0, "x")), ValueError, "9 hidden neurons"),
        (lambda: plant(J, Spikes(), 2, stream(0, "x"), support=ColumnSupport((3,))), ValueError, "reaches 1 columns"),
        (lambda: plant(J, Spikes(), 2, stream(0, "x"), support="layers"), TypeError, "support must be"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(make, error, words):
    with pytest.raises(error, match=words):
        make()
