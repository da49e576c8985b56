"""What the experiments on predictions share: one matrix, where to measure it, and how a prediction for it is judged.

A case is one matrix, drawn once, without zero columns and with one of each class of parallel columns. Its 50 % point is measured
by basis pursuit on signals of random support and signs. A pilot of about 250 trials with random numbers of its own said where
that point is and how wide the transition; the sweep looks within two widths of it, often enough to find the point to about
2.5 %, with 1000 to 3000 trials; a few matrices on which a solve takes long have no more than 1000.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sparsecs import (
    BasisPursuit,
    Digits,
    Ensemble,
    FixedMatrix,
    GaussianInputs,
    Linear,
    Network,
    RandomNetwork,
    Recovery,
    Relu,
    Signs,
    Sweep,
    Tanh,
    answer,
    fit_transition,
    grid,
    plant,
    stream,
)

PRECISION, FEWEST, MOST, PLACES = 0.025, 1000, 3000, 24
LAYERS = {"tanh": Tanh, "relu": Relu}
INPUTS = {"Gaussian": GaussianInputs, "digits": Digits}


@dataclass(frozen=True)
class Case:
    """A matrix, and what a pilot said of its transition."""

    label: str
    matrix_law: FixedMatrix
    m: int
    k50: float
    width: float
    network: bool = False
    most: int = MOST

    @cached_property
    def n(self) -> int:
        """How many columns can be told apart."""
        return int(self.matrix_law.unknowns(self.m) or 0)

    @cached_property
    def matrix(self) -> np.ndarray:
        """The matrix as an array."""
        return self.matrix_law.draw(self.m, self.n, stream(0, "not used")).dense()

    @property
    def trial(self) -> Recovery:
        """Basis pursuit on this matrix."""
        return Recovery(self.matrix_law, Signs(), BasisPursuit())

    def sweep(self, trials: int = 0, places: int = PLACES) -> Sweep:
        """Trials at whole numbers within two widths of the pilot's 50 % point."""
        ends = max(1, round(self.k50 - 2.1 * self.width)), min(self.m, round(self.k50 + 2.1 * self.width) + 1)
        ks = np.unique(np.linspace(*ends, places).round().astype(int))
        wanted = trials or np.clip(2.2 * (self.width / (PRECISION * self.k50)) ** 2, FEWEST, self.most)
        return Sweep(self.trial, grid(n=self.n, m=self.m, k=ks.tolist()), int(-(-wanted // ks.size)), seed=1)


def ensemble_case(label: str, law: Ensemble, m: int, n: int, k50: float, width: float, seed: int) -> Case:
    """A draw of m × n from an ensemble."""
    return Case(f"{label}, {m} × {n}", FixedMatrix(law, seed, distinct=True, columns=n), m, k50, width)


def network_case(label: str, m: int, k50: float, width: float, seed: int, most: int = MOST) -> Case:
    """The Jacobian of a network named like "12-16-16-1 tanh digits unit": widths, activation, inputs, raw or unit columns."""
    widths, activation, inputs, norms = label.split()
    first, *hidden, outputs = map(int, widths.split("-"))
    layers = [layer for width in hidden for layer in (Linear(width), LAYERS[activation]())]
    law = RandomNetwork(Network((first,), (*layers, Linear(outputs))), INPUTS[inputs](), normalize=False)
    fixed = FixedMatrix(law, seed, distinct=True, normalize={"raw": False, "unit": True}[norms])
    return Case(f"{label}, m = {m}", fixed, m, k50, width, network=True, most=most)


def pilot(case: Case, trials: int = 12) -> tuple[float, float]:
    """The 50 % point and the width (of a probit fit) that a new case is written down with."""
    hits: dict[int, int] = {}

    def tried(k: int) -> int:
        problems = (plant(case.matrix, Signs(), k, stream(0, "pilot", k, number)) for number in range(trials))
        return sum(problem.error(answer(problem, BasisPursuit()).x) < 1e-3 for problem in problems)

    k = 1
    while k <= case.m and hits.get(max(hits, default=0), trials) > 0:
        hits[k] = tried(k)
        k = max(k + 1, round(1.35 * k))
    closer = np.linspace(max(1, max(hits) / 3), max(hits), 12).round().astype(int).tolist()
    hits.update({k: tried(k) for k in closer if k not in hits})
    fit = fit_transition(list(hits), [trials] * len(hits), list(hits.values()), "probit")
    return round(fit.value, 1), round(max(1 / fit.slope, 0.5 * fit.value**0.5), 1)  # no curve is steeper than that
