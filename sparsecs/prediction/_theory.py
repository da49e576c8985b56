"""The success curve that theory gives for one matrix and one law of supports, before anything is solved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sparsecs.geometry._row_space import RowSpace
from sparsecs.prediction._leverage_law import leverage_law

ORDERS = 16  # supports drawn at a time
EXACT = 0.02  # standard error of the mean success near one half that is aimed at
POINTS = 160  # sparsities at which it is evaluated
SURELY, ROUNDS = 1e-12, 8  # leverages so close to 0 or 1 are that; steps of Newton's method
CERTAIN = 8.1  # standard deviations: from there on success is 1 to rounding
SHARPEST = 0.3  # spread in k: below it the curve is a step
FLATTEST = 0.15  # of the 50 % point, where a curve ends before it has fallen


@dataclass(frozen=True, eq=False)
class Theory:
    """A success curve at a grid of sparsities.

    Parameters
    ----------
    k : (p,) array of int
        From 0 up to the largest that can be asked for.
    success : (p,) array
    """

    k: np.ndarray
    success: np.ndarray

    def at(self, k: np.ndarray) -> np.ndarray:
        """Success at real k, by interpolation on the probit scale."""
        from scipy.special import ndtr, ndtri

        z = np.interp(k, self.k, ndtri(np.clip(self.success, 1e-300, 1 - 1e-16)))
        return np.where(k > self.k[-1], 0.0, np.where((k <= 0) | (z > CERTAIN), 1.0, ndtr(z)))

    def where(self, level: float) -> float:
        """The real k at which the curve falls through a level."""
        fine = np.linspace(0, self.k[-1], 8 * self.k.size + 1)
        below = np.flatnonzero(self.at(fine) < level)
        if below.size == 0:
            return float(self.k[-1])
        end = below[0]
        low, high = self.at(fine[end - 1 : end + 1])
        return float(fine[end - 1] + (fine[end] - fine[end - 1]) * (low - level) / max(low - high, 1e-300))

    @property
    def probit(self) -> tuple[float, float]:
        """The 50 % point and the spread of the probit curve that is like this one.

        The spread is half of what lies between the 84 % and the 16 % point. A curve that ends before it has fallen is continued.
        """
        from scipy.special import ndtri

        k50, end, last = self.where(0.5), float(self.k[-1]), float(self.success[-1])
        spread = max((self.where(0.1587) - self.where(0.8413)) / 2, SHARPEST)
        if last > 0.1587:
            spread = max(spread, FLATTEST * k50)
        if last > 0.5:
            k50 = end + min(float(ndtri(last)), 2.0) * spread
        return max(k50, 0.5), spread


def theory(space: RowSpace, h: np.ndarray, labels: np.ndarray, draw: Callable[[], np.ndarray], most: int) -> Theory:
    """The leverage law, block by block, averaged over random supports.

    Parameters
    ----------
    space : RowSpace
    h : (n,) array
        Leverages.
    labels : (n,) array of int
        Blocks.
    draw : callable
        A random order of the columns; supports are its first k.
    most : int
        How many orders to draw at most. They end as soon as the mean success near 50 % has an error below 0.02.
    """
    step = max(2, ORDERS // (int(labels.max()) + 1))
    orders = [draw() for _ in range(step)]
    k = np.unique(np.linspace(0, min(space.rank, max(map(len, orders))), POINTS).round().astype(int))
    success = by_order(space, h, labels, orders, k)
    while len(success) < most and unsure(success) > EXACT:
        success = np.concatenate([success, by_order(space, h, labels, [draw() for _ in range(step)], k)])
    return Theory(k, success.mean(axis=0))


def unsure(success: np.ndarray) -> float:
    """The standard error of the mean success where it is nearest to one half."""
    at = int(np.abs(success.mean(axis=0) - 0.5).argmin())
    return float(success[:, at].std() / np.sqrt(len(success)))


def by_order(space: RowSpace, h: np.ndarray, labels: np.ndarray, orders: list[np.ndarray], k: np.ndarray) -> np.ndarray:
    """Success on the first k of each order, (d, p): a product over blocks."""
    chance = 1.0 if np.issubdtype(space.operator.dtype, np.complexfloating) else 2.0
    if labels.max() == 0:
        return leverage_law(structural(h, chance), space.rank, orders, k)
    success = np.ones((len(orders), k.size))
    for label in range(labels.max() + 1):
        mine = np.flatnonzero(labels == label)
        place = np.full(labels.size, -1)
        place[mine] = np.arange(mine.size)
        own, total = structural(h[mine], chance), round(float(h[mine].sum()))
        for number, order in enumerate(orders):
            inside = place[order] >= 0
            count = np.concatenate([[0], inside.cumsum()])[np.minimum(k, order.size)]
            sizes, back = np.unique(count, return_inverse=True)
            success[number] *= leverage_law(own, total, [place[order[inside]]], sizes)[0][back]
    return success


def evened(h: np.ndarray, labels: np.ndarray, chance: float) -> np.ndarray:
    """``structural`` within each block."""
    out = np.empty_like(h)
    for label in range(int(labels.max()) + 1):
        out[labels == label] = structural(h[labels == label], chance)
    return out


def structural(h: np.ndarray, chance: float) -> np.ndarray:
    """Leverages without the part of their variance that a random row space has by chance.

    Of a random r-dimensional row space the leverages are Beta variables with mean p = r/n and variance c p (1 − p) / (n + c),
    c = 2 for real and 1 for complex ones (nearly, for complex). The law of Gaussian matrices has that in it already: fed with
    the leverages themselves, its 50 % point comes out about half a nonzero too low, whatever n.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.prediction._theory import structural
    >>> structural(np.array([0.4, 0.6, 0.5, 0.5]), 2.0)
    array([0.5, 0.5, 0.5, 0.5])
    """
    from scipy.special import expit, logit

    inside = np.clip(h, SURELY, 1 - SURELY)
    odds = logit(inside)
    variance, expected = float(odds.var()), float(np.median(chance / ((h.size + chance) * inside * (1 - inside))))
    if variance == 0:
        return h.copy()
    odds = odds.mean() + np.sqrt(max(0.0, 1 - expected / variance)) * (odds - odds.mean())
    for _ in range(ROUNDS):  # the sum of the leverages is the rank, also afterwards
        even = expit(odds)
        odds = odds + (h.sum() - even.sum()) / (even * (1 - even)).sum()
    return expit(odds)
