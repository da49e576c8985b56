"""A problem with a known answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of, positive, whole_number
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator
from sparsecs.problems.problem import Problem
from sparsecs.problems.signals.base import Signal
from sparsecs.problems.supports.base import Support


def plant(
    A: Any,
    signal: Signal,
    sparsity: int,
    rng: np.random.Generator,
    noise: float = 0.0,
    support: Support | None = None,
) -> Problem:
    """The problem y = A x + noise with a k-sparse x drawn from a signal.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n).
    signal : Signal
        The law of x.
    sparsity : int
        k, between 1 and min(m, n).
    rng : numpy.random.Generator
        See ``stream``.
    noise : float
        Standard deviation of independent Gaussian noise added to y, in the units of y.
    support : Support, optional
        Where the nonzeros may lie; by default anywhere.

    Examples
    --------
    >>> from sparsecs import Gaussian, Signs, plant, stream
    >>> problem = plant(Gaussian().draw(20, 40, stream(0, "A")), Signs(), 3, stream(0, "x"))
    >>> problem.sparsity, float(abs(problem.truth).sum())
    (3, 3.0)
    """
    a_kind_of(signal, Signal, "signal", "Signs()")
    a_kind_of(rng, np.random.Generator, "rng", 'stream(0, "x")')
    operator = as_operator(A)
    m, n = operator.shape
    whole_number(sparsity, "sparsity", 1, min(m, n))
    truth = (
        signal.draw(n, sparsity, rng) if support is None else _placed(operator, signal, sparsity, rng, support)
    ).astype(operator.dtype)
    y = operator.matvec(truth)
    if positive(noise, "noise", zero=True) > 0:
        y = y + noise * rng.standard_normal(m).astype(y.dtype)
    return Problem(operator, y, sparsity=sparsity, truth=truth, noise=noise)


def _placed(operator: Operator, signal: Signal, k: int, rng: np.random.Generator, support: Support) -> np.ndarray:
    a_kind_of(support, Support, "support", "UniformSupport()")
    places = support.order(operator, rng)
    whole_number(k, "sparsity", 1, places.size, f"{support} reaches {places.size} columns.")
    truth = np.zeros(operator.shape[1])
    truth[places[:k]] = signal.coefficients(k, rng)
    return truth
