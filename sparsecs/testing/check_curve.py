"""What must hold for every curve: it rises, stays between 0 and 1, can be turned round, and says where it comes from."""

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
    AssertionError: Falling() breaks a law: It rises strictly, above 0 and at most 1. But rho(1e-200) = 1 and rho(...) = 1.
    """
    a_kind_of(curve, Curve, "curve", "DonohoTanner()")
    keep(LAWS, curve, repr(curve))


def rises(curve: Curve) -> None:
    """It rises strictly, above 0 and at most 1."""
    deltas = np.append(INSIDE, 1.0)
    rho = np.asarray(curve.rho(deltas))
    for number in np.flatnonzero(~((rho > 0) & (rho <= 1))):
        demand(False, f"rho({deltas[number]:g}) = {rho[number]:g}.")
    for number in np.flatnonzero(~(np.diff(rho) > 0)):
        told = " and ".join(f"rho({deltas[i]:.12g}) = {rho[i]:.12g}" for i in (number, number + 1))
        demand(False, f"{told}.")


def ends_at_one(curve: Curve) -> None:
    """It ends at rho = 1 where delta = 1, without a jump."""
    demand(curve.rho(1) == 1, f"rho(1) = {curve.rho(1)!r}.")
    demand(curve.delta(1) == 1, f"delta(1) = {curve.delta(1)!r}.")
    demand(curve.rho(1 - 1e-9) > 0.999, f"rho(1 - 1e-9) = {curve.rho(1 - 1e-9):.6g}.")


def answers_at_the_ends(curve: Curve) -> None:
    """The ends of the domain are answered, down to delta = 1e-300 and up to the last number before 1."""
    low, high = curve.rho(0.01), curve.rho(0.99)
    for delta in (1e-200, 1e-250, SMALLEST, 1 - 1e-12, 1 - 1e-15, float(np.nextafter(1, 0))):
        rho = curve.rho(delta)
        beside = rho < low if delta < 0.5 else rho > high
        demand(0 < rho <= 1 and beside, f"rho({delta!r}) = {rho!r}; rho(0.01) = {low!r} and rho(0.99) = {high!r}.")


def turns_round(curve: Curve) -> None:
    """delta(rho) undoes rho(delta), and rho(delta) undoes delta(rho)."""
    for delta in TURNED:
        # rho may fall only like 1 / log(1 / delta): a rounding of rho then moves delta by log(1 / delta) roundings of its own
        slack, back = 1e-11 + 1e-14 * np.log(1 / delta) ** 2, curve.delta(curve.rho(delta))
        demand(abs(back - delta) <= slack * delta, f"delta(rho({delta:g})) = {back:.15g}.")
    for rho in (0.05, 0.3, 0.7, 0.99):
        if rho > curve.rho(SMALLEST):
            back = curve.rho(curve.delta(rho))
            demand(abs(back - rho) <= 1e-10 * rho, f"rho(delta({rho:g})) = {back:.15g}.")


def takes_arrays(curve: Curve) -> None:
    """An array is answered entry by entry, in its own shape, and a number by a number."""
    for ask, name in ((curve.rho, "rho"), (curve.delta, "delta")):
        answers, alone = np.asarray(ask(GRID)), np.array([[ask(float(value)) for value in row] for row in GRID])
        demand(answers.shape == GRID.shape, f"{name} of an array of shape {GRID.shape} has shape {answers.shape}.")
        demand(
            np.array_equal(answers, alone), f"{name} of an array is {answers.tolist()}, one by one {alone.tolist()}."
        )
        demand(isinstance(ask(0.5), float), f"{name}(0.5) is a {type(ask(0.5)).__name__}.")
        for few in ([0.5], []):
            demand(np.shape(ask(few)) == (len(few),), f"{name}({few}) has shape {np.shape(ask(few))}.")


def refuses_what_lies_outside(curve: Curve) -> None:
    """What is not above 0 and at most 1 is refused, also in an array."""
    for ask, name in ((curve.rho, "rho"), (curve.delta, "delta")):
        for outside in OUTSIDE:
            for values in (outside, [0.5, outside], np.array([[outside]])):
                refuses(partial(ask, values), (ValueError,), f"{name}({values!r})")


def speaks_of_sizes(curve: Curve) -> None:
    """sparsity(m, n) is m rho(m/n), and sizes without meaning are refused."""
    for m, n in ((50, 100), (7, 1000), (100, 100)):
        found, expected = curve.sparsity(m, n), m * curve.rho(m / n)
        demand(
            abs(found - expected) <= 1e-13 * expected, f"sparsity({m}, {n}) = {found!r} and m rho(m/n) = {expected!r}."
        )
    wrong: tuple[Any, ...] = ((101, 100), (0, 100), (5, 0), (2.5, 100))
    for sizes in wrong:
        refuses(partial(curve.sparsity, *sizes), (ValueError, TypeError), f"sparsity{sizes}")


def says_what_it_is(curve: Curve) -> None:
    """It names its source with a year, and says in words of which solvers and signals it speaks."""
    reference, predicts = getattr(curve, "reference", ""), getattr(curve, "predicts", "")
    demand(any(sign.isdigit() for sign in reference), f"reference is {reference!r}.")
    demand(len(predicts.split()) > 2, f"predicts is {predicts!r}.")


LAWS: tuple[Law, ...] = (
    rises,
    ends_at_one,
    answers_at_the_ends,
    turns_round,
    takes_arrays,
    refuses_what_lies_outside,
    speaks_of_sizes,
    says_what_it_is,
)
