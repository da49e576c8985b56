"""Networks and their Jacobians beside those of torch, where it is installed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sparsecs import Linear, Network, Relu, Tanh, linearize

torch = pytest.importorskip("torch")

NETWORKS = {
    "tanh": Network((5,), (Linear(7), Tanh(), Linear(4), Tanh(), Linear(3))),
    "relu": Network((6,), (Linear(9), Relu(), Linear(2))),
    "no bias": Network((4,), (Linear(5, bias=False), Tanh(), Linear(2, bias=False))),
    "ntk": Network((5,), (Linear(8, initialization="ntk"), Relu(), Linear(3, initialization="ntk"))),
    "one layer": Network((3,), (Linear(2),)),
}
networks = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS.keys())


def twin(network: Network, theta: Any, inputs: Any) -> Any:
    """The network in torch, as a function of the flat vector: neuron by neuron, its weights and then its bias."""
    start, out = 0, inputs
    for layer in network.layers:
        if isinstance(layer, Linear):
            fan_in = out.shape[-1]
            size = layer.width * (fan_in + layer.bias)
            table = theta[start : start + size].reshape(layer.width, fan_in + layer.bias)
            start += size
            scale = fan_in**-0.5 if layer.initialization == "ntk" else 1.0
            bias = table[:, fan_in] if layer.bias else None
            out = torch.nn.functional.linear(scale * out, table[:, :fan_in], bias)
        else:
            out = torch.relu(out) if isinstance(layer, Relu) else torch.tanh(out)
    return out


def draw(network: Network, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(network.size), rng.standard_normal((6, *network.input_shape))


@networks
@pytest.mark.parametrize("seed", range(3))
def test_outputs_are_those_of_torch(network: Network, seed: int) -> None:
    theta, inputs = draw(network, seed)
    theirs = twin(network, torch.from_numpy(theta), torch.from_numpy(inputs)).numpy()
    assert np.allclose(network(theta, inputs), theirs, rtol=1e-12, atol=1e-12)


@networks
@pytest.mark.parametrize("seed", range(3))
def test_the_jacobian_is_that_of_torch(network: Network, seed: int) -> None:
    theta, inputs = draw(network, seed)
    fixed = torch.from_numpy(inputs)
    theirs = torch.func.jacrev(lambda flat: twin(network, flat, fixed).reshape(-1))(torch.from_numpy(theta)).numpy()
    own = linearize(network, theta, inputs).dense()
    assert own.shape == theirs.shape
    assert np.allclose(own, theirs, rtol=1e-11, atol=1e-12)


@networks
def test_products_by_a_pass_are_those_of_torch(network: Network) -> None:
    theta, inputs = draw(network, 7)
    rng = np.random.default_rng(8)
    v, u = rng.standard_normal(network.size), rng.standard_normal((6, network.outputs))
    flat = torch.from_numpy(theta).requires_grad_()
    outputs = twin(network, flat, torch.from_numpy(inputs))
    pulled = torch.autograd.grad(outputs, flat, torch.from_numpy(u), retain_graph=True)[0].numpy()
    rows = [torch.autograd.grad(entry, flat, retain_graph=True)[0].numpy() for entry in outputs.ravel()]
    assert np.allclose(network.jvp(theta, inputs, v).ravel(), np.stack(rows) @ v, rtol=1e-11, atol=1e-12)
    assert np.allclose(network.vjp(theta, inputs, u), pulled, rtol=1e-11, atol=1e-12)


def test_a_layer_holds_what_a_torch_layer_holds_neuron_by_neuron() -> None:
    layer = torch.nn.Linear(5, 3).double()
    weight, bias = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    inputs = np.random.default_rng(0).standard_normal((4, 5))
    own = Network((5,), (Linear(3),))(np.column_stack([weight, bias]).ravel(), inputs)
    assert np.allclose(own, layer(torch.from_numpy(inputs)).detach().numpy(), rtol=1e-13, atol=1e-13)
