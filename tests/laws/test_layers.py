"""Every layer has true derivatives, and so has every network that is built from it."""

from __future__ import annotations

import tracemalloc

import naive
import numpy as np
import pytest

from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.networks.layers.base import Layer
from sparsecs.networks.layers.linear import INITIALIZATIONS, Linear
from sparsecs.networks.layers.relu import Relu
from sparsecs.networks.layers.tanh import Tanh
from sparsecs.networks.linearize import linearize
from sparsecs.networks.network import Network

SAMPLES = 4
INPUT_SHAPE = {}  # by a layer's name, where it takes no vectors of five entries
VARIANTS = {"Linear": [Linear(3, bias, name) for bias in (True, False) for name in INITIALIZATIONS]}
FOUND = members("sparsecs.networks.layers", Layer)
LAYERS = [layer for name, cls in FOUND.items() for layer in VARIANTS.get(name, [cls()])]


def shape_for(layer: Layer) -> tuple[int, ...]:
    return INPUT_SHAPE.get(type(layer).__name__, (5,))


def network_of(layer: Layer) -> Network:
    """The layer between two linear ones, or at both ends of a smooth network if it has parameters itself."""
    if type(layer).__name__ in INPUT_SHAPE:
        return Network(shape_for(layer), (layer,))
    if layer.size((5,)) == 0:
        return Network((5,), (Linear(6), layer, Linear(4), layer, Linear(2)))
    return Network((5,), (layer, Tanh(), Linear(4), layer))


NETWORKS = [
    *(network_of(layer) for layer in LAYERS),
    Network((5,), (Tanh(), Linear(3), Relu())),
    Network((5,), (Linear(3), Linear(2))),
    Network((1,), (Linear(1),)),
]
every_layer = pytest.mark.parametrize("layer", LAYERS, ids=repr)
every_network = pytest.mark.parametrize("network", NETWORKS, ids=repr)


def setting(layer: Layer, dtype: type = np.float64) -> tuple[np.ndarray, np.ndarray]:
    """Parameters and inputs for a layer."""
    shape, rng = shape_for(layer), stream(0, "layer", repr(layer))
    parameters = layer.init(rng, shape) + 0.3 * rng.standard_normal(layer.size(shape))
    return parameters.astype(dtype), rng.standard_normal((SAMPLES, *shape)).astype(dtype)


def place(network: Network, dtype: type = np.float64) -> tuple[np.ndarray, np.ndarray]:
    """Parameters, biases included, and inputs for a network."""
    rng = stream(0, "network", repr(network))
    theta = network.init(rng) + 0.3 * rng.standard_normal(network.size)
    return theta.astype(dtype), rng.standard_normal((SAMPLES, *network.input_shape)).astype(dtype)


def near(found: np.ndarray, expected: np.ndarray, tolerance: float) -> bool:
    assert found.shape == expected.shape
    return bool(np.linalg.norm(found - expected) <= tolerance * np.linalg.norm(expected))


@every_layer
def test_a_layer_gives_outputs_of_the_shape_that_it_says(layer: Layer) -> None:
    parameters, inputs = setting(layer)
    shape = layer.output_shape(shape_for(layer))
    outputs = layer.forward(parameters, inputs)
    assert outputs.shape == (SAMPLES, *shape)
    tangents = np.ones_like(parameters), np.ones_like(inputs)
    assert layer.jvp(parameters, inputs, *tangents).shape == (SAMPLES, *shape)
    assert layer.vjp(parameters, inputs, np.ones((SAMPLES, 3, *shape))).shape == (SAMPLES, 3, *shape_for(layer))
    assert layer.init(stream(0, "init"), shape_for(layer)).shape == (layer.size(shape_for(layer)),)


@every_layer
def test_the_samples_of_a_layer_do_not_meet(layer: Layer) -> None:
    parameters, inputs = setting(layer)
    alone = np.concatenate([layer.forward(parameters, inputs[s : s + 1]) for s in range(SAMPLES)])
    assert near(layer.forward(parameters, inputs), alone, 1e-14)


@every_layer
def test_the_forward_derivative_of_a_layer_is_the_true_one(layer: Layer) -> None:
    parameters, inputs = setting(layer)
    rng = stream(1, "tangents")
    own, other = rng.standard_normal(parameters.shape), rng.standard_normal(inputs.shape)
    claimed = layer.jvp(parameters, inputs, own, other)
    turned = layer.forward(parameters + 1e-30j * own, inputs + 1e-30j * other).imag / 1e-30
    assert near(claimed, turned, 1e-13)
    ahead, behind = (layer.forward(parameters + h * own, inputs + h * other) for h in (1e-6, -1e-6))
    assert near(claimed, (ahead - behind) / 2e-6, 1e-7)


