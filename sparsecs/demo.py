"""First light: from the digits to a phase transition, the sentence of the package end to end.

A small network at initialisation is linearised on a sample of digits. Its Jacobian is looked at; then sparse parameter
changes are planted, in coordinates in which every column has unit norm, and three solvers look for them. A Gaussian matrix of
the same size is asked the same.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from sparsecs.core.randomness import stream
from sparsecs.curves.donoho_tanner import DonohoTanner
from sparsecs.curves.statistical_dimension import StatisticalDimension
from sparsecs.geometry.coherence import coherence
from sparsecs.geometry.identifiability import collinear_columns, dead_columns
from sparsecs.geometry.spectrum import numerical_rank
from sparsecs.guarantees.coherence_bound import CoherenceBound
from sparsecs.networks.inputs.digits import Digits
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.layers.relu import Relu
from sparsecs.networks.layers.tanh import Tanh
from sparsecs.networks.linearize import linearize
from sparsecs.networks.network import Network
from sparsecs.operators.jacobian import Jacobian
from sparsecs.plots.save import save
from sparsecs.plots.success_curves import success_curves
from sparsecs.prediction.predict import predict
from sparsecs.prediction.prediction import Prediction
from sparsecs.problems.ensembles.base import Ensemble
from sparsecs.problems.ensembles.gaussian import Gaussian
from sparsecs.problems.ensembles.random_network import RandomNetwork
from sparsecs.problems.signals.signs import Signs
from sparsecs.solvers.base import Solver
from sparsecs.solvers.basis_pursuit import BasisPursuit
from sparsecs.solvers.normalized_iht import NormalizedIHT
from sparsecs.solvers.omp import OMP
from sparsecs.sweeps.cell import grid
from sparsecs.sweeps.diagram import Diagram
from sparsecs.sweeps.run import run_all
from sparsecs.sweeps.store import Store
from sparsecs.sweeps.sweep import Sweep
from sparsecs.sweeps.transition import Transition
from sparsecs.trials.recovery import Recovery

WIDTH, OUTPUTS = 4, 3
SOLVERS: dict[str, Solver] = {"OMP": OMP(), "NormalizedIHT": NormalizedIHT(), "BasisPursuit": BasisPursuit()}
PROBES = 40  # trials for a prediction, or twice as many as a cell has if these are few
GROWTH, REACH = 1.2, 1.3  # the sparsities grow by a fifth each, up to 1.3 times the theory's value


def first_light(trials: int, samples: int, seed: int, folder: Path, workers: int) -> None:
    """Run the demonstration and print what it finds; pictures and trials go to ``folder``."""
    console = Console(highlight=False)
    start = perf_counter()
    pixels = Digits().shape[0]
    dead = ", ".join(map(str, Digits().dead_pixels))
    console.print(f"The digits: 1797 images of 64 pixels. Pixels {dead} are the same in all of them and are dropped.")
    ensembles = {
        f"{type(activation).__name__.lower()} network": RandomNetwork(
            Network((pixels,), (Linear(WIDTH), activation, Linear(OUTPUTS))), Digits(), seed=seed, distinct=True
        )
        for activation in (Tanh(), Relu())
    }
    m = samples * OUTPUTS
    console.print(_looked_at(ensembles, m, seed))
    console.print(_large_network(seed))
    sizes = {label: ensemble.unknowns(m) for label, ensemble in ensembles.items()}
    sizes = {"Gaussian": max(sizes.values()), **sizes}
    everything: dict[str, Ensemble] = {"Gaussian": Gaussian(), **ensembles}
    sweeps = _sweeps(everything, sizes, m, trials, seed)
    store = Store(folder / "trials.jsonl")
    predictions = {
        (label, solver): predict(
            ensemble.draw(m, sizes[label], stream(seed, "predicted")),
            solver=method,
            probes=min(PROBES, 2 * trials),
            seed=seed,
        )
        for label, ensemble in everything.items()
        for solver, method in SOLVERS.items()
    }
    found = run_all(tuple(sweeps.values()), store, workers=workers, progress=True)
    diagrams = dict(zip(sweeps, found, strict=True))
    console.print(_transitions(diagrams, predictions, sizes, m))
    console.print(_control(diagrams["Gaussian", "BasisPursuit"].transition("k"), m, sizes["Gaussian"]))
    png, svg = save(_picture(diagrams, predictions, sizes, m), folder / "success_curves")
    console.print(f"Trials: {store.path}. Took {perf_counter() - start:.0f} s with {workers} workers.")
    print(f"Picture: {png} and {svg}")


def _jacobian(ensemble: RandomNetwork, m: int, seed: int) -> Jacobian:
    """The Jacobian that the ensemble draws, before columns are dropped or scaled."""
    rng = stream(seed, "network")
    theta = ensemble.network.init(rng)
    return linearize(ensemble.network, theta, ensemble.inputs.draw(m // OUTPUTS, ensemble.network.input_shape, rng))


def _looked_at(ensembles: dict[str, RandomNetwork], m: int, seed: int) -> Table:
    """A table of what the Jacobians measure."""
    table = Table("what the Jacobian measures", title="At initialisation, on a sample of the digits")
    columns = []
    for label, ensemble in ensembles.items():
        table.add_column(label, justify="right")
        columns.append(_facts(_jacobian(ensemble, m, seed), ensemble, m))
    for fact in columns[0]:
        table.add_row(fact, *(column[fact] for column in columns))
    table.caption = "The coherence guarantee is a worst case over all supports; see below for what really happens."
    return table


def _facts(J: Jacobian, ensemble: RandomNetwork, m: int) -> dict[str, str]:
    kept = ensemble.draw(m, ensemble.unknowns(m), stream(0, "not used"))
    classes, norms = collinear_columns(J), J.column_norms()
    facts = {
        "rows × columns (m × n)": f"{J.shape[0]} × {J.shape[1]}",
        "numerical rank": str(numerical_rank(J)),
        "dead columns": str(dead_columns(J).size),
        "collinear classes (columns in them)": f"{len(classes)} ({sum(found.size for found in classes)})",
        "columns kept: one of each direction": str(kept.shape[1]),
    }
    for name, columns in J.layer_slices.items():
        live = norms[columns][norms[columns] > 0]
        facts[f"column norms, layer {name}"] = f"{live.min():.2g} to {live.max():.2g}" if live.size else "all zero"
    facts["coherence of the kept columns"] = f"{coherence(kept):.6f}"
    facts["so OMP and BP are guaranteed for k up to"] = str(CoherenceBound().sparsity(kept))
    facts["memory, dense / as held"] = f"{J.nbytes_dense / 1e3:.0f} kB / {J.nbytes / 1e3:.0f} kB"
    return facts


def _large_network(seed: int) -> str:
    """What the matrix-free form is for."""
    network = Network(Digits().shape, (Linear(300), Tanh(), Linear(100), Tanh(), Linear(10)))
    inputs = Digits().draw(500, network.input_shape, stream(seed, "large sample"))
    J = linearize(network, network.init(stream(seed, "large network")), inputs)
    y = np.ones(J.shape[0])
    times = []
    for _ in range(5):
        start = perf_counter()
        _ = J.H @ y
        times.append(perf_counter() - start)
    return (
        f"A 61-300-100-10 network on 500 digits has a Jacobian of {J.shape[0]} × {J.shape[1]}: {J.nbytes_dense / 1e9:.2f} GB "
        f"dense, {J.nbytes / 1e6:.0f} MB as held, and A.H @ y takes {1e3 * min(times):.1f} ms."
    )


def _sparsities(limit: float) -> list[int]:
    """Sparsities from 1 up to a limit, each a fifth more than the one before."""
    values, k = [1], 1.0
    while k < limit:
        k = max(k * GROWTH, k + 1)
        values.append(min(round(k), int(limit)))
    return sorted(set(values))


def _sweeps(
    ensembles: dict[str, Any], sizes: dict[str, int], m: int, trials: int, seed: int
) -> dict[tuple[str, str], Sweep]:
    sweeps = {}
    for matrix, ensemble in ensembles.items():
        n = sizes[matrix]
        limit = max(2.0, min(REACH * DonohoTanner().k(min(m, n), n), min(m, n) - 1))
        for solver, method in SOLVERS.items():
            cells = grid(n=n, m=m, k=_sparsities(limit))
            sweeps[matrix, solver] = Sweep(Recovery(ensemble, Signs(), method), cells, trials, seed)
    return sweeps


def _transitions(
    diagrams: dict[tuple[str, str], Diagram],
    predictions: dict[tuple[str, str], Prediction],
    sizes: dict[str, int],
    m: int,
) -> Table:
    table = Table("matrix", "solver", title=f"k at which half of the planted ±1 signals are found, m = {m}")
    table.add_column("measured k", justify="right")
    table.add_column("predicted k", justify="right")
    table.add_column("Donoho–Tanner k", justify="right")
    for (matrix, solver), diagram in diagrams.items():
        first, last = solver == next(iter(SOLVERS)), solver == list(SOLVERS)[-1]
        fit, n = diagram.transition("k"), sizes[matrix]
        theory = f"{DonohoTanner().k(min(m, n), n):.1f}"
        expected = predictions[matrix, solver]
        ours = f"{expected.k50:.1f}{'' if expected.trusted else ' ?'}"
        table.add_row(matrix if first else "", solver, _told(fit), ours, theory, end_section=last)
    made, swept = (
        sum(one.solves for one in predictions.values()),
        sum(diagram.sweep.tosses for diagram in diagrams.values()),
    )
    table.caption = (
        f"Predictions come from the matrix itself and {made} trials in all; the sweeps took {swept}. A ? marks "
        "those that their own verdict does not trust. Donoho–Tanner speaks of l1 on a Gaussian matrix of the same size, as n "
        "grows. ± is half the width of a 95 % profile likelihood interval of a logistic fit, over 1.96."
    )
    return table


def _told(fit: Transition) -> str:
    if not np.isfinite([fit.value, fit.lower, fit.upper]).all():
        return f"{max(fit.lower, 0):.1f} to {fit.upper:.1f}"
    return f"{fit.value:.1f} ± {fit.error:.1f}"


def _control(fit: Transition, m: int, n: int) -> str:
    if not np.isfinite([fit.value, fit.lower, fit.upper]).all():
        return "Control: these few trials do not show where the Gaussian matrix turns; ask for more with --trials."
    if m >= n:
        return "There are as many measurements as unknowns, so theory says that every signal is found."
    expected = StatisticalDimension().finite_sparsity(m, n)
    lands = "inside" if fit.lower <= expected <= fit.upper else "outside"
    return (
        f"Control: the 50 % point of basis pursuit on the Gaussian {m} × {n} matrix lies between {fit.lower:.1f} and "
        f"{fit.upper:.1f}; theory with its finite-size correction says {expected:.1f}, {lands} that interval."
    )


def _picture(
    diagrams: dict[tuple[str, str], Diagram],
    predictions: dict[tuple[str, str], Prediction],
    sizes: dict[str, int],
    m: int,
) -> Any:
    """A panel for each matrix: success curves of all solvers, and what was expected of basis pursuit."""
    import matplotlib.pyplot as plt

    count = len(sizes)
    figure, panels = plt.subplots(1, count, figsize=(4.2 * count, 3.8), layout="constrained", sharey=True)
    for ax, (matrix, n) in zip(panels, sizes.items(), strict=True):
        mine = {solver: diagrams[matrix, solver] for solver in SOLVERS}
        expected = {
            "Donoho–Tanner": DonohoTanner().k(min(m, n), n),
            "predicted": predictions[matrix, "BasisPursuit"].k50,
        }
        success_curves(mine, theory=expected, ax=ax)
        ax.set_title(f"{matrix}, {m} × {n}")
    return figure
