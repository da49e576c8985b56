r"""The mean-square error of a denoiser on a sparse signal in Gaussian noise, an integral over what is seen, r = x + sqrt(v) z.

Coefficients are zero, or from parts that are Gaussian (mean mu, deviation d, which may be zero). In a part, r is Gaussian of
variance d^2 + v, and what is known of x from it is Gaussian of mean mu + g (r - mu) and variance v g, g = d^2 / (d^2 + v), so

    E (f(r) - x)^2 = E (f(r) - mu - g (r - mu))^2 + v g.

f may have kinks and steep parts, near zero on the scale of sqrt(v): Gauss's rule is used on panels that are halved until halving
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sparsecs.denoisers.base import Denoiser

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
WIDE = 13.0  # deviations
ROUNDS = 48
SHARP, COARSE = (
    1e-14,
    1e-11,
)  # of the whole, for a panel; a derivative may jump, which halving comes to terms with slowly
MANY = 2000  # panels that rounding alone can make rough
NEAR = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 13.0])

Parts = tuple[tuple[float, float, float], ...]  # chance, mean, deviation


def error_in_noise(denoiser: Denoiser, rate: float, parts: Parts, variance: float) -> float:
    """The mean-square error of the denoiser, for nonzeros from ``parts`` at this rate, in noise of this variance."""
    total = 0.0
    for chance, mean, deviation in _all(rate, parts):
        spread = float(np.hypot(deviation, np.sqrt(variance)))
        gain = (deviation / spread) ** 2

        def square(r: np.ndarray, mean: float = mean, gain: float = gain) -> np.ndarray:
            return np.asarray((denoiser.denoise(r, variance)[0] - mean - gain * (r - mean)) ** 2)

        total += chance * (_mean(square, mean, spread, variance, SHARP) + variance * gain)
    return total


def slope_in_noise(denoiser: Denoiser, rate: float, parts: Parts, variance: float) -> float:
    """The mean of the denoiser's derivative."""
    total = 0.0
    for chance, mean, deviation in _all(rate, parts):
        spread = float(np.hypot(deviation, np.sqrt(variance)))
        total += chance * _mean(lambda r: denoiser.denoise(r, variance)[1], mean, spread, variance, COARSE)
    return total


def _all(rate: float, parts: Parts) -> Parts:
    """Zeros too."""
    return tuple(part for part in ((1 - rate, 0.0, 0.0), *((rate * c, mu, d) for c, mu, d in parts)) if part[0] > 0)


def _cuts(mean: float, spread: float, variance: float) -> np.ndarray:
    """Where the panels begin: every deviation, and close together where noise could be taken for a signal."""
    far, noise = spread * WIDE, float(np.sqrt(variance))
    scales = np.append(NEAR * noise, np.geomspace(WIDE * noise, WIDE * noise + far, 12)[1:])
    cuts = np.concatenate([mean + spread * np.linspace(-WIDE, WIDE, 14), -scales, [0.0], scales])
    return np.unique(cuts[np.abs(cuts - mean) <= far])


def _mean(
    function: Callable[[np.ndarray], np.ndarray], mean: float, spread: float, variance: float, tolerance: float
) -> float:
    """The mean of a function of a Gaussian variable."""
    cuts = _cuts(mean, spread, variance)
    low, high, total = cuts[:-1], cuts[1:], 0.0
    whole = _panels(function, mean, spread, low, high)
    for _ in range(ROUNDS):
        middle = 0.5 * (low + high)
        left, right = (_panels(function, mean, spread, a, b) for a, b in ((low, middle), (middle, high)))
        rough = np.abs(left + right - whole) > tolerance * (abs(total) + float(np.abs(whole).sum()))
        total += float((left + right)[~rough].sum())
        if not rough.any():
            return total
        low, high = np.append(low[rough], middle[rough]), np.append(middle[rough], high[rough])
        whole = np.append(left[rough], right[rough])
        if low.size > MANY:
            break
    return total + float(whole.sum())


def _panels(
    function: Callable[[np.ndarray], np.ndarray], mean: float, spread: float, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Gauss's rule on each panel."""
    half = 0.5 * (high - low)
    r = (low + half)[:, None] + half[:, None] * NODES
    density = np.exp(-0.5 * ((r - mean) / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
    return np.asarray((function(r.ravel()).reshape(r.shape) * density) @ WEIGHTS * half)
