"""Bounds of restricted isometry constants, put together and scaled."""

from __future__ import annotations

import math
from dataclasses import replace

from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.isometry_bounds import IsometryBounds


def free(order: int, loss: float = 0.0, why: str = "") -> IsometryBounds:
    """What is known without a look, if no column is longer than one and one is as long: 0 ≤ L ≤ 1, 0 ≤ U."""
    return IsometryBounds(order, Bounds(loss, 1.0, method=why), Bounds(0.0, float("inf")))


def both(one: IsometryBounds, other: IsometryBounds) -> IsometryBounds:
    """What follows from two pieces of knowledge of one order."""
    return IsometryBounds(one.k, tighter(one.L, other.L), tighter(one.U, other.U))


def carried(found: IsometryBounds, order: int) -> IsometryBounds:
    """What an order says of another: the constants grow with it."""
    if found.k == order:
        return found
    if found.k < order:
        low = Bounds(found.L.lower, max(1.0, found.L.lower), found.L.witness, found.L.method)
        return IsometryBounds(order, low, replace(found.U, upper=float("inf"), stopped=""))
    L, U = (Bounds(0.0, max(0.0, part.upper), method=part.method) for part in (found.L, found.U))
    return IsometryBounds(order, L, U)


def best_scaled(found: IsometryBounds) -> Bounds:
    """δ of c A with the best c, (U + L) / (2 + U − L), which grows with both; 1 where nothing is known."""
    low, high = _ratio(found.L.lower, found.U.lower), _ratio(found.L.upper, found.U.upper)
    stopped = found.L.stopped or found.U.stopped
    notes = dict.fromkeys(filter(None, (found.L.method, found.U.method)))
    return Bounds(min(low, high), high, found.L.witness, "; ".join(notes), stopped)


def best_factor(found: IsometryBounds) -> float:
    """c² for which δ of c A is at most the upper bound of ``best_scaled``."""
    return float(2.0 / (2.0 + found.U.upper - found.L.upper))


def _ratio(L: float, U: float) -> float:
    if L >= 1 or math.isinf(U):
        return 1.0
    return (U + L) / (2 + U - L)


def tighter(one: Bounds, other: Bounds) -> Bounds:
    """What two pairs of bounds of one figure say together."""
    first = one if one.lower >= other.lower else other
    above = one if one.upper <= other.upper else other
    if above is first:
        return first
    notes = dict.fromkeys(filter(None, (first.method, above.method)))
    exact = Bounds(first.lower, above.upper, first.witness, "; ".join(notes))
    return exact if exact.exact else replace(exact, stopped=first.stopped or above.stopped)
