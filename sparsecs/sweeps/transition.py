r"""Where success turns to failure: a logistic or probit fit of the 50 % point.

    P(success at x) = F( b (c - x) ),    F the logistic or the normal distribution function,    b > 0

c is the transition. Its estimate maximises the likelihood, and its interval is a profile likelihood interval: all c for
which twice the loss in log-likelihood, with the best b for each, is below the quantile of chi^2 with one degree of
freedom. This stays honest when the data jump from all successes to none, where an estimate by derivatives has no error at
all, or an infinite one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sparsecs.core.checks import one_of, probability, vector

STEEPEST = 1e6  # b times the smallest step in x: as good as a jump
FLATTEST = 1e-3  # b times the whole range of x: as good as level


@dataclass(frozen=True)
class Transition:
    """The fitted 50 % point.

    Attributes
    ----------
    value : float
        An estimate: where the fitted curve crosses one half; NaN if success does not turn to failure.
    lower, upper : float
        The ends of its confidence interval, infinite where the data set no bound.
    slope : float
        b, in units of the link function for each unit of x.
    link : str
    """

    value: float
    lower: float
    upper: float
    slope: float
    link: str

    @property
    def error(self) -> float:
        """Half the width of the interval, divided by 1.96: a standard error if the confidence is 95 %."""
        return (self.upper - self.lower) / 2 / 1.959963984540054


def fit_transition(x: Any, trials: Any, successes: Any, link: str = "logit", confidence: float = 0.95) -> Transition:
    """The point at which the success probability falls through one half.

    Parameters
    ----------
    x : (c,) array
        Where the trials were made, at least two different values.
    trials, successes : (c,) arrays of counts
    link : {"logit", "probit"}
    confidence : float

    Returns
    -------
    Transition

    Examples
    --------
    >>> from sparsecs import fit_transition
    >>> fit = fit_transition([1, 2, 3, 4], [20, 20, 20, 20], [20, 15, 5, 0])
    >>> round(fit.value, 6), fit.lower < 2.5 < fit.upper
    (2.5, True)
    """
    from scipy.special import chdtri

    one_of(link, "link", ("logit", "probit"))
    probability(confidence, "confidence")
    likelihood = _Likelihood.of(x, trials, successes, link)
    value, best = likelihood.summit()
    bar = best - float(chdtri(1, 1 - confidence)) / 2
    falls = likelihood.falls and 0 < likelihood.hits.sum() < likelihood.counts.sum()
    return Transition(
        value if falls else float("nan"), *likelihood.where_above(bar, value), likelihood.profile(value)[1], link
    )


@dataclass(frozen=True, eq=False)
class _Likelihood:
    """The log-likelihood of the data, and its profile over c: the best value that any b > 0 gives."""

    points: np.ndarray
    counts: np.ndarray
    hits: np.ndarray
    link: str

    @classmethod
    def of(cls, x: Any, trials: Any, successes: Any, link: str) -> _Likelihood:
        points, counts, hits = (vector(v, name) for v, name in ((x, "x"), (trials, "trials"), (successes, "successes")))
        if not points.shape == counts.shape == hits.shape:
            raise ValueError(
                f"x, trials and successes must be of one length; they have {points.size}, {counts.size} and {hits.size}."
            )
        if (hits > counts).any() or (hits < 0).any() or (counts % 1 != 0).any() or (hits % 1 != 0).any():
            raise ValueError("trials and successes must be whole numbers with 0 <= successes <= trials.")
        places, where = np.unique(points, return_inverse=True)
        if places.size < 2:
            raise ValueError("A transition needs trials at two places or more; all were made at one.")
        return cls(places, np.bincount(where, counts), np.bincount(where, hits), link)

    @property
    def falls(self) -> bool:
        """Whether success is rarer at larger x, all in all."""
        centre = self.points @ self.counts / max(self.counts.sum(), 1)
        return bool(
            (self.points - centre) @ (self.hits - self.counts * self.hits.sum() / max(self.counts.sum(), 1)) < 0
        )

    @property
    def centres(self) -> np.ndarray:
        """Where c is looked for: every tenth of the way between two places, and far to both sides."""
        inner = np.concatenate([np.linspace(a, b, 10, endpoint=False) for a, b in pairwise(self.points)])
        span = self.points[-1] - self.points[0]
        far = span * np.geomspace(0.01, 4, 30)
        return np.concatenate([self.points[0] - far[::-1], inner, [self.points[-1]], self.points[-1] + far])

    def profile(self, c: float) -> tuple[float, float]:
        """The best log-likelihood for this c, and its b."""
        from scipy.optimize import minimize_scalar

        span, step = self.points[-1] - self.points[0], np.diff(self.points).min()
        best = minimize_scalar(
            lambda log_b: -self._at(np.exp(log_b) * (c - self.points)),
            bounds=(np.log(FLATTEST / span), np.log(STEEPEST / step)),
            method="bounded",
            options={"xatol": 1e-7},
        )
        return -float(best.fun), float(np.exp(best.x))

    def summit(self) -> tuple[float, float]:
        """The c with the highest profile, the middle one of many, and its height."""
        from scipy.optimize import minimize_scalar

        centres = self.centres
        heights = np.array([self.profile(c)[0] for c in centres])
        flat = np.flatnonzero(heights >= heights.max() - 1e-6)
        value = float((centres[flat[0]] + centres[flat[-1]]) / 2)
        if flat[-1] - flat[0] < 5:  # no plateau: go to the top itself
            near = centres[max(flat[0] - 1, 0)], centres[min(flat[-1] + 1, centres.size - 1)]
            found = minimize_scalar(
                lambda c: -self.profile(c)[0], bounds=near, method="bounded", options={"xatol": 1e-9}
            )
            value = float(found.x)
        return value, max(self.profile(value)[0], float(heights.max()))

    def where_above(self, bar: float, value: float) -> tuple[float, float]:
        """The ends of the range of c around ``value`` whose profile is above ``bar``; infinite where it has no end."""
        from scipy.optimize import brentq

        ends = []
        for side, infinity in (
            (self.centres[self.centres < value][::-1], -np.inf),
            (self.centres[self.centres > value], np.inf),
        ):
            inside, end = value, infinity
            for c in side:
                if self.profile(c)[0] < bar:
                    end = float(brentq(lambda c: self.profile(c)[0] - bar, inside, c, xtol=1e-10))
                    break
                inside = c
            ends.append(end)
        return ends[0], ends[1]

    def _at(self, eta: np.ndarray) -> float:
        from scipy.special import log_expit, log_ndtr

        log_cdf = log_expit if self.link == "logit" else log_ndtr
        eta = np.clip(eta, -1e8, 1e8)
        return float(self.hits @ log_cdf(eta) + (self.counts - self.hits) @ log_cdf(-eta))
