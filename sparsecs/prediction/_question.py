"""What is asked of a prediction: a matrix, or a network that is linearised first."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of, whole_number
from sparsecs.core.randomness import stream
from sparsecs.geometry.identifiability import distinct_columns
from sparsecs.networks.inputs.base import Inputs
from sparsecs.networks.inputs.gaussian import GaussianInputs
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.network import Network
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator
from sparsecs.operators.scaled import normalized
from sparsecs.operators.selected import Selected
from sparsecs.problems.ensembles.random_network import RandomNetwork


def question(
    A: Any, samples: int | None, inputs: Inputs | None, normalize: bool | None, distinct: bool | None, seed: int
) -> tuple[Operator, str]:
    """The operator that is asked about, and what it is in words.

    Raises
    ------
    TypeError, ValueError
        If a network comes without a number of samples, or a matrix with one.
    """
    if not isinstance(A, Network | RandomNetwork):
        if samples is not None or inputs is not None:
            raise TypeError(
                "samples and inputs belong to a Network or a RandomNetwork; a matrix has its rows already. Leave them out."
            )
        operator = as_operator(A)
        _finite(operator)
        words = f"{type(operator).__name__} {operator.shape[0]} × {operator.shape[1]}"
        return _prepared(operator, bool(normalize), bool(distinct)), words
    if samples is None:
        raise TypeError("A network needs samples=, the number of inputs that it is linearised on, such as samples=50.")
    whole_number(samples, "samples", 1)
    if isinstance(A, Network):
        if inputs is not None:
            a_kind_of(inputs, Inputs, "inputs", "GaussianInputs()")
        A = RandomNetwork(A, inputs or GaussianInputs(), normalize is not False, seed, distinct is not False)
        normalize = distinct = None
    elif inputs is not None:
        raise TypeError("A RandomNetwork has its inputs already; leave inputs= out.")
    rows = samples * A.network.outputs
    operator = A.draw(rows, A.unknowns(rows), stream(seed, "operator"))
    words = f"Jacobian of {_named(A.network)} on {samples} samples of {A.inputs}"
    return _prepared(operator, bool(normalize), bool(distinct)), words


def _prepared(operator: Operator, normalize: bool, distinct: bool) -> Operator:
    if distinct:
        kept = distinct_columns(operator)
        if kept.size == 0:
            raise ValueError("All columns are zero; no column is left. Draw other parameters or inputs.")
        if kept.size < operator.shape[1]:
            operator = Selected(operator, kept)
    return normalized(operator) if normalize else operator


def _finite(operator: Operator) -> None:
    if not np.isfinite(operator.column_norms()).all():
        raise ValueError("A must be finite; some columns hold NaN or infinity. Remove or replace them first.")


def _named(network: Network) -> str:
    """A plain network as 64-32-10 with its activations, any other as it prints."""
    linear = [layer for layer in network.layers if isinstance(layer, Linear)]
    others = {type(layer).__name__.lower() for layer in network.layers if not isinstance(layer, Linear)}
    plain = len(network.input_shape) == 1 and all(
        hasattr(layer, "width") or not layer.size((1,)) for layer in network.layers
    )
    if not (linear and plain):
        return str(network)
    sizes = "-".join(map(str, [network.input_shape[0], *(layer.width for layer in linear)]))
    return f"a {sizes} network" + (f" with {' and '.join(sorted(others))}" if others else "")
