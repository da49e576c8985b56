r"""The exact statistical dimension of a descent cone with no matrix, as an integral over the ray of subdifferentials.

With M(t) = dist^2(g, t df(x)), convex in t, delta = E min_t M(t), and since min M = M(0) - int (-M')_+ dt,

    delta = E M(0) - 2 int_0^inf E (X_t)_+ dt,     X_t = -M'(t)/2 = sqrt(p_p) Z - t p_p + sum_i q_i (v_i - t q_i)_+

a sum of independent variables, whose characteristic function psi is known:

    E X_+ = 1/2 (E X + E|X|),     E|X| = 2/pi int_0^inf (1 - Re psi(u)) / u^2 du

v_i is |g|, g or a norm of several g. Left of a window in t, X is positive up to exp(-72), and the integral is closed: it turns
E M(0) into E M(t_1). Right of it E X_+ vanishes as fast. min_t E M(t) is the usual closed form, an upper bound, too large by
at most 2 |s|/f(x/|x|) for the largest subgradient s (Amelunxen, Lotz, McCoy and Tropp 2014, Theorem 4.3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sparsecs.geometry.descent_cone import DescentCone

WIDE = 12.0  # deviations on both sides of the window
NODES = np.polynomial.legendre.leggauss(96)


class Kind(NamedTuple):
    """Several variables of one law: ``number`` norms of ``size`` coordinates (0: one coordinate with its sign), at price q."""

    q: float
    size: int
    number: int


def kinds_of(cone: DescentCone) -> list[Kind]:
    """The laws of the v_i, each once."""
    sizes = np.where(cone.side != 0, 0, np.diff(cone.edges))
    first = cone.edges[:-1]
    q = cone.price + cone.side * cone.linear[first] if cone.rest.size else cone.price
    return [Kind(*key, count) for key, count in Counter(zip(q.tolist(), sizes.tolist(), strict=True)).items()]


def exact_dimension(cone: DescentCone) -> float:
    """δ, to about 1e-11 of n; prices must be at least zero and some pull not zero."""
    from scipy.optimize import brentq

    kinds, pull = kinds_of(cone), float(cone.pull @ cone.pull)
    free = cone.free.size

    def room(t: float, sign: float) -> float:
        mean, spread = _moments(t, kinds, pull)
        return mean - sign * WIDE * spread

    first = 0.0 if room(0.0, 1.0) <= 0 else float(brentq(room, 0.0, _beyond(lambda t: room(t, 1.0)), args=(1.0,)))
    last = float(brentq(room, first, _beyond(lambda t: room(t, -1.0)), args=(-1.0,)))
    points, weights = _on(first, last, 1)
    spare = [_positive_part(float(t), kinds, pull) for t in points]
    return mean_distance(first, kinds, pull, free) - 2 * float(weights @ np.array(spare))


def bound(cone: DescentCone) -> tuple[float, float]:
    """min_t E M(t), and the most it may lie above δ; infinite where the theorem does not speak."""
    from scipy.optimize import brentq

    kinds, pull = kinds_of(cone), float(cone.pull @ cone.pull)
    slope = _moments(0.0, kinds, pull)[0]
    t = float(
        brentq(lambda t: _moments(t, kinds, pull)[0], 0.0, _beyond(lambda t: _moments(t, kinds, pull)[0]), xtol=1e-14)
    )
    value = mean_distance(t if slope > 0 else 0.0, kinds, pull, cone.free.size)
    largest = pull + sum(kind.number * kind.q**2 for kind in kinds)
    slack = 2 * float(np.sqrt(largest / pull)) if cone.two_sided else np.inf
    return value, min(slack, value)


def mean_distance(t: float, kinds: list[Kind], pull: float, free: int) -> float:
    """E M(t)."""
    return free + t * t * pull + sum(kind.number * _tails(t * kind.q, kind.size)[1] for kind in kinds)


def _moments(t: float, kinds: list[Kind], pull: float) -> tuple[float, float]:
    """E X, and a deviation: the root of p_p + Σ q² E (v − t q)₊²."""
    mean, square = -t * pull, pull
    for kind in kinds:
        first, second = _tails(t * kind.q, kind.size)
        mean += kind.number * kind.q * first
        square += kind.number * kind.q**2 * second
    return mean, square**0.5


def _beyond(function: Callable[[float], float]) -> float:
    """A t at which a function that becomes negative is so."""
    t = 1.0
    while function(t) >= 0:
        t *= 2
    return t


def _tails(t: float, size: int) -> tuple[float, float]:
    """E (v − t)₊ and E (v − t)₊² of a norm of ``size`` coordinates, or of one coordinate with its sign."""
    from scipy.special import gammaincc, gammaln, ndtr

    if size <= 1:
        factor = 2.0 if size else 1.0
        density, tail = factor * np.exp(-0.5 * t * t) / np.sqrt(2 * np.pi), factor * ndtr(-t)
        return float(density - t * tail), float((1 + t * t) * tail - t * density)
    power = [
        2 ** (s / 2) * np.exp(gammaln((size + s) / 2) - gammaln(size / 2)) * gammaincc((size + s) / 2, t * t / 2)
        for s in range(3)
    ]
    return max(float(power[1] - t * power[0]), 0.0), max(float(power[2] - 2 * t * power[1] + t * t * power[0]), 0.0)


def _on(low: float, high: float, pieces: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of Gauss's rule, on equal pieces of an interval."""
    cuts = np.linspace(low, high, pieces + 1)
    half = np.diff(cuts) / 2
    return (cuts[:-1, None] + half[:, None] * (1 + NODES[0])).ravel(), (half[:, None] * NODES[1]).ravel()


def _positive_part(t: float, kinds: list[Kind], pull: float) -> float:
    """E (X_t)₊."""
    mean, spread = _moments(t, kinds, pull)
    last, middle = 9.0 / np.sqrt(pull), 9.0 / spread
    total = 0.0
    for low, high, pieces in ((0.0, middle, 2), (middle, last, 1 + int(np.ceil(np.log2(last / middle))))):
        if high <= low * (1 + 1e-9):
            continue
        u, weights = _on(low, high, pieces)
        wave = -0.5 * pull * u * u - 1j * u * t * pull
        for kind in kinds:
            wave = wave + kind.number * np.log(_wave(u * kind.q, t * kind.q, kind.size))
        total += float(weights @ ((1 - np.exp(wave).real) / u**2))
    return 0.5 * mean + (total + 1 / last) / np.pi


def _wave(u: np.ndarray, t: float, size: int) -> np.ndarray:
    """E exp(i u (v − t)₊)."""
    from scipy.special import gammainc, gammaln, ndtr, wofz

    if size <= 1:
        factor = 2.0 if size else 1.0
        density = factor * np.exp(-0.5 * t * t) / np.sqrt(2 * np.pi)
        return 1 - factor * ndtr(-t) + density * np.sqrt(np.pi / 2) * wofz((u + 1j * t) / np.sqrt(2))
    low = max(t, size**0.5 - 10.0, 0.0)
    v, weights = _on(low, max(t, size**0.5) + 10.0, 1)
    density = np.exp((size - 1) * np.log(v) - 0.5 * v * v - (size / 2 - 1) * np.log(2) - gammaln(size / 2))
    below = float(gammainc(size / 2, t * t / 2))
    return below + np.exp(1j * u[:, None] * (v - t)) @ (weights * density)
