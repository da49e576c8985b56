"""What theorems guarantee beside what was measured: worst cases beside typical ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from sparsecs.core.checks import quote
from sparsecs.plots._style import COLOURS, MARKERS, axes_or_new
from sparsecs.sweeps.diagram import Diagram
from sparsecs.sweeps.transition import Transition

BAR = "0.45"
LONG = 36  # letters; a longer name goes on two lines


def guarantees_against_transition(table: Any, measured: Any, ax: Any = None, **fixed: Any) -> Any:
    """The k that each theorem guarantees, as bars, beside measured success rates and their 50 % points.

    Parameters
    ----------
    table : GuaranteeTable or sequence of dict
        ``guaranteed_sparsity(A)``, or rows with ``theorem``, ``k`` and ``solvers``; several rows for one theorem are joined
        where they say the same.
    measured : Diagram, Transition, or mapping of label to either
        Of a sweep over k on the same matrix, or on ones of its size.
    ax : matplotlib Axes, optional
    **fixed
        The values of the other axes of the diagrams, if there are several.

    Returns
    -------
    matplotlib Axes
        Bars and the axis of k; success rates have an axis of their own at the right, ``ax.child_axes`` or the figure's last.

    Raises
    ------
    TypeError, ValueError
        If there are no rows, or something else than a diagram or transition was measured.

    Examples
    --------
    >>> from sparsecs import OMP, Gaussian, Recovery, Signs, Sweep, grid, guarantees_against_transition, run
    >>> diagram = run(Sweep(Recovery(Gaussian(), Signs(), OMP()), grid(n=40, m=20, k=range(1, 9)), repeats=4))
    >>> rows = [{"theorem": "CoherenceBound", "k": 1, "solvers": ("OMP",)}]
    >>> guarantees_against_transition(rows, {"OMP": diagram}).get_xlabel()
    'k, the number of nonzeros'
    """
    rows = _joined(getattr(table, "rows", table))
    found = dict(measured) if isinstance(measured, Mapping) else {"measured": measured}
    ax = axes_or_new(ax, 8.0, 1.8 + 0.32 * len(rows))
    heights = np.arange(len(rows))[::-1]
    ks = [k for k, _ in rows]
    ax.barh(heights, ks, height=0.6, color=BAR, label="guaranteed for every signal", zorder=2)
    for height, k in zip(heights, ks, strict=True):
        ax.annotate(str(k), (k, height), xytext=(4, 0), textcoords="offset points", va="center", fontsize="small")
    ax.set_yticks(heights, [name for _, name in rows], fontsize="small")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set(xlabel="k, the number of nonzeros", ylim=(-0.7, len(rows) - 0.3))
    right = ax.twinx()
    ends = [float(max(ks)) * 1.1, *_measured(right, found, fixed)]
    right.set(ylabel="success rate", ylim=(-0.02, 1.05))
    if not right.has_data() or not any(isinstance(one, Diagram) for one in found.values()):
        right.set_yticks([])
        right.set_ylabel("")
    ax.set_xlim(0, 1.03 * max(ends))
    (bars, named), (lines, labels) = ax.get_legend_handles_labels(), right.get_legend_handles_labels()
    below = -0.55 / (1.0 + 0.32 * len(rows))
    ax.legend(
        [*bars, *lines],
        [*named, *labels],
        fontsize="small",
        frameon=False,
        loc="upper right",
        bbox_to_anchor=(1, below),
        ncols=2,
    )
    return ax


def _joined(rows: Any) -> list[tuple[int, str]]:
    """k and a name for each bar, the largest first."""
    listed = list(rows) if isinstance(rows, Iterable) else []
    if not listed or not all(isinstance(row, Mapping) and {"theorem", "k"} <= set(row) for row in listed):
        raise ValueError(f"table must hold rows with theorem and k, such as guaranteed_sparsity(A); got {quote(rows)}.")
    joined: dict[tuple[str, int], list[str]] = {}
    for row in listed:
        solvers = row.get("solvers", ())
        joined.setdefault((row["theorem"], int(row["k"])), []).extend(
            [solvers] if isinstance(solvers, str) else solvers
        )
    named = [(k, _named(theorem, dict.fromkeys(solvers))) for (theorem, k), solvers in joined.items()]
    return sorted(named, key=lambda row: -row[0])


def _named(theorem: str, solvers: Iterable[str]) -> str:
    names = ", ".join(solvers)
    full = f"{theorem} ({names})" if names else theorem
    return full if len(full) <= LONG else f"{theorem}\n({names})"


def _measured(right: Any, found: Mapping[str, Any], fixed: dict[str, Any]) -> list[float]:
    """Draw rates and 50 % points; how far to the right they reach."""
    ends = []
    for number, (label, one) in enumerate(found.items()):
        colour = COLOURS[number % len(COLOURS)]
        if isinstance(one, Diagram):
            points = one.along("k", **fixed)
            k, rates = [place for place, _ in points], [tally.rate for _, tally in points]
            right.plot(
                k,
                rates,
                color=colour,
                marker=MARKERS[number % len(MARKERS)],
                ms=3.5,
                lw=1.2,
                label=f"{label}: success rate",
            )
            ends.append(float(k[-1]))
            middle = one.transition("k", **fixed) if len(points) > 1 else None
        elif isinstance(one, Transition):
            middle = one
        else:
            raise TypeError(f"measured must hold diagrams or transitions, such as run(sweep); got {quote(one)}.")
        if middle is not None and np.isfinite(middle.value):
            right.axvline(middle.value, color=colour, ls="--", lw=1.5, label=f"{label}: half at k = {middle.value:.3g}")
            if np.isfinite([middle.lower, middle.upper]).all():
                right.axvspan(middle.lower, middle.upper, color=colour, alpha=0.15, lw=0)
            ends.append(float(middle.value))
    return ends
