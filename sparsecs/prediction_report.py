"""A prediction on a terminal: the curve, simpler rules, the verdict, and trials beside it if they are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from sparsecs.core.checks import quote, whole_number
from sparsecs.core.family import member
from sparsecs.networks.inputs.base import Inputs
from sparsecs.networks.inputs.digits import Digits
from sparsecs.networks.inputs.gaussian import GaussianInputs
from sparsecs.networks.layers.base import Layer
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.layers.relu import Relu
from sparsecs.networks.layers.tanh import Tanh
from sparsecs.networks.network import Network
from sparsecs.operators.load_matrix import load_matrix
from sparsecs.prediction.predict import predict
from sparsecs.prediction.prediction import Prediction
from sparsecs.prediction.verification import Verification
from sparsecs.prediction.verify import verify
from sparsecs.problems.supports.base import Support
from sparsecs.problems.supports.layer_support import LayerSupport
from sparsecs.problems.supports.neuron_support import NeuronSupport
from sparsecs.problems.supports.uniform_support import UniformSupport
from sparsecs.solvers.base import Solver

ACTIVATIONS: dict[str, type[Layer]] = {"tanh": Tanh, "relu": Relu}
DATA: dict[str, type[Inputs]] = {"digits": Digits, "gaussian": GaussianInputs}
SUPPORTS: dict[str, type[Support]] = {"uniform": UniformSupport, "layers": LayerSupport, "neurons": NeuronSupport}
PIXELS = 64  # of a digit, before the dead ones are dropped


def architecture(text: str, activation: str, inputs: Inputs) -> Network:
    """The network that a string such as 64-32-10 names.

    Raises
    ------
    ValueError
        If it is not at least two whole numbers, or does not fit the data.

    Examples
    --------
    >>> from sparsecs import GaussianInputs
    >>> from sparsecs.prediction_report import architecture
    >>> architecture("5-4-2", "tanh", GaussianInputs()).size
    34
    """
    parts = text.split("-")
    if len(parts) < 2 or not all(part.isdecimal() for part in parts):
        raise ValueError(f"--network takes sizes from input to output, such as 64-32-10; got {quote(text)}.")
    first, *widths = (whole_number(int(part), "a size in --network", 1) for part in parts)
    if isinstance(inputs, Digits):
        live = inputs.shape[0]
        if first not in (PIXELS, live):
            raise ValueError(
                f"The digits have {PIXELS} pixels, of which {live} vary; --network begins with {first}. Use {PIXELS}-..."
            )
        first = live
    layers: list[Layer] = []
    for width in widths:
        layers += [Linear(width), ACTIVATIONS[activation]()]
    return Network((first,), tuple(layers[:-1]))


def report(asked: dict[str, Any], picture: Path | None) -> None:
    """Print the prediction for what the command line asked, and hold it against trials if it asked for that."""
    console = Console(highlight=False)
    question: dict[str, Any] = {}
    if asked["matrix"] is not None:
        subject: Any = load_matrix(asked["matrix"], asked["name"])
        question["normalize"] = asked["normalize"] or False
        question["distinct"] = asked["distinct"] or False
    else:
        inputs = DATA[asked["data"]]()
        subject = architecture(asked["network"], asked["activation"], inputs)
        if isinstance(inputs, Digits) and asked["network"].startswith(f"{PIXELS}-"):
            console.print(
                f"Pixels {', '.join(map(str, inputs.dead_pixels))} are the same in all digits and are dropped."
            )
        question = {"samples": asked["samples"], "inputs": inputs}
        question["normalize"], question["distinct"] = asked["normalize"], asked["distinct"]
    solver: Solver = member(asked["solver"], "sparsecs.solvers", Solver)()
    prediction = predict(
        subject,
        support=SUPPORTS[asked["support"]](),
        solver=solver,
        probes=asked["probes"],
        seconds=asked["seconds"],
        seed=asked["seed"],
        progress=True,
        **question,
    )
    told(prediction, console)
    measured = None
    if asked["verify"]:
        measured = verify(prediction, progress=True, seconds=asked["seconds"], seed=asked["seed"] + 1)
        compared(measured, console)
    if picture is not None:
        draw(prediction, measured, picture, console)


def told(prediction: Prediction, console: Console) -> None:
    """Print the prediction, the simpler rules and the verdict."""
    m, n = prediction.shape
    console.print(f"{prediction.matrix}: {m} × {n}, rank {prediction.rank}, {prediction.kept} distinct directions.")
    table = Table(title=f"Predicted for {prediction.solver}, {prediction.support}", title_justify="left")
    for head in ("success", "k", "95 % interval"):
        table.add_column(head, justify="right")
    for row in prediction.rows:
        table.add_row(f"{row['success']:.0%}", f"{row['k']:.1f}", f"{row['lower']:.1f} to {row['upper']:.1f}")
    console.print(table)
    rules = Table("simpler rules", title="Half of the signals are found at", title_justify="left")
    rules.add_column("k", justify="right")
    for name, k in prediction.baselines.items():
        rules.add_row(name, f"{k:.1f}")
    console.print(rules)
    console.print(prediction.method)
    console.print(prediction.verdict)
    console.print(f"Took {prediction.seconds:.2f} s and {prediction.solves} solves.")


def compared(measured: Verification, console: Console) -> None:
    """Print the counts beside what was predicted for them."""
    table = Table(title="Trials that the prediction has not seen", title_justify="left")
    for head in ("k", "found", "rate", "95 % interval", "predicted", "95 % band"):
        table.add_column(head, justify="right")
    for row in measured.rows:
        table.add_row(
            str(row["k"]),
            f"{row['successes']} of {row['trials']}",
            f"{row['rate']:.2f}",
            f"{row['rate_lower']:.2f} to {row['rate_upper']:.2f}",
            f"{row['predicted']:.2f}",
            f"{row['predicted_lower']:.2f} to {row['predicted_upper']:.2f}",
        )
    console.print(table)
    for line in str(measured).splitlines()[1 + len(measured.rows) :]:
        console.print(line)


def draw(prediction: Prediction, measured: Verification | None, picture: Path, console: Console) -> None:
    """Save the picture of both."""
    from sparsecs.plots.prediction_band import prediction_band
    from sparsecs.plots.save import save

    ax = prediction_band(prediction, measured)
    ax.set_title(f"{prediction.solver}, {prediction.shape[0]} × {prediction.shape[1]}")
    png, svg = save(ax, picture)
    console.print(f"Picture: {png} and {svg}")
