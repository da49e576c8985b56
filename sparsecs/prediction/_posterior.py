r"""What is believed of a success curve, before and after a few trials.

    P(success at k) = Phi( (k50 - k) / sigma )

    prior:   ln k50 ~ Student-t with 3 degrees of freedom about theory's value,   ln sigma ~ N(ln of theory's spread, 1/2)
    trial:   the probability of what was seen multiplies the belief, on a grid of (ln k50, ln sigma)

The heavy tails let a few trials overrule theory where it is wrong by a factor, and the narrow middle keeps it where it is
right. The next trial is made near the believed k50, or 0.8 spreads to either side of it, where a trial tells most.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.prediction._trials import Trials

DEGREES = 3.0
ASIDE = (-0.8, 0.0, 0.8)
STEP, REACH = 0.01, (-3.5, 1.5)  # of ln k50 about theory's value
NEGLIGIBLE = 1e-5  # of the largest weight; all such cells together hold less than a thousandth
SPREADS, SPREAD_ERROR = np.linspace(-1.2, 1.8, 25), 0.5  # of ln sigma about theory's value


@dataclass(frozen=True, eq=False)
class Posterior:
    """The belief on the grid.

    Parameters
    ----------
    k50 : (p, 1) array
    sigma : (1, q) array
    weight : (p, q) array
        Adds up to 1.
    """

    k50: np.ndarray
    sigma: np.ndarray
    weight: np.ndarray

    @classmethod
    def prior(cls, k50: float, scale: float, sigma: float) -> Posterior:
        """The belief before any trial: theory's value, the scale of its error in ln k50, and theory's spread."""
        away = np.arange(REACH[0], REACH[1] + STEP / 2, STEP)[:, None]
        log = -(DEGREES + 1) / 2 * np.log1p((away / scale) ** 2 / DEGREES) - (SPREADS / SPREAD_ERROR) ** 2 / 2
        return cls(k50 * np.exp(away), sigma * np.exp(SPREADS)[None], _normalized(log))

    def after(self, k: int, success: bool) -> Posterior:
        """The belief after a trial."""
        from scipy.special import log_ndtr

        z = (self.k50 - k) / self.sigma
        with np.errstate(divide="ignore"):
            return Posterior(self.k50, self.sigma, _normalized(np.log(self.weight) + log_ndtr(z if success else -z)))

    def next_k(self, rng: np.random.Generator) -> int:
        """Where the next trial tells much."""
        centre = float((self.weight * self.k50).sum())
        unsure = float(np.sqrt((self.weight * (self.k50 - centre) ** 2).sum()))
        return round(centre + rng.choice(ASIDE) * max(float((self.weight * self.sigma).sum()), unsure))

    def tried(self, trials: Trials, limit: int, rng: np.random.Generator) -> tuple[int, bool, Posterior]:
        """A trial with at most ``limit`` nonzeros: k, whether the signal was found, and the belief after it."""
        k = int(np.clip(self.next_k(rng), 1, limit))
        found = trials.toss(k, rng)
        return k, found, self.after(k, found)

    @property
    def centre(self) -> float:
        """exp of the mean of ln k50."""
        return float(np.exp(self.weight.sum(axis=1) @ np.log(self.k50[:, 0])))

    @property
    def error(self) -> float:
        """The standard deviation of ln k50."""
        log, weight = np.log(self.k50[:, 0]), self.weight.sum(axis=1)
        return float(np.sqrt(weight @ (log - weight @ log) ** 2))

    def success(self, k: np.ndarray) -> np.ndarray:
        """The expected success probability at each k of a (p,) array."""
        curves, weight = self._likely(k)
        return curves @ weight

    def band(self, k: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
        """Between which values the success probability at each k lies with this probability: two (p,) arrays."""
        curves, weight = self._likely(k)
        order = curves.argsort(axis=1)
        mass = weight[order].cumsum(axis=1)
        ends = []
        for tail in ((1 - confidence) / 2, (1 + confidence) / 2):
            place = np.minimum((mass < tail).sum(axis=1), weight.size - 1)
            ends.append(curves[np.arange(k.size), order[np.arange(k.size), place]])
        return ends[0], ends[1]

    def _likely(self, k: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The curves worth counting at each k, (p, c), and their weights, (c,)."""
        from scipy.special import ndtr

        row, column = np.nonzero(self.weight > NEGLIGIBLE * self.weight.max())
        weight = self.weight[row, column]
        curves = ndtr((self.k50[row, 0] - k[:, None]) / self.sigma[0, column])
        return curves, weight / weight.sum()


def _normalized(log: np.ndarray) -> np.ndarray:
    weight = np.exp(log - log.max())
    return weight / weight.sum()
