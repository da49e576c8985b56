r"""What is believed of a success curve when each trial is judged by the margin of its own support.

    success on S = Phi( (r e^theta - psi_S + c_S) / (e^lambda s_S) ),      success at k: its mean over supports of size k

    prior:   theta ~ Student-t with 3 degrees of freedom,   lambda ~ N(SPREAD, SPREAD_ERROR)
    trial:   the probability of what was seen multiplies the belief, on a grid of (theta, lambda)

theta is how much of the rank counts. A trial on a support that the law holds for surely lost or surely found says nothing, so of
a few random supports of a size near the 50 % point the one is tried whose margin is nearest to zero. That is fair: the choice
depends on the support alone, on which the probability is conditioned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sparsecs.prediction._margins import Margins
from sparsecs.prediction._theory import unsure
from sparsecs.prediction._trials import Trials

DEGREES, SCALE = 3.0, 0.03  # of theta
SHIFTS, WIDER = np.arange(-1.6, 0.5, 0.005)[:, None], np.linspace(-1.2, 2.2, 29)[None]
SPREAD, SPREAD_ERROR = 0.1, 0.5  # of lambda
LEVELS = (0.75, 0.5, 0.25)  # trials are made where success is believed to be that
NEAR, TRIES = 1.2, 8  # a margin that is near enough to zero; supports that are looked at to find one
TINY = 1e-12  # the least probability of anything: no law is surer than that
CURVES = 64  # that stand for the belief
FEWEST, MOST, EXACT = 48, 480, 0.012  # supports that the law is averaged over; the error of the mean success aimed at


@dataclass(frozen=True, eq=False)
class MarginPosterior:
    """The belief on the grid.

    Parameters
    ----------
    margins : Margins
    k : (p,) increasing array of int
        Sparsities at which curves are held, from 1 up.
    needed, spread : (b, d, p) arrays
        Of d random supports of each size, for b blocks.
    log : (shifts, wider) array
        Logarithm of the belief, up to a constant.
    """

    margins: Margins
    k: np.ndarray
    needed: np.ndarray
    spread: np.ndarray
    log: np.ndarray

    @classmethod
    def prior(
        cls, margins: Margins, limit: int, order: Callable[[], np.ndarray], scale: float = SCALE, wider: float = SPREAD
    ) -> MarginPosterior:
        """The belief before any trial; ``order`` draws a random order of the columns."""
        k = np.unique(np.concatenate([np.arange(1, min(limit, 9)), np.geomspace(1, limit, 32).round()])).astype(int)
        drawn: list[tuple[np.ndarray, np.ndarray]] = []
        found = np.empty((0, k.size))
        while len(drawn) < FEWEST or (len(drawn) < MOST and unsure(found) > EXACT):
            fresh = [margins.at(order(), k) for _ in range(FEWEST)]
            drawn += fresh
            found = np.concatenate([found, [margins.success(*one, 0.0, 0.0) for one in fresh]])
        needed, spread = (np.stack([one[part] for one in drawn], axis=1) for part in (0, 1))
        log = -(DEGREES + 1) / 2 * np.log1p((SHIFTS / scale) ** 2 / DEGREES)
        return cls(margins, k, needed, spread, log - ((WIDER - wider) / SPREAD_ERROR) ** 2 / 2)

    def after(self, order: np.ndarray, k: int, success: bool) -> MarginPosterior:
        """The belief after a trial on the first k of an order."""
        needed, spread = self.margins.at(order, np.array([k]))
        chance = self.margins.success(needed, spread, SHIFTS, WIDER)
        return replace(self, log=self.log + np.log(np.maximum(chance if success else 1 - chance, TINY)))

    def next(
        self, order: Callable[[np.random.Generator], np.ndarray], rng: np.random.Generator
    ) -> tuple[np.ndarray, int]:
        """An order and a k: the support to try next."""
        from scipy.special import ndtri

        weight = self.weight
        shift, wider = float(weight.sum(axis=1) @ SHIFTS[:, 0]), float(weight.sum(axis=0) @ WIDER[0])
        curve = self.margins.success(self.needed, self.spread, shift, wider).mean(axis=0)
        falling = np.minimum.accumulate(np.concatenate([[1.0], curve]))
        place = np.interp(-LEVELS[rng.integers(len(LEVELS))], -falling, np.concatenate([[0], self.k]))
        k = int(np.clip(round(place + rng.uniform(-0.5, 0.5)), 1, self.k[-1]))
        best, chosen = np.inf, None
        for _ in range(TRIES):
            candidate = order(rng)
            needed, spread = self.margins.at(candidate, np.array([k]))
            away = abs(float(ndtri(self.margins.success(needed, spread, shift, wider)[0])))
            if chosen is None or away < best:
                best, chosen = away, candidate
            if best < NEAR:
                break
        assert chosen is not None
        return chosen, k

    def tried(self, trials: Trials, limit: int, rng: np.random.Generator) -> tuple[int, bool, MarginPosterior]:
        """A trial with at most ``limit`` nonzeros: k, whether the signal was found, and the belief after it."""
        order, k = self.next(trials.order, rng)
        k = min(k, limit, order.size)
        found = trials.toss_on(order[:k], rng)
        return k, found, self.after(order, k, found)

    @cached_property
    def weight(self) -> np.ndarray:
        """The belief, which adds up to 1."""
        weight = np.exp(self.log - self.log.max())
        return weight / weight.sum()

    @cached_property
    def _curves(self) -> np.ndarray:
        """Curves at 0 and ``k`` that stand for the belief, each as likely as the others, (CURVES, p + 1)."""
        mass = self.weight.ravel().cumsum()
        cells = np.minimum(np.searchsorted(mass, (np.arange(CURVES) + 0.5) / CURVES), mass.size - 1)
        out = np.ones((CURVES, self.k.size + 1))
        for row, (i, j) in enumerate(zip(*np.unravel_index(cells, self.weight.shape), strict=True)):
            out[row, 1:] = self.margins.success(self.needed, self.spread, SHIFTS[i], WIDER[0, j]).mean(axis=0)
        return out

    @cached_property
    def _logs(self) -> np.ndarray:
        """ln k50 of each of the curves."""
        k = np.concatenate([[0], self.k])
        falling = np.minimum.accumulate(self._curves, axis=1)
        return np.log([max(_half(k, curve), 0.25) for curve in falling])

    @property
    def centre(self) -> float:
        """exp of the mean of ln k50."""
        return float(np.exp(self._logs.mean()))

    @property
    def error(self) -> float:
        """The standard deviation of ln k50: of the belief, and of the mean over supports."""
        return float(np.hypot(self._logs.std(), self._sampling))

    @property
    def _sampling(self) -> float:
        """The standard error of ln k50 that comes from averaging over some supports only."""
        k, mean = np.concatenate([[0], self.k]), self._curves.mean(axis=0)
        at = int(np.abs(mean[1:] - 0.5).argmin())
        found = self.margins.success(self.needed, self.spread, 0.0, 0.0)[:, at]
        steep = abs(np.gradient(mean, np.log(k + 0.5))[at + 1])
        return float(found.std() / np.sqrt(len(found)) / max(steep, 1e-3))

    def success(self, k: np.ndarray) -> np.ndarray:
        """The expected success probability at each k of a (p,) array."""
        return self._at(k).mean(axis=0)

    def band(self, k: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
        """Between which values the success probability at each k lies with this probability: two (p,) arrays."""
        low, high = np.quantile(self._at(k), [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
        return low, high

    def _at(self, k: np.ndarray) -> np.ndarray:
        from scipy.special import ndtr, ndtri

        known = np.concatenate([[0], self.k])
        quantiles = ndtri(np.clip(self._curves, 1e-12, 1 - 1e-12))
        return np.array([np.where(k > known[-1], 0.0, ndtr(np.interp(k, known, curve))) for curve in quantiles])


def _half(k: np.ndarray, falling: np.ndarray) -> float:
    """Where a falling curve, straight between its points on the probit scale, crosses one half."""
    from scipy.special import ndtri

    end = int(np.argmax(falling < 0.5)) if falling[-1] < 0.5 else k.size - 1
    above, below = ndtri(np.clip(falling[end - 1 : end + 1], 1e-12, 1 - 1e-12))
    return float(k[end - 1] + (k[end] - k[end - 1]) * np.clip(above / max(above - below, 1e-12), 0, 1))
