"""Success rates along one axis, with binomial intervals, the fitted curves, and what theory says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of
from sparsecs.plots._style import COLOURS, MARKERS, axes_or_new
from sparsecs.sweeps.diagram import Diagram


def success_curves(
    diagrams: Mapping[str, Diagram],
    axis: str = "k",
    theory: Mapping[str, float] | None = None,
    link: str = "logit",
    ax: Any = None,
    **fixed: Any,
) -> Any:
    """Success rate against one axis of a cell, a curve for each diagram.

    Parameters
    ----------
    diagrams : mapping of label to Diagram
    axis : str
        The coordinate that runs.
    theory : mapping of label to position, optional
        Where a vertical line is drawn.
    link : {"logit", "probit"}
        The fitted curve through the points.
    ax : matplotlib Axes, optional
    **fixed
        The values of the other axes, if there are several.

    Returns
    -------
    matplotlib Axes
        Points with 95 % Wilson intervals.

    Examples
    --------
    >>> from sparsecs import OMP, Gaussian, Recovery, Signs, Sweep, grid, run, success_curves
    >>> diagram = run(Sweep(Recovery(Gaussian(), Signs(), OMP()), grid(n=40, m=20, k=range(1, 9)), repeats=4))
    >>> success_curves({"OMP": diagram}, theory={"guess": 5}).get_xlabel()
    'k'
    """
    from scipy.special import expit, ndtr

    a_kind_of(diagrams, Mapping, "diagrams", '{"OMP": run(sweep)}')
    ax = axes_or_new(ax)
    for number, (label, diagram) in enumerate(diagrams.items()):
        colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
        points = diagram.along(axis, **fixed)
        x = np.array([position for position, _ in points], dtype=float)
        rate = np.array([tally.rate for _, tally in points])
        ends = np.array([tally.interval() for _, tally in points])
        bars = np.abs(np.vstack([rate - ends[:, 0], ends[:, 1] - rate]))
        step = np.diff(x).min() if x.size > 1 else 0.0
        beside = (
            0.16 * step * (number - (len(diagrams) - 1) / 2) / len(diagrams)
        )  # so that intervals do not hide each other
        ax.errorbar(x + beside, rate, bars, fmt=marker, color=colour, ms=4, lw=1, capsize=2, label=label)
        if x.size > 1:
            fit = diagram.transition(axis, link, **fixed)
            fine = np.linspace(x[0], x[-1], 400)
            if np.isfinite(fit.value):
                ax.plot(
                    fine,
                    (expit if link == "logit" else ndtr)(fit.slope * (fit.value - fine)),
                    color=colour,
                    lw=1,
                    alpha=0.6,
                )
    for (label, position), style in zip((theory or {}).items(), ("--", ":", "-.", "-") * 8, strict=False):
        ax.axvline(position, color="0.3", ls=style, lw=1.2, label=label)
    ax.set(xlabel=axis, ylabel="success rate", ylim=(-0.04, 1.04))
    ax.legend(fontsize="small", frameon=False)
    return ax