@every_layer
def test_the_backward_derivative_of_a_layer_is_the_adjoint_of_the_forward_one(layer: Layer) -> None:
    parameters, inputs = setting(layer)
    rng, shape = stream(1, "tangents"), layer.output_shape(shape_for(layer))
    tangent, cotangent = rng.standard_normal(inputs.shape), rng.standard_normal((SAMPLES, 3, *shape))
    pushed = layer.jvp(parameters, inputs, np.zeros_like(parameters), tangent)[:, None]
    pulled = layer.vjp(parameters, inputs, cotangent)
    axes = tuple(range(2, cotangent.ndim))
    assert near(
        (pulled * tangent[:, None]).sum(axis=tuple(range(2, pulled.ndim))), (pushed * cotangent).sum(axes), 1e-12
    )


@every_layer
def test_the_block_of_a_layer_is_its_share_of_the_jacobian(layer: Layer) -> None:
    parameters, inputs = setting(layer)
    rng, shape = stream(1, "tangents"), layer.output_shape(shape_for(layer))
    cotangent = rng.standard_normal((SAMPLES, 3, *shape))
    block = layer.block(parameters, inputs, cotangent)
    if layer.size(shape_for(layer)) == 0:
        assert block is None
        return
    axes = tuple(range(2, cotangent.ndim))
    columns = [
        (layer.jvp(parameters, inputs, unit, np.zeros_like(inputs))[:, None] * cotangent).sum(axes).ravel()
        for unit in np.eye(parameters.size)
    ]
    assert near(block.dense(), np.column_stack(columns), 1e-13)


@every_network
def test_the_jacobian_is_that_of_complex_steps_with_rows_by_sample_then_output(network: Network) -> None:
    theta, inputs = place(network)
    J = linearize(network, theta, inputs)
    by_steps = naive.jacobian_by_complex_step(lambda t: network(t, inputs), theta)
    assert J.shape == (SAMPLES * network.outputs, network.size)
    assert near(J.dense(), by_steps, 1e-10)
    assert near(J.dense(), naive.jacobian_by_differences(lambda t: network(t, inputs), theta), 1e-7)
    last = linearize(network, theta, inputs[-1:]).dense()
    assert near(J.dense()[-network.outputs :], last, 1e-13)


@every_network
def test_every_verb_of_the_jacobian_agrees_with_its_matrix(network: Network) -> None:
    theta, inputs = place(network)
    J = linearize(network, theta, inputs)
    M = J.dense()
    assert near(J.gram(), M @ M.T, 1e-13)
    assert np.allclose(J.column_norms(), np.linalg.norm(M, axis=0), rtol=1e-13, atol=0)
    assert np.array_equal(J.column_norms() == 0, ~M.any(axis=0))
    assert np.array_equal(J.columns(np.arange(network.size)[::-2]), M[:, ::-2])
    parts = [M[:, own] for own in J.layer_slices.values()]
    assert near(np.hstack(parts), M, 1e-15)


@every_network
def test_one_pass_forward_and_one_backward_are_products_with_the_jacobian(network: Network) -> None:
    theta, inputs = place(network)
    J, rng = linearize(network, theta, inputs), stream(1, "directions")
    v, u = rng.standard_normal(network.size), rng.standard_normal((SAMPLES, *network.shapes[-1]))
    assert near(network.jvp(theta, inputs, v).ravel(), J @ v, 1e-12)
    assert near(network.vjp(theta, inputs, u), J.H @ u.ravel(), 1e-12)
    forward, backward = (
        float(u.ravel() @ network.jvp(theta, inputs, v).ravel()),
        float(network.vjp(theta, inputs, u) @ v),
    )
    assert abs(forward - backward) <= 1e-12 * np.linalg.norm(u) * np.linalg.norm(J @ v)


@every_network
def test_single_precision_stays_single_and_agrees_with_double(network: Network) -> None:
    theta, inputs = place(network, np.float32)
    J, wide = linearize(network, theta, inputs), linearize(network, theta.astype(float), inputs.astype(float))
    outputs = network(theta, inputs)
    tangent, cotangent = np.ones(network.size, np.float32), np.ones_like(outputs)
    arrays = outputs, J.dense(), J.gram(), J.column_norms(), J @ tangent, J.H @ cotangent.ravel()
    for array in (*arrays, network.jvp(theta, inputs, tangent), network.vjp(theta, inputs, cotangent)):
        assert array.dtype == np.float32
    assert J.dtype == np.float32
    assert near(J.dense(), wide.dense(), 1e-5)


@every_network
def test_a_start_is_named_by_its_stream(network: Network) -> None:
    theta = network.init(stream(3, "theta"))
    assert theta.shape == (network.size,)
    assert np.array_equal(theta, network.init(stream(3, "theta")))
    assert not np.array_equal(theta, network.init(stream(4, "theta")))


