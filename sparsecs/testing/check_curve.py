"""What must hold for every curve, by the facts it declares: it rises, can be turned round, and says where it comes from."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of
from sparsecs.curves.base import SMALLEST, Curve
from sparsecs.testing._laws import Law, demand, keep, refuses

INSIDE = np.concatenate([np.logspace(-200, -2, 45), np.linspace(0.02, 0.98, 25), 1 - np.logspace(-2, -12, 11)])
TURNED = (1e-250, 1e-200, 1e-20, 1e-3, 0.1, 0.5, 0.9, 0.999, 1 - 1e-12)
OUTSIDE = (0.0, -0.1, 1.0000001, 2.0, np.nan, np.inf, -np.inf)
GRID = np.array([[0.1, 0.5, 1.0], [0.2, 0.9, 0.05]])


def check_curve(curve: Curve) -> None:
    """Raise AssertionError, with the law and the numbers, if ``curve`` is no transition curve of the phase plane.

    Parameters
    ----------
    curve : Curve

    Raises
    ------
    AssertionError
        If a law is broken.
    TypeError
        If it is no curve.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from sparsecs import Curve, DonohoTanner
    >>> from sparsecs.testing import check_curve
    >>> check_curve(DonohoTanner())
    >>> @dataclass(frozen=True)
    ... class Falling(Curve):
    ...     reference, predicts = "Nobody (2000)", "nothing at all, falsely"
    ...     def _rho(self, delta):
    ...         return 1 - delta / 2
    >>> check_curve(Falling())
    Traceback (most recent call last):
    AssertionError: Falling() breaks a law: It rises strictly, above 0 and at most 1, ... But rho(1e-200) = 1 and rho(...) = 1.
    """
    a_kind_of(curve, Curve, "curve", "DonohoTanner()")
    keep(LAWS, curve, repr(curve))


def rises(curve: Curve) -> None:
    """It rises strictly, above 0 and at most 1, from the delta on that it says; with a flat part it never falls."""
    deltas = np.append(INSIDE, 1.0)
    deltas = deltas[deltas >= curve.smallest]
    rho = np.asarray(curve.rho(deltas))
    above = deltas > curve.from_delta
    for number in np.flatnonzero(np.where(above, ~((rho > 0) & (rho <= 1)), rho != 0)):
        demand(False, f"rho({deltas[number]:g}) = {rho[number]:g}.")
    # where it comes to a start or a limit with a slope that is finite, neighbours differ by less than a rounding
    level = ((deltas < 0.01) & (curve.start > 0)) | ((deltas > 0.99) & (curve.limit < 1)) | (not curve.rises)
    least = np.where(level[:-1] | ~above[:-1], -10 * curve.accuracy * rho[:-1], 0.0)
    falls = np.where(least < 0, np.diff(rho) < least, ~(np.diff(rho) > 0))
    for number in np.flatnonzero(falls & above[1:]):
        told = " and ".join(f"rho({deltas[i]:.12g}) = {rho[i]:.12g}" for i in (number, number + 1))
        demand(False, f"{told}.")


def starts_where_it_says(curve: Curve) -> None:
    """Near delta = 0 it is not below its start, and where that is above 0 it comes near to it."""
    low = curve.rho(curve.smallest)
    demand(
        low >= curve.start * (1 - 10 * curve.accuracy),
        f"start = {curve.start!r} and rho({curve.smallest:g}) = {low!r}.",
    )
    if curve.start > 0:
        demand(low <= 1.01 * curve.start, f"start = {curve.start!r} and rho({curve.smallest:g}) = {low!r}.")


def ends_at_its_limit(curve: Curve) -> None:
    """It ends at rho = 1, or the limit that it says, where delta = 1, without a jump."""
    limit = curve.limit
    demand(0 < limit <= 1 and curve.rho(1) == limit, f"limit = {limit!r} and rho(1) = {curve.rho(1)!r}.")
    if curve.rises:
        demand(curve.delta(limit) == 1, f"delta({limit:g}) = {curve.delta(limit)!r}.")
    demand(curve.rho(1 - 1e-9) > 0.999 * limit, f"rho(1 - 1e-9) = {curve.rho(1 - 1e-9):.6g}.")


def answers_at_the_ends(curve: Curve) -> None:
    """The ends of the domain are answered, down to the smallest delta and up to the last number before 1."""
    low, high, slack = curve.rho(0.01), curve.rho(0.99), 10 * curve.accuracy
    for delta in (1e-200, 1e-250, SMALLEST, curve.smallest, 1 - 1e-12, 1 - 1e-15, float(np.nextafter(1, 0))):
        if delta < curve.smallest:
            continue
        rho = curve.rho(delta)
        strict = curve.rises and not (delta < 0.5 and (curve.start > 0 or curve.from_delta > 0))
        beside = rho <= low * (1 + slack) if delta < 0.5 else rho >= high * (1 - slack)
        beside = beside and (rho != (low if delta < 0.5 else high) or not strict)
        positive = rho > 0 or delta <= curve.from_delta
        demand(
            positive and rho <= 1 and beside, f"rho({delta!r}) = {rho!r}; rho(0.01) = {low!r} and rho(0.99) = {high!r}."
        )


def turns_round(curve: Curve) -> None:
    """delta(rho) undoes rho(delta), and rho(delta) undoes delta(rho)."""
    (_turns_round_all_over if curve.rises else _turns_round_where_it_can)(curve)


def _turns_round_all_over(curve: Curve) -> None:
    coarse = curve.accuracy / 1e-14
    for delta in TURNED:
        if delta <= curve.from_delta or delta < (1e-3 if curve.start > 0 else curve.smallest):
            continue
        # rho may fall only like 1 / log(1 / delta): a rounding of rho then moves delta by log(1 / delta) roundings of its own
        slack, back = (1e-11 + 1e-14 * np.log(1 / delta) ** 2) * coarse, curve.delta(curve.rho(delta))
        near = abs(back - delta) <= slack * delta
        if curve.start > 0:  # where it leaves its start slowly, a rounding of rho is many of delta
            near = near or abs(curve.rho(back) - curve.rho(delta)) <= 1e-15 * curve.rho(delta)
        demand(near, f"delta(rho({delta:g})) = {back:.15g}.")
    for rho in _between(curve, np.array([0.05, 0.3, 0.7, 0.99])):
        back = curve.rho(curve.delta(rho))
        demand(abs(back - rho) <= 1e-10 * rho * coarse, f"rho(delta({rho:g})) = {back:.15g}.")


def _turns_round_where_it_can(curve: Curve) -> None:
    for delta in TURNED:
        rho = curve.rho(delta) if delta >= curve.smallest else 0.0
        if rho > max(curve.start, curve.rho(curve.smallest)):
            back = curve.delta(rho)
            demand(back <= delta * (1 + 1e-11), f"delta(rho({delta:g})) = {back:.15g}, and less would do.")
            demand(curve.rho(back) >= rho * (1 - 1e-10), f"rho(delta({rho:g})) = {curve.rho(back):.15g}.")


def _between(curve: Curve, parts: np.ndarray) -> np.ndarray:
    """Values of rho at parts of the way from the least on the curve to the limit."""
    low = max(curve.start, curve.rho(curve.smallest))
    return np.where(parts == 1, curve.limit, low + (curve.limit - low) * parts)


def takes_arrays(curve: Curve) -> None:
    """An array is answered entry by entry, in its own shape, and a number by a number."""
    asked: list[tuple[Any, str, np.ndarray]] = [(curve.rho, "rho", GRID)]
    if curve.start < curve.limit:
        asked.append((curve.delta, "delta", _between(curve, GRID)))
    for ask, name, grid in asked:
        answers, alone = np.asarray(ask(grid)), np.array([[ask(float(value)) for value in row] for row in grid])
        demand(answers.shape == grid.shape, f"{name} of an array of shape {grid.shape} has shape {answers.shape}.")
        demand(
            np.array_equal(answers, alone), f"{name} of an array is {answers.tolist()}, one by one {alone.tolist()}."
        )
        demand(
            isinstance(ask(float(grid[0, 1])), float),
            f"{name} of a number is a {type(ask(float(grid[0, 1]))).__name__}.",
        )
        for few in ([float(grid[0, 1])], []):
            demand(np.shape(ask(few)) == (len(few),), f"{name}({few}) has shape {np.shape(ask(few))}.")


def refuses_what_lies_outside(curve: Curve) -> None:
    """What is not above 0 and at most 1 is refused, also in an array."""
    for ask, name in ((curve.rho, "rho"), (curve.delta, "delta")):
        for outside in OUTSIDE:
            for values in (outside, [0.5, outside], np.array([[outside]])):
                refuses(partial(ask, values), (ValueError,), f"{name}({values!r})")


def refuses_what_it_does_not_reach(curve: Curve) -> None:
    """A rho above its limit or not above its start has no delta, and is refused."""
    wrong = [float(np.nextafter(curve.limit, 2))] if curve.limit < 1 else []
    wrong += [curve.start, curve.start / 2] if curve.start > 0 else []
    for rho in wrong:
        refuses(partial(curve.delta, rho), (ValueError,), f"delta({rho!r})")


def speaks_of_sizes(curve: Curve) -> None:
    """k(m, n) is m rho(m/n) of the curve for n columns, and sizes without meaning are refused."""
    for m, n in ((50, 100), (7, 1000), (100, 100)):
        found, expected = curve.k(m, n), m * curve.at(n).rho(m / n)
        demand(abs(found - expected) <= 1e-13 * expected, f"k({m}, {n}) = {found!r} and m rho(m/n) = {expected!r}.")
    wrong: tuple[Any, ...] = ((101, 100), (0, 100), (5, 0), (2.5, 100))
    for sizes in wrong:
        refuses(partial(curve.k, *sizes), (ValueError, TypeError), f"k{sizes}")


def says_what_it_is(curve: Curve) -> None:
    """It names its source with a year, and says in words of which solvers and signals it speaks."""
    reference, predicts = getattr(curve, "reference", ""), getattr(curve, "predicts", "")
    demand(any(sign.isdigit() for sign in reference), f"reference is {reference!r}.")
    demand(len(predicts.split()) > 2, f"predicts is {predicts!r}.")


LAWS: tuple[Law, ...] = (
    rises,
    starts_where_it_says,
    ends_at_its_limit,
    answers_at_the_ends,
    turns_round,
    takes_arrays,
    refuses_what_lies_outside,
    refuses_what_it_does_not_reach,
    speaks_of_sizes,
    says_what_it_is,
)
