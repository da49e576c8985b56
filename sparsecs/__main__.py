"""The command line: ``sparsecs`` or ``python -m sparsecs``."""

from __future__ import annotations

import contextlib
import csv
import importlib
import importlib.util
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from sparsecs.core.family import members
from sparsecs.curves.base import Curve
from sparsecs.denoisers.base import Denoiser
from sparsecs.guarantees.base import Guarantee
from sparsecs.losses.base import Loss
from sparsecs.networks.inputs.base import Inputs
from sparsecs.networks.layers.base import Layer
from sparsecs.penalties.base import Penalty
from sparsecs.problems.ensembles.base import Ensemble
from sparsecs.problems.signals.base import Signal
from sparsecs.problems.supports.base import Support
from sparsecs.solvers.base import Solver
from sparsecs.sweeps.diagram import Diagram
from sparsecs.sweeps.pool import available_cores
from sparsecs.sweeps.run import run_all
from sparsecs.sweeps.store import Store
from sparsecs.sweeps.sweep import Sweep

FAMILIES: dict[str, tuple[str, type]] = {
    "layers": ("sparsecs.networks.layers", Layer),
    "inputs": ("sparsecs.networks.inputs", Inputs),
    "ensembles": ("sparsecs.problems.ensembles", Ensemble),
    "signals": ("sparsecs.problems.signals", Signal),
    "supports": ("sparsecs.problems.supports", Support),
    "losses": ("sparsecs.losses", Loss),
    "penalties": ("sparsecs.penalties", Penalty),
    "denoisers": ("sparsecs.denoisers", Denoiser),
    "solvers": ("sparsecs.solvers", Solver),
    "curves": ("sparsecs.curves", Curve),
    "guarantees": ("sparsecs.guarantees", Guarantee),
}