@every_network
def test_arrays_of_the_wrong_shape_are_refused(network: Network) -> None:
    theta, inputs = place(network)
    outputs = network(theta, inputs)
    for wrong in (theta[:-1], np.append(theta, 0), theta[:, None]):
        with pytest.raises(ValueError, match="theta has shape"):
            network(wrong, inputs)
        with pytest.raises(ValueError, match="tangent has shape"):
            network.jvp(theta, inputs, wrong)
    for wrong in (inputs[..., :-1], inputs[0], inputs[:0], inputs[None], np.float64(1)):
        with pytest.raises(ValueError, match="inputs have shape"):
            linearize(network, theta, wrong)
    for wrong in (outputs[:-1], outputs.ravel()[:-1], outputs[..., None]):
        with pytest.raises(ValueError, match="cotangent has shape"):
            network.vjp(theta, inputs, wrong)


@every_network
def test_numbers_that_are_not_finite_are_refused(network: Network) -> None:
    theta, inputs = place(network)
    sick_theta, sick_inputs = theta.copy(), inputs.copy()
    sick_theta[0], sick_inputs.flat[-1] = np.nan, np.inf
    with pytest.raises(ValueError, match="theta must be finite"):
        linearize(network, sick_theta, inputs)
    with pytest.raises(ValueError, match="inputs must be finite"):
        linearize(network, theta, sick_inputs)


def test_layers_that_do_not_fit_and_networks_without_parameters_are_refused() -> None:
    with pytest.raises(ValueError, match="vectors"):
        Network((2, 3), (Linear(3),))
    with pytest.raises(ValueError, match="no parameters"):
        Network((3,), (Tanh(),))
    with pytest.raises(ValueError, match="no parameters"):
        Network((3,), ())
    with pytest.raises(TypeError, match="layers"):
        Network((3,), (Linear,))
    with pytest.raises(ValueError, match="input_shape"):
        Network((0,), (Linear(2),))
    with pytest.raises(ValueError, match="width"):
        Linear(0)
    with pytest.raises(ValueError, match="'he', 'glorot', 'lecun', 'ntk'"):
        Linear(2, initialization="xavier")


@pytest.mark.parametrize("name", INITIALIZATIONS)
def test_weights_at_initialisation_have_the_variance_of_their_law(name: str) -> None:
    fan_in, width, draws = 40, 25, 60
    layer = Linear(width, initialization=name)
    weights = np.array([layer.init(stream(seed, "init"), (fan_in,)).reshape(width, -1) for seed in range(draws)])
    variance = {"he": 2 / fan_in, "glorot": 2 / (fan_in + width), "lecun": 1 / fan_in, "ntk": 1}[name]
    own, biases = weights[:, :, :-1], weights[:, :, -1]
    assert abs(own.mean()) <= 5 * (variance / own.size) ** 0.5
    assert abs(own.var() / variance - 1) <= 5 * (2 / own.size) ** 0.5
    if name == "ntk":
        assert abs(biases.var() - 1) <= 5 * (2 / biases.size) ** 0.5
    else:
        assert not biases.any()
    outputs = layer.forward(weights[0].ravel(), np.ones((1, fan_in)))
    scale = fan_in**-0.5 if name == "ntk" else 1
    assert near(outputs[0], scale * own[0].sum(axis=1) + biases[0], 1e-13)


@pytest.mark.parametrize("name", INITIALIZATIONS)
def test_the_scaling_symmetry_of_relu_gives_a_null_vector_for_each_hidden_neuron(name: str) -> None:
    network = Network((5,), (Linear(6, initialization=name), Relu(), Linear(3, initialization=name)))
    theta, inputs = place(network)
    J = linearize(network, theta, inputs)
    first, last = J.layer_slices.values()
    for neuron in range(6):
        inwards, outwards = np.zeros((6, 6)), np.zeros((3, 7))
        inwards[neuron] = theta[first].reshape(6, 6)[neuron]
        outwards[:, neuron] = -theta[last].reshape(3, 7)[:, neuron]
        v = np.concatenate([inwards.ravel(), outwards.ravel()])
        reach = np.abs(J.dense()) @ np.abs(v)
        assert np.abs(J @ v).max() <= 1e-12 * max(reach.max(), np.linalg.norm(v))


def test_the_jacobian_of_a_large_network_is_never_formed() -> None:
    network = Network((64,), (Linear(300), Tanh(), Linear(100), Tanh(), Linear(10)))
    inputs, theta = stream(0, "inputs").standard_normal((500, 64)), network.init(stream(0, "theta"))
    x, y = np.ones(network.size), np.ones(5000)
    limit = 64e6
    tracemalloc.start()
    try:
        J = linearize(network, theta, inputs)
        J @ x
        J.H @ y
        J.column_norms()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert J.nbytes < limit < J.nbytes_dense / 30
    assert peak < limit
