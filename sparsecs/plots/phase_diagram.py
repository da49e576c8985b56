"""The phase diagram: success rates over delta = m/n and rho = k/m, with theory on top."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of
from sparsecs.curves.base import Curve
from sparsecs.plots._style import COLOURS, axes_or_new
from sparsecs.sweeps.diagram import Diagram


def phase_diagram(
    diagram: Diagram | None = None, curves: Sequence[Curve] | Curve = (), fit: str | None = "logit", ax: Any = None
) -> Any:
    """Success rates of a sweep over cells (n, m, k), as tiles from black (none) to white (all); blue is not measured.

    Parameters
    ----------
    diagram : Diagram, optional
        All cells with the same n; without it only the curves are drawn.
    curves : Curve or sequence of Curve
        Theory, as lines.
    fit : {"logit", "probit"} or None
        Mark the fitted 50 % point of each column with its 95 % interval.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If the cells have more than one n.

    Examples
    --------
    >>> from sparsecs import OMP, DonohoTanner, Gaussian, Recovery, Signs, Sweep, phase_diagram, phase_grid, run
    >>> sweep = Sweep(Recovery(Gaussian(), Signs(), OMP()), phase_grid(40, [0.3, 0.6], [0.1, 0.3, 0.5]), repeats=4)
    >>> phase_diagram(run(sweep), curves=[DonohoTanner()]).get_ylabel()
    'ρ = k/m'
    """
    curves = list(curves) if np.iterable(curves) else [curves]
    for curve in curves:
        a_kind_of(curve, Curve, "every one of curves", "DonohoTanner()")
    ax = axes_or_new(ax)
    if diagram is not None:
        a_kind_of(diagram, Diagram, "diagram", "run(sweep)")
        _tiles(ax, diagram)
        ax.set_facecolor("lightsteelblue")  # what was not measured must not look like success
        if fit:
            _transitions(ax, diagram, fit)
    delta = np.linspace(0.01, 1, 200)
    for curve, colour in zip(curves, COLOURS[1:] * 4, strict=False):
        ax.plot(delta, curve.rho(delta), color=colour, lw=2, label=_named(curve))
    ax.set(xlabel="δ = m/n", ylabel="ρ = k/m", xlim=(0, 1), ylim=(0, 1))
    if ax.get_legend_handles_labels()[0]:
        ax.legend(fontsize="small", loc="lower right")
    return ax


def _named(curve: Curve) -> str:
    """Its class, and the fields that are not the defaults."""
    given = [
        f"{field.name}={getattr(curve, field.name)}"
        for field in dataclasses.fields(curve)  # type: ignore[arg-type]
        if getattr(curve, field.name) != field.default
    ]
    return ", ".join([type(curve).__name__, *given])


def _tiles(ax: Any, diagram: Diagram) -> None:
    from matplotlib.collections import PolyCollection

    if len({cell["n"] for cell in diagram.tallies}) > 1:
        raise ValueError("A phase diagram has one n; the sweep has several. Run one sweep for each.")
    columns: dict[float, list[tuple[float, float]]] = {}
    for cell, tally in diagram.tallies.items():
        columns.setdefault(cell["m"] / cell["n"], []).append((cell["k"] / cell["m"], tally.rate))
    deltas = np.array(sorted(columns))
    left, right = _edges(deltas)
    corners, rates = [], []
    for delta, a, b in zip(deltas, left, right, strict=True):
        column = sorted(columns[delta])
        bottom, top = _edges(np.array([rho for rho, _ in column]))
        for (_, rate), low, high in zip(column, bottom, top, strict=True):
            corners.append([(a, low), (b, low), (b, high), (a, high)])
            rates.append(rate)
    tiles = PolyCollection(corners, array=np.array(rates), cmap="gray", edgecolors="face", clim=(0, 1))
    ax.add_collection(tiles)
    ax.figure.colorbar(tiles, ax=ax, label="success rate")


def _edges(centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where tiles around sorted centres begin and end, within [0, 1]."""
    if centres.size == 1:
        return np.maximum(centres - 0.02, 0), np.minimum(centres + 0.02, 1)
    between = (centres[1:] + centres[:-1]) / 2
    first, last = 2 * centres[0] - between[0], 2 * centres[-1] - between[-1]
    edges = np.clip(np.concatenate([[first], between, [last]]), 0, 1)
    return edges[:-1], edges[1:]


def _transitions(ax: Any, diagram: Diagram, link: str) -> None:
    label: str | None = "measured 50 %"
    for m in sorted({cell["m"] for cell in diagram.tallies}):
        cells = [cell for cell in diagram.tallies if cell["m"] == m]
        if len(cells) < 2:
            continue
        found = diagram.transition("k", link, m=m)
        if np.isfinite([found.value, found.lower, found.upper]).all():
            bars = [[(found.value - found.lower) / m], [(found.upper - found.value) / m]]
            ax.errorbar(
                m / cells[0]["n"],
                found.value / m,
                np.abs(bars),
                fmt="o",
                color=COLOURS[0],
                ms=4,
                capsize=2,
                label=label,
            )
            label = None
