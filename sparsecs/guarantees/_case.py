"""Of what a theorem is asked: a sparsity, or one support with signs, sizes, noise and λ."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sparsecs.core.checks import distinct, finite, indices, numeric, positive, quote, vector, whole_number


class Case(NamedTuple):
    """One question to a theorem; what was not given is None, or 0 for k."""

    k: int = 0
    support: np.ndarray | None = None
    signs: np.ndarray | None = None
    sizes: np.ndarray | None = None
    noise: float = 0.0
    weight: float | None = None
    solver: str = ""

    @property
    def words(self) -> str:
        if self.support is None:
            return f"k = {self.k}"
        listed = ", ".join(map(str, self.support[:8].tolist())) + (", ..." if self.support.size > 8 else "")
        return f"support {{{listed}}}"


def case_of(
    shape: tuple[int, int], k: Any, signal: Any, support: Any, signs: Any, noise: Any, weight: Any, solver: str | None
) -> Case:
    """What was given, checked and completed."""
    m, n = shape
    sizes = None
    if signal is not None:
        if support is not None or signs is not None:
            raise ValueError("A signal has its own support and signs; give signal= alone, or support= and signs=.")
        x = vector(signal, "signal", n, f"the operator has {n} columns")
        support = np.flatnonzero(x)
        sizes, signs = np.abs(x[support]), x[support]
    if support is not None:
        support = distinct(indices(support, "support", n), "support")
        if support.size == 0:
            raise ValueError("The support is empty; no theorem is needed for x = 0.")
    if signs is not None:
        signs = _signs(signs, support)
    if support is not None:
        if k is not None and whole_number(k, "k") != support.size:
            raise ValueError(f"k must be the size of the support, {support.size}, or left out; got {k}.")
        k = int(support.size)
    elif k is not None:
        k = whole_number(k, "k", 1, min(m, n), f"A is {m} x {n}.")
    if weight is not None:
        weight = positive(weight, "weight")
    return Case(k or 0, support, signs, sizes, positive(noise, "noise", zero=True), weight, solver or "")


def _signs(signs: Any, support: np.ndarray | None) -> np.ndarray:
    """Signs of modulus one, one for each column of the support."""
    if support is None:
        raise ValueError("signs= say nothing without support=.")
    array = finite(np.atleast_1d(numeric(signs, "signs")), "signs")
    if array.shape != support.shape:
        raise ValueError(f"signs has shape {array.shape} but the support has {support.size} columns.")
    if (array == 0).any():
        raise ValueError(f"signs must not be zero; got {quote(signs)}.")
    return np.exp(1j * np.angle(array)) if np.iscomplexobj(array) else np.sign(array)
