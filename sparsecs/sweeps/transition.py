r"""Where success turns to failure: a logistic or probit fit of the 50 % point.

    P(success at x) = F( b (c - x) ),    F the logistic or the normal distribution function,    b > 0

c is the transition. Its estimate maximises the likelihood, and its interval is a profile likelihood interval: all c for
which twice the loss in log-likelihood, with the best b for each, is below the quantile of chi^2 with one degree of
freedom. This stays honest when the data jump from all successes to none, where an estimate by derivatives has no error at
all, or an infinite one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import one_of, vector

STEEPEST = 50.0  # b times the smallest step in x: steeper curves cannot be told apart


@dataclass(frozen=True)
class Transition:
    """The fitted 50 % point.

    Attributes
    ----------
    value : float
        An estimate: where the fitted curve crosses one half; NaN if success never turned to failure.
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
    from scipy.optimize import brentq, minimize_scalar
    from scipy.special import chdtri

    one_of(link, "link", ("logit", "probit"))
    points, counts, hits = (vector(v, name) for v, name in ((x, "x"), (trials, "trials"), (successes, "successes")))
    order = np.argsort(points)
    points, counts, hits = points[order], counts[order], hits[order]
    if not points.shape == counts.shape == hits.shape or (hits > counts).any() or (hits < 0).any():
        raise ValueError("x, trials and successes must be of one length, with 0 <= successes <= trials.")
    steps = np.diff(np.unique(points))
    if steps.size == 0:
        raise ValueError("A transition needs trials at two places or more; all were made at one.")
    steepest, span = STEEPEST / steps.min(), points[-1] - points[0]
    window = points[0] - 2 * span, points[-1] + 2 * span

    def profile(c: float) -> tuple[float, float]:
        """The best log-likelihood for this c, and its b."""
        best = minimize_scalar(
            lambda log_b: -_log_likelihood(np.exp(log_b) * (c - points), counts, hits, link),
            bounds=(np.log(1e-3 / span), np.log(steepest)),
            method="bounded",
            options={"xatol": 1e-7},
        )
        return -float(best.fun), float(np.exp(best.x))

    centres = np.linspace(*window, 201)
    heights = np.array([profile(c)[0] for c in centres])
    top = int(np.argmax(heights))
    flat = np.flatnonzero(heights >= heights[top] - 1e-9)  # a jump leaves a range of equally good c: take its middle
    value = float(centres[flat].mean())
    if flat.size == 1:
        near = centres[max(top - 1, 0)], centres[min(top + 1, 200)]
        value = float(
            minimize_scalar(lambda c: -profile(c)[0], bounds=near, method="bounded", options={"xatol": 1e-9}).x
        )
    best, slope = profile(value)
    bar = best - float(chdtri(1, 1 - confidence)) / 2

    def excess(c: float) -> float:
        return profile(c)[0] - bar

    below, above = centres[(centres < value) & (heights < bar)], centres[(centres > value) & (heights < bar)]
    lower = float(brentq(excess, below[-1], value)) if below.size else -np.inf
    upper = float(brentq(excess, value, above[0])) if above.size else np.inf
    turned = 0 < hits.sum() < counts.sum()
    return Transition(value if turned else float("nan"), lower, upper, slope, link)


def _log_likelihood(eta: np.ndarray, counts: np.ndarray, hits: np.ndarray, link: str) -> float:
    from scipy.special import log_expit, log_ndtr

    log_cdf = log_expit if link == "logit" else log_ndtr
    return float(hits @ log_cdf(eta) + (counts - hits) @ log_cdf(-eta))
