r"""The statistical dimension of the descent cone of l1 and its relatives, and the success probability at finite n.

Let psi(epsilon) be the mean square distance, an unknown, of a Gaussian vector to the nearest multiple of the subdifferential at a
signal with a part epsilon of the unknowns nonzero (``_mean_distance``). For l1 (kappa = 2) and nonnegative signals (kappa = 1),

    psi(epsilon) = min_tau  epsilon (1 + tau^2) + (1 - epsilon) A_2,    A_2 = kappa ((1 + tau^2) Phi(-tau) - tau phi(tau)),

and m > n psi(k/n) measurements are enough on a Gaussian matrix (Amelunxen, Lotz, McCoy and Tropp 2014). This is the same
curve as Donoho and Tanner's, by another road, and it speaks of weights and of groups too. For finite n the success probability is
close to

    P = Phi( (m - n psi + c) / sqrt(n s^2) ),

where n s^2 is the variance of the square distance less 2 n psi, at the minimising tau, and c, which does not grow with n, is
what the mean of the minimum lies below n psi, the minimum of the mean: half the variance of the slope in tau over the curvature.
For l1

    s^2 = epsilon (2 + 4 tau^2) + (1 - epsilon)(A_4 - A_2^2) - 2 psi,
    c = 1/2 [4 epsilon + 4 (1 - epsilon)(A_2 - A_1^2)] / [2 epsilon + 2 (1 - epsilon) kappa Phi(-tau)].

It is an approximation: against the exact sum over faces it is within 0.12/sqrt(n) for n >= 100 and m/n between 0.35 and 0.8, and
off by up to a few hundredths outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import positive, quote, whole_number
from sparsecs.curves._mean_distance import MeanDistance, Point
from sparsecs.curves.base import Curve

LARGEST = 10**9  # entries in a group


@dataclass(frozen=True)
class StatisticalDimension(Curve):
    """The weak threshold of ℓ1 minimisation, weighted or in groups, by convex geometry, with its finite-size law.

    k counts nonzero coefficients, also in groups. With complex data, coefficients are groups of two real numbers: ask for
    ``group=2``; the curve is then right as it is, and for ``success`` and ``finite_sparsity`` double all sizes.

    Parameters
    ----------
    nonnegative : bool
        On: min 1ᵀx subject to A x = y, x ≥ 0.
    group : int
        Entries in a group; above 1, the sum of the norms of groups is minimised, min Σ‖x_g‖₂ subject to A x = y.
    weights : tuple of (weight, part of the unknowns, part of the support), optional
        min Σ w_j |x_j| for unknowns of several classes: how much each class weighs, and which parts of all unknowns and of the
        support lie in it. Both kinds of parts add to 1. The support is random within a class. The curve ends at the delta at
        which the support fills a class; with equal parts of both that is 1.

    Raises
    ------
    ValueError
        If signs are asked of groups, or a class has no weight, no unknowns, or parts that do not add to 1.

    References
    ----------
    Amelunxen, Lotz, McCoy and Tropp, "Living on the edge: phase transitions in convex programs with random data" (2014); Donoho,
    Johnstone and Montanari, "Accurate prediction of phase transitions in compressed sensing via a connection to minimax
    denoising" (2013), on groups.

    Examples
    --------
    >>> from sparsecs import StatisticalDimension
    >>> round(StatisticalDimension().rho(0.5), 8)
    0.38568967
    >>> round(StatisticalDimension().finite_sparsity(100, 200), 2)
    38.97
    >>> round(StatisticalDimension().success(38, 100, 200), 2)
    0.59
    >>> round(StatisticalDimension(group=4).rho(0.5), 6)
    0.51016
    >>> known = StatisticalDimension(weights=((0.5, 0.2, 0.8), (1.0, 0.8, 0.2)))  # where four fifths of the support are
    >>> round(known.rho(0.4), 3), round(StatisticalDimension().rho(0.4), 3)
    (0.497, 0.337)
    """

    reference: ClassVar[str] = "Amelunxen, Lotz, McCoy and Tropp (2014)"
    predicts: ClassVar[str] = "basis pursuit on Gaussian matrices, any amplitudes, at finite n"
    nonnegative: bool = False
    group: int = 1
    weights: tuple[tuple[float, float, float], ...] | None = None

    def __post_init__(self) -> None:
        whole_number(self.group, "group", 1, LARGEST)
        if self.nonnegative and self.group > 1:
            raise ValueError(f"Groups have no sign: ask for nonnegative=True or for group={self.group}, not for both.")
        if self.weights is not None:
            object.__setattr__(self, "weights", _classes(self.weights))

    @property
    def accuracy(self) -> float:
        return 1e-13

    @property
    def limit(self) -> float:
        last = self._last()
        return 1.0 if last is None else last.share

    def _rho(self, delta: float) -> float:
        last = self._last()
        if last is not None and delta >= last.needed:
            if delta <= last.needed * (1 + 1e-12):
                return last.share
            raise ValueError(
                f"At delta = {last.needed:.6g} the support fills a class of unknowns, and the curve ends; got delta = {delta}."
            )
        if delta == 1:
            return 1.0
        point = self._law().needing(delta)
        return min(point.share, 1.0)

    def _delta(self, rho: float) -> float:
        return 1.0 if rho == 1 else self._law().with_share(rho).needed

    def success(self, k: Any, m: float, n: float) -> Any:
        """The approximate probability that a random k-sparse signal is recovered from m Gaussian measurements of n unknowns.

        Parameters
        ----------
        k : float or array
            Above 0 and at most m.
        m, n : float
            At most n, and the number of unknowns.

        Returns
        -------
        float or array
            Of the shape of k.
        """
        sizes = np.asarray(k, dtype=float)
        chances = np.array([self._success(float(size), m, n) for size in sizes.ravel()]).reshape(sizes.shape)
        return float(chances) if sizes.ndim == 0 else chances

    def finite_sparsity(self, m: int, n: int) -> float:
        """k at which the success probability of an m × n Gaussian matrix is one half; a real number."""
        whole_number(n, "n", 2)
        whole_number(m, "m", 1, n - 1)
        last = self._last()
        if last is not None and n * last.needed - last.below < m:
            return min(n * last.support, float(m))
        return min(n * self._law().finite(m, n).support, float(m))

    def _success(self, k: float, m: float, n: float) -> float:
        from scipy.special import ndtr

        if not 0 < k <= m <= n:
            raise ValueError(f"0 < k <= m <= n was asked for; got k = {k}, m = {m}, n = {n}.")
        last = self._last()
        if last is not None and k > n * last.support:
            raise ValueError(f"The support has filled a class of unknowns at k = {n * last.support:.6g}; got k = {k}.")
        if m == n:
            return 1.0
        point = self._law().with_support(k / n)
        return float(ndtr((m - n * point.needed + point.below) / np.sqrt(n * point.variance)))

    def _law(self) -> MeanDistance:
        classes = ((1.0, 1.0, 1.0),) if self.weights is None else self.weights
        return MeanDistance(self.group, not self.nonnegative, np.array(classes).T)

    def _last(self) -> Point | None:
        return None if self.weights is None else self._law().last()


def _classes(weights: Any) -> tuple[tuple[float, float, float], ...]:
    """The classes as numbers, with parts that add to 1 exactly."""
    asked = "weights holds one (weight, part of the unknowns, part of the support) for each class"
    try:
        rows = np.array([[float(entry) for entry in one] for one in weights])
    except (TypeError, ValueError):
        raise TypeError(f"{asked}; got {quote(weights)}.") from None
    if rows.ndim != 2 or rows.shape[1] != 3 or not rows.size:
        raise ValueError(f"{asked}; got {quote(weights)}.")
    for weight, part, held in rows:
        positive(part, "the part of the unknowns in a class")
        positive(held, "the part of the support in a class", zero=True)
        if not 1e-6 * rows[:, 0].max() <= positive(weight, "a weight", zero=True):
            raise ValueError(
                f"A weight must be above 0, and at least a millionth of the largest; got {weight:g}. A coefficient without a "
                "price costs one measurement: leave it out of n and take it from m."
            )
    for column, name in ((1, "unknowns"), (2, "support")):
        total = float(rows[:, column].sum())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"The parts of the {name} in all classes must add to 1; they add to {total:.9g}.")
        rows[:, column] /= total
    return tuple((float(w), float(p), float(s)) for w, p, s in rows)
