r"""The mean-square error of a denoiser on a sparse signal in Gaussian noise, an integral over what is seen, r = x + sqrt(v) z.

Coefficients are zero, or from parts that are Gaussian (mean mu, deviation d, which may be zero). In a part, r is Gaussian of
variance d^2 + v, and what is known of x from it is Gaussian of mean mu + g (r - mu) and variance v g, g = d^2 / (d^2 + v), so

    E (f(r) - x)^2 = E (f(r) - mu - g (r - mu))^2 + v g.

f may have kinks and steep parts, near zero on the scale of sqrt(v): Lobatto's rule is used on panels that are split until
splitting changes nothing. It looks at the ends of a panel, so that a kink close to one does not hide.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sparsecs.denoisers.base import Denoiser

ORDER = 16
INNER = np.polynomial.legendre.Legendre.basis(ORDER - 1)
NODES = np.concatenate([[-1.0], np.sort(INNER.deriv().roots().real), [1.0]])
WEIGHTS = 2 / (ORDER * (ORDER - 1) * INNER(NODES) ** 2)
FEW = np.polynomial.legendre.leggauss(8)
WIDE = 13.0  # deviations
ROUNDS = 64
SHARP, COARSE = 1e-14, 1e-11  # of the whole, for a panel; a derivative may jump, and then each split gains one bit
SPLIT = 0.45  # not one half: a jump near the middle would look the same before and after
EPS = float(np.finfo(np.float64).eps)
MANY = 2000  # panels that rounding alone can make rough
NEAR = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 13.0])

Parts = tuple[tuple[float, float, float], ...]  # chance, mean, deviation
Function = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def error_in_noise(denoiser: Denoiser, rate: float, parts: Parts, variance: float) -> float:
    """The mean-square error of the denoiser, for nonzeros from ``parts`` at this rate, in noise of this variance."""
    law = _Seen(rate, parts, variance)

    def square(r: np.ndarray, mean: np.ndarray, gain: np.ndarray) -> np.ndarray:
        return np.asarray((denoiser.denoise(r.ravel(), variance)[0].reshape(r.shape) - mean - gain * (r - mean)) ** 2)

    rounding = 1 + float((np.abs(law.centre) + law.spread).max()) / law.noise  # of r, in deviations of the noise
    return law.mean(square, max(SHARP, 2 * EPS * rounding)) + variance * float(law.chance @ law.gain)


def slope_in_noise(denoiser: Denoiser, rate: float, parts: Parts, variance: float) -> float:
    """The mean of the denoiser's derivative."""

    def slope(r: np.ndarray, mean: np.ndarray, gain: np.ndarray) -> np.ndarray:
        return denoiser.denoise(r.ravel(), variance)[1].reshape(r.shape)

    return _Seen(rate, parts, variance).mean(slope, COARSE)


def sampled(rate: float, parts: Parts, variance: float) -> tuple[np.ndarray, np.ndarray]:
    """Values of r and their chances, for means of smooth functions."""
    return _Seen(rate, parts, variance).sampled()


class _Seen:
    """The law of r: zeros first, then the parts."""

    def __init__(self, rate: float, parts: Parts, variance: float) -> None:
        rows = np.array([(1 - rate, 0.0, 0.0), *((rate * chance, mu, d) for chance, mu, d in parts)])
        self.chance, self.centre, deviation = rows.T
        self.noise = float(np.sqrt(variance))
        self.spread = np.hypot(deviation, self.noise)
        self.gain = (deviation / self.spread) ** 2

    def mean(self, function: Function, tolerance: float) -> float:
        """The mean of a function of r, and of the centre and gain of its part."""
        low, high, part = self._pieces()
        whole, total = self._panels(function, low, high, part), 0.0
        for _ in range(ROUNDS):
            middle = low + SPLIT * (high - low)
            left, right = self._panels(function, low, middle, part), self._panels(function, middle, high, part)
            rough = np.abs(left + right - whole) > tolerance * (abs(total) + float(np.abs(whole).sum()))
            total += float((left + right)[~rough].sum())
            if not rough.any():
                return total
            low, high = np.append(low[rough], middle[rough]), np.append(middle[rough], high[rough])
            whole, part = np.append(left[rough], right[rough]), np.append(part[rough], part[rough])
            if low.size > MANY * self.chance.size:
                break
        return total + float(whole.sum())

    def sampled(self) -> tuple[np.ndarray, np.ndarray]:
        low, high, part = self._pieces()
        nodes, weights = FEW
        half, spread = 0.5 * (high - low)[:, None], self.spread[part, None]
        r = low[:, None] + half + half * nodes
        density = np.exp(-0.5 * ((r - self.centre[part, None]) / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
        return r.ravel(), (self.chance[part, None] * half * density * weights).ravel()

    def _pieces(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where the first panels begin and end, and of which part they are."""
        pieces = [self._cuts(float(mu), float(spread)) for mu, spread in zip(self.centre, self.spread, strict=True)]
        low, high = (np.concatenate([cuts[ends] for cuts in pieces]) for ends in (slice(-1), slice(1, None)))
        return low, high, np.repeat(np.arange(len(pieces)), [cuts.size - 1 for cuts in pieces])

    def _cuts(self, mean: float, spread: float) -> np.ndarray:
        """Where the panels of a part begin: every deviation, and close together where noise could be taken for a signal."""
        far = spread * WIDE
        steps = int(np.ceil(np.log2(2 + (abs(mean) + far) / (WIDE * self.noise))))
        scales = np.append(NEAR * self.noise, WIDE * self.noise * 2.0 ** np.arange(1, steps + 1))
        cuts = np.concatenate([mean + spread * np.linspace(-WIDE, WIDE, 14), -scales, [0.0], scales])
        return np.unique(cuts[np.abs(cuts - mean) <= far])

    def _panels(self, function: Function, low: np.ndarray, high: np.ndarray, part: np.ndarray) -> np.ndarray:
        """Lobatto's rule on each panel."""
        half, mean, spread = 0.5 * (high - low), self.centre[part, None], self.spread[part, None]
        r = (low + half)[:, None] + half[:, None] * NODES
        density = np.exp(-0.5 * ((r - mean) / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
        values = function(r, mean, self.gain[part, None]) * density
        return np.asarray(self.chance[part] * half * (values @ WEIGHTS))
