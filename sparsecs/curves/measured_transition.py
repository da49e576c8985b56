r"""Where other solvers than basis pursuit succeed and fail on Gaussian matrices, as measured.

No formula is known for these. The table measured_transitions.csv holds k50 for each solver and law of coefficients at nine values
of delta and one or two of n, with the trials that it rests on; experiments/greedy_calibration.py makes it. It is read so:

1. Between two sizes n, rho changes by one factor for all delta, the mean of the measured ones by their errors; between and beyond
   the measured sizes ln rho is a line in ln n and level.
2. Of neighbours that fall where a curve must rise, the weighted mean is taken (isotonic regression): differences of that kind are
   within the errors, except for ±1 signals at the smallest m, where k50 is one or two.
3. Between the deltas rho is a line in delta; below the smallest and above the largest it is level.
"""

from __future__ import annotations

import csv
import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.curves.base import Curve

TABLE = Path(__file__).with_name("measured_transitions.csv")


@dataclass(frozen=True)
class MeasuredTransition(Curve):
    """The sparsity at which a solver finds half of the signals on a Gaussian matrix, as measured.

    Parameters
    ----------
    solver : str
        "OMP", "SubspacePursuit", "HTP", "NormalizedIHT" or "AMP", each with its defaults, and told k if it takes k.
    signal : str
        "Signs" for ±1, which is hard, or "Spikes" for Gaussian coefficients.
    n : int, optional
        The number of columns, by default the largest that was measured. ``k(m, n)`` fills it in.

    Raises
    ------
    ValueError
        If the table has nothing about such a solver and signal.

    Examples
    --------
    >>> from sparsecs import MeasuredTransition
    >>> curve = MeasuredTransition("OMP", "Signs")
    >>> 0.13 < curve.rho(0.25) < 0.18, curve.error(0.25) < 0.01
    (True, True)
    >>> 5 < MeasuredTransition("HTP", "Spikes").k(50, 200) < 20
    True
    """

    reference: ClassVar[str] = "measured here in 2026; experiments/greedy_calibration.py"
    predicts: ClassVar[str] = "greedy solvers and message passing on Gaussian matrices with some hundred columns"
    solver: str = "OMP"
    signal: str = "Signs"
    n: int | None = None

    def __post_init__(self) -> None:
        known = sorted({(row["solver"], row["signal"]) for row in rows()})
        if (self.solver, self.signal) not in known:
            told = ", ".join(f"{solver} with {signal}" for solver, signal in known)
            raise ValueError(f"Nothing was measured of {self.solver!r} with {self.signal!r}; there are {told}.")
        if self.n is not None:
            whole_number(self.n, "n", 1)

    @property
    def start(self) -> float:
        return float(self._line.rho[0])

    @property
    def limit(self) -> float:
        return float(self._line.rho[-1])

    @property
    def rises(self) -> bool:
        return False

    @property
    def rows(self) -> tuple[dict[str, Any], ...]:
        """The rows of the table that it rests on."""
        return tuple(row for row in rows() if (row["solver"], row["signal"]) == (self.solver, self.signal))

    def error(self, delta: Any) -> Any:
        """The standard error of rho from the number of trials, within the measured range of delta.

        Parameters
        ----------
        delta : float or array
            m/n.
        """
        line, asked = self._line, np.asarray(delta, dtype=float)
        inside = (asked >= line.delta[0]) & (asked <= line.delta[-1])
        if not inside.all():
            raise ValueError(
                f"delta = {asked[~inside].flat[0]} was not measured, only {line.delta[0]:g} to {line.delta[-1]:g}; rho is "
                "continued there as a level, and nothing is known of its error."
            )
        found = np.interp(asked, line.delta, line.error)
        return float(found) if asked.ndim == 0 else found

    def at(self, n: int) -> MeasuredTransition:
        """The curve for matrices with n columns."""
        return dataclasses.replace(self, n=n)

    @property
    def _line(self) -> _Line:
        return _line(self.solver, self.signal, self.n)

    def _rho(self, delta: float) -> float:
        return float(np.interp(delta, self._line.delta, self._line.rho))


class _Line(NamedTuple):
    delta: np.ndarray
    rho: np.ndarray
    error: np.ndarray


@lru_cache(maxsize=1)
def rows() -> tuple[dict[str, Any], ...]:
    """The table: solver, signal, n, m, k50, its standard error, the slope of the probit, and the number of trials."""
    with TABLE.open(newline="", encoding="utf-8") as text:
        lines = [line for line in text if not line.startswith("#")]
    kinds = {"solver": str, "signal": str, "n": int, "m": int, "trials": int}
    return tuple({name: kinds.get(name, float)(value) for name, value in row.items()} for row in csv.DictReader(lines))


@lru_cache(maxsize=1024)
def _line(solver: str, signal: str, n: int | None) -> _Line:
    mine = [row for row in rows() if (row["solver"], row["signal"]) == (solver, signal)]
    sizes = sorted({row["n"] for row in mine})
    n = min(max(n or sizes[-1], sizes[0]), sizes[-1])
    found: dict[float, dict[int, tuple[float, float]]] = {}
    for row in mine:
        relative = math.log(row["k50"] / row["m"]), row["error"] / row["k50"]
        found.setdefault(row["m"] / row["n"], {})[row["n"]] = relative
    change, doubt = _change(found, sizes)
    deltas = sorted(found)
    logs, weights = np.zeros(len(deltas)), np.zeros(len(deltas))
    for i, delta in enumerate(deltas):
        for size, (log, error) in found[delta].items():
            logs[i] += (log + change * math.log(n / size)) / error**2
            weights[i] += 1 / error**2
    rho = np.exp(_rising(logs / weights, weights))
    middle = 0.5 * abs(math.log(sizes[-1] / sizes[0]))
    return _Line(np.array(deltas), rho, rho * np.sqrt(1 / weights + (middle * doubt) ** 2))


def _change(found: dict[float, dict[int, tuple[float, float]]], sizes: list[int]) -> tuple[float, float]:
    """d ln rho / d ln n from the smallest size to the largest, and its standard error."""
    pairs = [(at[sizes[0]], at[sizes[-1]]) for at in found.values() if sizes[0] in at and sizes[-1] in at]
    if len(sizes) == 1 or not pairs:
        return 0.0, 0.0
    steps = np.array([large[0] - small[0] for small, large in pairs])
    weights = 1 / np.array([large[1] ** 2 + small[1] ** 2 for small, large in pairs])
    span = math.log(sizes[-1] / sizes[0])
    return float(weights @ steps / weights.sum()) / span, float(1 / math.sqrt(weights.sum())) / span


def _rising(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The nearest sequence that does not fall, in weighted least squares: neighbours that fall are pooled."""
    pools: list[list[float]] = []
    for value, weight in zip(values, weights, strict=True):
        pools.append([float(value), float(weight), 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            last = pools.pop()
            both = pools[-1][1] + last[1]
            pools[-1] = [(pools[-1][0] * pools[-1][1] + last[0] * last[1]) / both, both, pools[-1][2] + last[2]]
    return np.concatenate([np.full(int(count), value) for value, _, count in pools])
