"""The inspection of a matrix on a terminal: a progress bar, two tables, and pictures if they are asked for."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from sparsecs.curves.statistical_dimension import StatisticalDimension
from sparsecs.geometry.isometry_bounds import IsometryBounds
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.guarantee_table import GuaranteeTable
from sparsecs.guarantees.guaranteed_sparsity import guaranteed_sparsity
from sparsecs.inspection import Finding, inspected
from sparsecs.operators.base import Operator
from sparsecs.operators.load_matrix import load_matrix

GEOMETRY = 0.6  # of the time goes to geometry, the rest to the theorems, which begin with what is known by then


def report(matrix: Path, name: str | None, seconds: float, orders: int, pictures: Path | None) -> None:
    """Print what is found out about a matrix within a time; pictures go to a folder."""
    console = Console(highlight=False)
    operator = load_matrix(matrix, name)
    findings: list[Finding] = []
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    start = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("geometry", total=None)
        stopped = False
        try:
            for done, steps, found in inspected(operator, GEOMETRY * seconds, orders):
                findings += found
                progress.update(task, total=steps + 1, completed=done, description=found[-1].name)
        except KeyboardInterrupt:  # between searches; within one, its bounds are kept
            stopped = True
        progress.update(task, description="theorems")
        stopped = stopped or any(one.interrupted for one in findings)
        facts = Measured(operator, 0.0 if stopped else max(0.0, seconds - (time.monotonic() - start)))
        for one in findings:
            if one.order and one.figure is not None:
                facts.learn(one.order, one.figure)
        table = guaranteed_sparsity(facts)
    if stopped:
        console.print("Interrupted from the keyboard; this is what was found until then.")
    console.print(_geometry(findings, matrix))
    console.print(_guarantees(table))
    for note in table.notes:
        console.print(note)
    if table.stopped and not stopped:
        console.print(f"Theorems stopped early: {table.stopped}.")
    console.print(_gaussian(operator))
    if pictures is not None:
        _draw(operator, [one.figure for one in findings], pictures, console)


def _geometry(findings: list[Finding], matrix: Path) -> Table:
    table = Table("figure", "value", "what it is", title=f"Geometry of {matrix}", title_justify="left")
    table.add_column("seconds", justify="right")
    for found in findings:
        table.add_row(found.name, found.value, found.standing, f"{found.seconds:.2f}")
    return table


def _guarantees(guaranteed: GuaranteeTable) -> Table:
    table = Table(title="What theorems guarantee: every signal with k nonzeros, the worst one included")
    rows = guaranteed.table()
    for head in rows[0] if rows else ():
        table.add_column(head, justify="right" if head == "k" else "left")
    for row in rows:
        table.add_row(*row.values())
    return table


def _gaussian(operator: Operator) -> str:
    m, n = operator.shape
    if m >= n:
        return "There are at least as many rows as columns: if the rank is n, least squares finds every signal."
    k = StatisticalDimension().finite_sparsity(m, n)
    return (
        f"These are worst cases. Of typical signals, basis pursuit finds half at k = {k:.1f} on a Gaussian matrix of this size; "
        "this matrix may do worse or better. Measure it with a sweep."
    )


def _draw(operator: Operator, figures: list[Any], folder: Path, console: Console) -> None:
    """Gram heat map, coherence histogram, isometry constants as they were found."""
    from sparsecs.geometry.coherence_profile import coherence_profile
    from sparsecs.geometry.welch_bound import welch_bound
    from sparsecs.plots.coherence_histogram import coherence_histogram
    from sparsecs.plots.gram_heat_map import gram_heat_map
    from sparsecs.plots.isometry_bounds_plot import isometry_bounds_plot
    from sparsecs.plots.save import save

    axes = {"gram": gram_heat_map(operator)}
    if np.count_nonzero(operator.column_norms()) > 1:
        axes["coherence"] = coherence_histogram(coherence_profile(operator), welch=welch_bound(*operator.shape))
    isometry = {found.k: found for found in figures if isinstance(found, IsometryBounds)}
    if isometry:
        axes["isometry"] = isometry_bounds_plot(list(isometry.values()))
    for name, ax in axes.items():
        png, svg = save(ax, folder / name)
        console.print(f"Picture: {png} and {svg}")
