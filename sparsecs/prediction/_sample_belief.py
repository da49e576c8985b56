r"""What is believed of success as a function of the number of samples, before and after trials.

P(success at N) = c Phi( (ln N - mu) / sigma ),      c the share of tickets that any number of samples tells

prior:   mu ~ Student-t with 3 degrees of freedom about theory's value,    ln sigma ~ N(ln of theory's spread, 1/2)
trial:   the probability of what was seen multiplies the belief, on a grid of (mu, ln sigma)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

DEGREES = 3.0
ASIDE = (-0.8, 0.0, 0.8)  # spreads from the centre, where a trial tells most
STEP, REACH = 0.01, (-1.5, 3.5)  # of mu about theory's value
NEGLIGIBLE = 1e-6  # of the largest weight
DOUBT = 0.15  # times sqrt(M (1 - M)): how well M is known from a dozen samples
SPREADS, SPREAD_ERROR = np.linspace(-1.2, 1.8, 25), 0.5  # of ln sigma about theory's value


@dataclass(frozen=True, eq=False)
class SampleBelief:
    """The belief on the grid.

    Parameters
    ----------
    mu : (p, 1) array
    sigma : (1, q) array
    weight : (p, q) array
        Adds up to 1.
    share : float
        c.
    seen : pair of arrays
        ln N, rising, and M there; constant beyond.
    """

    mu: np.ndarray
    sigma: np.ndarray
    weight: np.ndarray
    share: float
    seen: tuple[np.ndarray, np.ndarray]

    @classmethod
    def prior(
        cls, centre: float, scale: float, spread: float, share: float, seen: tuple[np.ndarray, np.ndarray]
    ) -> SampleBelief:
        """Theory's value and the scale of its error, both in ln N; theory's spread; c and M."""
        away = np.arange(REACH[0], REACH[1] + STEP / 2, STEP)[:, None]
        log = -(DEGREES + 1) / 2 * np.log1p((away / scale) ** 2 / DEGREES) - (SPREADS / SPREAD_ERROR) ** 2 / 2
        return cls(centre + away, spread * np.exp(SPREADS)[None], _normalized(log), share, seen)

    def after(self, samples: int, success: bool) -> SampleBelief:
        """The belief after a trial."""
        chance = self._chance(float(np.log(samples)))
        with np.errstate(divide="ignore"):
            log = np.log(self.weight) + np.log(chance if success else 1 - chance)
        return replace(self, weight=_normalized(log))

    def next_samples(self, rng: np.random.Generator) -> int:
        """Where the next trial tells much."""
        centre = float((self.weight * self.mu).sum())
        unsure = float(np.sqrt((self.weight * (self.mu - centre) ** 2).sum()))
        return round(float(np.exp(centre + rng.choice(ASIDE) * max(float((self.weight * self.sigma).sum()), unsure))))

    def where(self, level: float) -> tuple[float, float]:
        """The mean and standard deviation of ln N at which success passes ``level``; infinite if that is mostly beyond."""
        from scipy.special import ndtr

        row, column = np.nonzero(self.weight > NEGLIGIBLE * self.weight.max())
        mu, sigma, weight = self.mu[row, 0], self.sigma[0, column], self.weight[row, column]
        x = np.arange(mu.min() - 4, max(mu.max() + 2, self.seen[0][-1]), STEP)
        low, ceiling = np.zeros(mu.size), self.share * np.interp(x, *self.seen)
        with np.errstate(divide="ignore"):
            needed = level / ceiling
        for step in 2.0 ** np.arange(int(np.log2(x.size)), -1, -1):  # bisection: the curves rise
            at = np.minimum(low + step, x.size).astype(int) - 1
            low = np.where(ndtr((x[at] - mu) / sigma) < needed[at], np.minimum(low + step, x.size), low)
        beyond = low >= x.size
        if weight[beyond].sum() > 0.5 * weight.sum():
            return np.inf, np.inf
        weight, found = weight[~beyond] / weight[~beyond].sum(), x[low[~beyond].astype(int)]
        mean = float(weight @ found)
        M, rise = (
            float(np.interp(mean, *self.seen)),
            np.diff(self.success(np.exp(mean + np.array([-0.05, 0.05]))))[0] / 0.1,
        )
        doubt = DOUBT * float(np.sqrt(M * (1 - M))) / max(float(rise), 1e-3)
        return mean, float(np.sqrt(weight @ (found - mean) ** 2 + doubt**2))

    def success(self, samples: np.ndarray) -> np.ndarray:
        """The expected success probability at each N of a (p,) array, all above 0."""
        return np.array([(self.weight * self._chance(float(x))).sum() for x in np.log(samples)])

    def _chance(self, x: float) -> np.ndarray:
        from scipy.special import ndtr

        return np.clip(self.share * np.interp(x, *self.seen) * ndtr((x - self.mu) / self.sigma), 1e-12, 1 - 1e-12)


def _normalized(log: np.ndarray) -> np.ndarray:
    weight = np.exp(log - log.max())
    return weight / weight.sum()