workers_option = click.option(
    "--workers", type=click.IntRange(min=1), default=None, help="Processes to use. Default: all cores."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sparsecs")
def main() -> None:
    """Compressed sensing and sparse recovery: when can a sparse subnetwork be found?

    \b
    sparsecs demo                                       the whole story on real data, in about a minute
    sparsecs list solvers                               what there is
    sparsecs inspect A.npy                              geometry of a matrix, and what theorems guarantee for it
    sparsecs predict --network 64-32-10 --samples 50    how sparse a ticket must be to be recoverable
    sparsecs run experiments/donoho_tanner_gaussian.py  an experiment, from where it was left
    """


@main.command()
@click.option("--trials", type=click.IntRange(min=1), default=20, show_default=True, help="Trials at each sparsity.")
@click.option("--samples", type=click.IntRange(min=5), default=40, show_default=True, help="Digits to linearise on.")
@click.option("--seed", type=int, default=0, show_default=True, help="Names the network, the sample and all trials.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("first_light"), show_default=True, help="Folder.")
@workers_option
def demo(trials: int, samples: int, seed: int, out: Path, workers: int | None) -> None:
    """From the digits to a phase transition: the main job, on real data.

    Trials are kept in OUT/trials.jsonl, so a second call with the same options computes nothing, and one that was stopped
    goes on.
    """
    with told_plainly(out / "trials.jsonl"):
        from sparsecs.demo import first_light

        first_light(trials, samples, seed, out, workers or available_cores())


@main.command("list")
@click.argument("family", type=click.Choice(list(FAMILIES)), metavar="FAMILY")
def list_members(family: str) -> None:
    """What there is: the members of a family, with a line on each.

    FAMILY is one of layers, inputs, ensembles, signals, supports, losses, penalties, denoisers,
    solvers, curves, guarantees.
    """
    package, base = FAMILIES[family]
    found = members(package, base)
    width = max(map(len, found))
    for name, cls in found.items():
        click.echo(f"{name:<{width}}  {(cls.__doc__ or '').strip().splitlines()[0]}")


@main.command("inspect")
@click.argument("matrix", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", default=None, help="Which variable of a .npz or .mat file with several matrices.")
@click.option(
    "--seconds", type=click.FloatRange(min=0), default=30.0, show_default=True, help="Time for all searches together."
)
@click.option("--orders", type=click.IntRange(min=1), default=4, show_default=True, help="Constants up to this order.")
@click.option("--pictures", type=click.Path(path_type=Path), default=None, help="Folder for pictures. Default: none.")
def inspect_matrix(matrix: Path, name: str | None, seconds: float, orders: int, pictures: Path | None) -> None:
    """The geometry of a matrix and what theorems guarantee for it, as a table.

    MATRIX is a .npy, .npz (arrays or SciPy sparse), .mat or .csv file. Every figure says whether it is exact or lies between
    bounds. Ctrl-C ends the search that is running and prints what was found so far.
    """
    with told_plainly():
        from sparsecs.inspection_report import report

        report(matrix, name, seconds, orders, pictures)


@main.command("predict")
@click.argument("matrix", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--name", default=None, help="Which variable of a .npz or .mat file with several matrices.")
@click.option("--network", default=None, help="Instead of a matrix: sizes from input to output, such as 64-32-10.")
@click.option("--activation", type=click.Choice(["tanh", "relu"]), default="tanh", show_default=True)
@click.option("--data", type=click.Choice(["digits", "gaussian"]), default="digits", show_default=True)
@click.option("--samples", type=click.IntRange(min=1), default=50, show_default=True, help="Inputs to linearise on.")
@click.option(
    "--support",
    type=click.Choice(["uniform", "layers", "neurons"]),
    default="uniform",
    show_default=True,
    help="Where the nonzeros lie: anywhere, in all layers alike, or in two hidden neurons.",
)
@click.option("--solver", default="BasisPursuit", show_default=True, help="See sparsecs list solvers.")
@click.option("--probes", type=click.IntRange(min=0), default=40, show_default=True, help="Trials; 0 is theory alone.")
@click.option("--normalize/--raw", default=None, help="Unit columns first. Default: for networks yes, for a matrix no.")
@click.option("--distinct/--all", default=None, help="One column of each direction. Default: for networks.")
@click.option("--verify", is_flag=True, help="Run the sweep that the prediction replaces, beside it.")
@click.option("--seconds", type=click.FloatRange(min=0), default=None, help="When to end the trials. Default: never.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Names the network and all trials."
)
@click.option(
    "--picture", type=click.Path(path_type=Path), default=None, help="Picture, without an ending. Default: none."
)
def predict_sparsity(matrix: Path | None, picture: Path | None, **asked: Any) -> None:
    """How sparse a signal, or a ticket, must be to be recovered: for a MATRIX in a file, or for a network.

    \b
    sparsecs predict A.npy --verify
    sparsecs predict --network 64-32-10 --activation tanh --data digits --samples 50
    sparsecs predict --network 20-16-1 --data gaussian --solver OMP --picture omp

    Prints the success curve, what simpler rules say, and whether to trust it. MATRIX is a .npy, .npz, .mat or .csv file.
    Ctrl-C ends the trials; what they told until then is used.
    """
    with told_plainly():
        if (matrix is None) == (asked["network"] is None):
            raise ValueError("Give a matrix file or --network, and not both: sparsecs predict --network 64-32-10.")
        from sparsecs.prediction_report import report

        report({"matrix": matrix, **asked}, picture)


@main.command("run")
@click.argument("experiment", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--store", type=click.Path(path_type=Path), default=None, help="Default: data/NAME.jsonl.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Picture, without an ending. Default: pictures/NAME."
)
@workers_option
def run_experiment(experiment: Path, store: Path | None, out: Path | None, workers: int | None) -> None:
    """Run an experiment: a Python file with a SWEEP (or a dict of them), and if it likes a figure, a report and a table.

    \b
    SWEEP = Sweep(...)              or {"label": Sweep(...), ...}
    def figure(diagrams): ...       the axes or figure to save
    def report(diagrams): ...       text to print
    def table(diagrams): ...        rows, as dicts with the same keys, to keep beside the store as .csv

    What the store holds already is not computed again.
    """
    store = store or Path("data") / f"{experiment.stem}.jsonl"
    with told_plainly(store):
        module = _loaded(experiment)
        sweeps = _sweeps(module, experiment)
        found = run_all(tuple(sweeps.values()), Store(store), workers=workers or available_cores(), progress=True)
        diagrams = dict(zip(sweeps, found, strict=True))
        if hasattr(module, "report"):
            click.echo(module.report(diagrams))
        click.echo(f"Trials: {store}")
        if hasattr(module, "table"):
            click.echo(f"Table: {_table(module.table(diagrams), experiment, store.with_suffix('.csv'))}")
        _picture(module, diagrams, out or Path("pictures") / experiment.stem)


def _loaded(experiment: Path) -> ModuleType:
    """The experiment as a module that worker processes can import too; its folder comes last on the path."""
    if not experiment.stem.isidentifier() or experiment.suffix != ".py":
        raise ValueError(f"{experiment} is not a Python file that can be imported; name it like my_experiment.py.")
    if experiment.stem in sys.modules or importlib.util.find_spec(experiment.stem):
        raise ValueError(f"{experiment} is named like a module that is there already, {experiment.stem}. Rename it.")
    sys.path.append(str(experiment.resolve().parent))
    return importlib.import_module(experiment.stem)


def _sweeps(module: ModuleType, experiment: Path) -> dict[str, Sweep]:
    given = getattr(module, "SWEEP", None)
    sweeps: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {experiment.stem: given}
    if not sweeps or not all(isinstance(sweep, Sweep) for sweep in sweeps.values()):
        raise ValueError(
            f"{experiment} has no SWEEP to run: it must set SWEEP to a Sweep, or to a dict of labels and Sweeps; "
            f"SWEEP is {type(given).__name__}."
        )
    return sweeps


def _table(rows: list[dict[str, Any]], experiment: Path, file: Path) -> Path:
    """Rows as comma-separated values, under a line that says what made them."""
    from importlib.metadata import version

    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as out:
        out.write(f"# Made by: sparsecs run {experiment.as_posix()} (sparsecs {version('sparsecs')})\n")
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return file


def _picture(module: ModuleType, diagrams: dict[str, Diagram], out: Path) -> None:
    from sparsecs.plots.save import save

    picture: Any = module.figure(diagrams) if hasattr(module, "figure") else _usual_picture(diagrams)
    if picture is None:
        raise TypeError("figure(diagrams) returned None; it must return the axes or the figure to save.")
    png, svg = save(picture, out)
    click.echo(f"Picture: {png} and {svg}")


def _usual_picture(diagrams: dict[str, Diagram]) -> Any:
    """A phase diagram where m and k both vary, else success along the first axis that varies."""
    from sparsecs.plots.phase_diagram import phase_diagram
    from sparsecs.plots.success_curves import success_curves

    first = next(iter(diagrams.values()))
    axes: dict[str, set[float]] = {}
    for cell in first.tallies:
        for name, value in cell.values:
            axes.setdefault(name, set()).add(value)
    varying = [name for name, values in axes.items() if len(values) > 1] or list(axes)
    if set(varying) == {"m", "k"} and "n" in axes:
        return phase_diagram(first)
    return success_curves(diagrams, axis=varying[0])


@contextlib.contextmanager
def told_plainly(store: Path | None = None) -> Iterator[None]:
    """Errors as one sentence, and what is kept when somebody presses Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        kept = f" What was computed is kept in {store}; the same command goes on from there." if store else ""
        click.echo(f"\nStopped.{kept}", err=True)
        raise SystemExit(130) from None
    except Exception as error:
        notes = "".join(f"\n{note}" for note in getattr(error, "__notes__", ()))
        if isinstance(error, (ValueError, TypeError, OSError, ImportError, MemoryError)) and str(error):
            raise click.ClickException(f"{error}{notes}") from error
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{frame.filename}, line {frame.lineno}"
        raise click.ClickException(f"{type(error).__name__}: {error}, in {where}{notes}") from error


if __name__ == "__main__":
    main(prog_name="sparsecs")
