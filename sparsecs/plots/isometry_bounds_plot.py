"""Restricted isometry constants against the order k: what is proven of L, U and delta."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of, positive
from sparsecs.geometry.isometry_bounds import IsometryBounds
from sparsecs.plots._style import COLOURS, MARKERS, axes_or_new

THRESHOLDS: dict[str, float | Callable[[np.ndarray], np.ndarray]] = {  # sparsecs/guarantees holds these theorems
    "δ₂ₖ below: ℓ1 finds k nonzeros": 0.5**0.5,
    "δ₃ₖ below: IHT and HTP do": 3**-0.5,
    "δₖ₊₁ below: OMP does in k steps": lambda order: np.asarray(order, dtype=float) ** -0.5,
}
STYLES = ("--", ":", "-.", (0, (1, 3)))
NAMES = {"L": "L: 1 − smallest eigenvalue", "U": "U: largest eigenvalue − 1", "delta": "δ = max(L, U)"}


def isometry_bounds_plot(
    bounds: Iterable[IsometryBounds],
    thresholds: Mapping[str, float | Callable[[np.ndarray], np.ndarray]] | None = None,
    ax: Any = None,
) -> Any:
    """L, U and δ against the order: full points are exact, bars reach from the lower to the upper bound.

    Parameters
    ----------
    bounds : several IsometryBounds
        Of different orders, all of one matrix.
    thresholds : mapping of label to float or function, optional
        Lines below which δ must lie for a theorem; a function gives the line at each order. By default those of ℓ1, IHT and
        OMP; ``{}`` draws none.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        An arrow means that no upper bound is known, or none that fits into the picture.

    Raises
    ------
    ValueError
        If there are no bounds, or two of one order.

    References
    ----------
    Cai and Zhang, "Sparse representation of a polytope and recovery of sparse signals and low-rank matrices" (2014).
    Foucart, "Hard thresholding pursuit: an algorithm for compressive sensing" (2011).
    Mo, "A sharp restricted isometry constant bound of orthogonal matching pursuit" (2015).

    Examples
    --------
    >>> from sparsecs import Bounds, IsometryBounds, isometry_bounds_plot
    >>> found = [IsometryBounds(2, Bounds(0.3, 0.3), Bounds(0.2, 0.2)), IsometryBounds(3, Bounds(0.4, 0.6), Bounds(0.3, 0.5))]
    >>> isometry_bounds_plot(found).get_xlabel()
    'order k: how many columns at once'
    """
    known = list(bounds)
    for one in known:
        a_kind_of(one, IsometryBounds, "every one of bounds", "restricted_isometry(A, 2)")
    known.sort(key=lambda one: one.k)
    orders = np.array([one.k for one in known])
    if orders.size == 0 or np.unique(orders).size < orders.size:
        raise ValueError(f"bounds must hold one IsometryBounds for each order; got the orders {orders.tolist()}.")
    ax = axes_or_new(ax, 6.4, 4.6)
    top = _top(known)
    for number, (part, name) in enumerate(NAMES.items()):
        _draw(ax, orders, [getattr(one, part) for one in known], number, name, top)
    step = 0.5
    fine = np.linspace(orders[0] - step, orders[-1] + step, 200)
    for style, (label, line) in zip(
        STYLES * 4, (THRESHOLDS if thresholds is None else thresholds).items(), strict=False
    ):
        height = line(fine) if callable(line) else np.full(fine.size, positive(line, f"The threshold {label!r}"))
        ax.plot(fine, height, color="0.35", ls=style, lw=1.2, label=label)
    ax.set(xlabel="order k: how many columns at once", ylabel="restricted isometry constant")
    ax.set(xlim=(fine[0], fine[-1]), ylim=(0, top))
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.legend(fontsize="small", loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2, frameon=False)
    return ax


def _top(known: list[IsometryBounds]) -> float:
    """The upper end of the picture: above all lower bounds, and above upper ones that are not far off."""
    lower = max(one.delta.lower for one in known)
    upper = [part.upper for one in known for part in (one.L, one.U) if part.upper <= 3 * max(lower, 0.5)]
    return 1.12 * max([lower, 0.8, *upper])


def _draw(ax: Any, orders: np.ndarray, values: list[Any], number: int, name: str, top: float) -> None:
    """Points, bars and arrows of one constant, a little aside so that those of others can be seen."""
    colour, marker = COLOURS[number], MARKERS[number]
    places = orders + 0.16 * (number - 1)
    lower = np.array([max(value.lower, 0.0) for value in values])
    upper = np.array([value.upper for value in values])
    exact = np.array([value.exact for value in values])
    inside = np.minimum(upper, top)
    ax.vlines(places[~exact], lower[~exact], inside[~exact], color=colour, lw=2, alpha=0.6)
    within = ~exact & (upper <= top)
    ax.plot(places[within], upper[within], ls="", marker="_", color=colour, ms=9, mew=2)
    ax.plot(places[~exact], lower[~exact], ls="", marker="_", color=colour, ms=9, mew=2)
    beyond = upper > top
    ax.plot(places[beyond], np.full(beyond.sum(), 0.985 * top), ls="", marker="^", color=colour, ms=6, mfc="white")
    ax.plot(places[exact], lower[exact], ls="", marker=marker, color=colour, ms=6)
    ax.plot([], [], marker=marker, color=colour, lw=2, alpha=1, label=name)
