r"""State evolution: the error of approximate message passing, step by step, from a single number.

On a large matrix with independent entries of variance 1/m, AMP sees in each step the signal in Gaussian noise of variance
v = sigma^2 + q / delta, with q the mean-square error an unknown of its estimate, so that

    q' = E (f(X + sqrt(v) Z) - X)^2,      q_0 = E X^2,

X being zero, or at the rate epsilon = rho delta a nonzero of the signal's law (Donoho, Maleki and Montanari 2009; Bayati and
Montanari 2011). Where it rests with soft thresholding at tau sqrt(v), AMP has found the LASSO's answer for

    lambda = tau sqrt(v) (1 - E f' / delta).

The transition is the largest rho at which q goes to 0 without noise. A denoiser that learns takes a step of learning in each step
of the trajectory, as in AMP; for all else, where steps are short, it has learned all there is to learn in noise of variance v.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import a_kind_of, whole_number
from sparsecs.curves._fixed_point import FixedPoint
from sparsecs.curves._learning import after_a_step
from sparsecs.curves._norm_tails import tails
from sparsecs.curves._recursion import Recursion, filled
from sparsecs.curves._seen_in_noise import slope_in_noise
from sparsecs.curves._signal_parts import Parts, checked, power_of
from sparsecs.curves._transition_of_denoiser import of_soft_thresholding, worst_delta
from sparsecs.curves.base import Curve
from sparsecs.denoisers.base import Denoiser
from sparsecs.denoisers.soft_denoiser import SoftDenoiser


@dataclass(frozen=True)
class StateEvolution(Curve):
    """What becomes of AMP's error with a denoiser, for signals of a known law.

    Parameters
    ----------
    denoiser : Denoiser
        What it leaves open is what AMP makes of it: the threshold of ``SoftDenoiser()`` is the minimax one for delta, and
        ``BernoulliGaussianDenoiser()`` learns its rate and scale, which for other signals than its own are not the true ones.
    signal : str or array
        The law of the nonzeros: "signs" (±1), "spikes" (standard normal), a sample of values, or one
        (chance, mean, deviation) for each of its parts. The transition of soft thresholding does not depend on it.

    Raises
    ------
    TypeError, ValueError
        If the denoiser or the law is none, a point lies outside the phase plane, or a transition below rho = 1e-6.

    References
    ----------
    Donoho, Maleki and Montanari, "Message-passing algorithms for compressed sensing" (2009); Bayati and Montanari, "The dynamics
    of message passing on dense graphs, with applications to compressed sensing" (2011).

    Examples
    --------
    >>> from sparsecs import BernoulliGaussianDenoiser, StateEvolution
    >>> round(StateEvolution().rho(0.5), 8)
    0.38568967
    >>> curve = StateEvolution(signal="spikes")
    >>> curve.trajectory(0.5, 0.2, iterations=4).round(4)
    array([0.1   , 0.0567, 0.0339, 0.021 , 0.0134])
    >>> [(round(point.mse, 5), point.stable) for point in curve.fixed_points(0.5, 0.2, noise=0.1)]
    [(0.00927, True)]
    """

    reference: ClassVar[str] = "Donoho, Maleki and Montanari (2009); Bayati and Montanari (2011)"
    predicts: ClassVar[str] = "AMP on large matrices with independent entries, signals of a given law"
    denoiser: Denoiser = SoftDenoiser()  # noqa: RUF009 - a frozen value
    signal: str | Parts = "signs"

    def __post_init__(self) -> None:
        a_kind_of(self.denoiser, Denoiser, "denoiser", "SoftDenoiser()")
        object.__setattr__(self, "signal", checked(self.signal))

    @property
    def limit(self) -> float:
        return self._rho(1.0)

    @property
    def from_delta(self) -> float:
        """With a fixed threshold, noise alone passes too much of itself up to here."""
        if isinstance(self.denoiser, SoftDenoiser) and self.denoiser.threshold is not None:
            return tails(self.denoiser.threshold, 1).second
        return 0.0

    @property
    def smallest(self) -> float:
        return 1e-290 if self._concave else 1e-6

    @property
    def accuracy(self) -> float:
        return 1e-13 if self._concave else 1e-6

    def step(self, mse: Any, delta: float, rho: float, noise: float = 0.0) -> Any:
        """The mean-square error an unknown after a step from an estimate with this one.

        Parameters
        ----------
        mse : float or array
            q, at least zero.
        delta, rho : float
            m/n and k/m.
        noise : float
            The deviation σ of the noise in an entry of y.
        """
        q = np.asarray(mse, dtype=float)
        if not (np.isfinite(q) & (q >= 0)).all():
            raise ValueError(f"mse must be at least zero and finite; got {q[~(np.isfinite(q) & (q >= 0))].flat[0]}.")
        state = Recursion(self.denoiser, self.signal, delta, rho, noise)
        out = np.array([state.step(float(one)) for one in q.ravel()]).reshape(q.shape)
        return float(out) if out.ndim == 0 else out

    def trajectory(self, delta: float, rho: float, noise: float = 0.0, iterations: int = 30) -> np.ndarray:
        """The mean-square errors of the first iterates, from that of x = 0 on, (iterations + 1,).

        Parameters
        ----------
        delta, rho : float
            m/n and k/m.
        noise : float
            The deviation σ of the noise in an entry of y.
        iterations : int
        """
        whole_number(iterations, "iterations", 0)
        state = Recursion(self.denoiser, self.signal, delta, rho, noise)
        found = [state.start]
        for _ in range(iterations):
            found.append(state.step(found[-1], learn=after_a_step))
        return np.array(found)

    def fixed_points(self, delta: float, rho: float, noise: float = 0.0) -> tuple[FixedPoint, ...]:
        """All errors at which it rests, the smallest first, each with its ``slope`` and whether it is ``stable``.

        They are looked for between 1e-9 and 1e4 of the signal's mean square, or of the noise's; two that are closer than a third
        of their size may be overlooked.

        Parameters
        ----------
        delta, rho : float
            m/n and k/m.
        noise : float
            The deviation σ of the noise in an entry of y.
        """
        return Recursion(self.denoiser, self.signal, delta, rho, noise).fixed_points()

    def mse(self, delta: float, rho: float, noise: float = 0.0) -> float:
        """The error at which it rests after a start from x = 0; infinite if it grows without bounds.

        Parameters
        ----------
        delta, rho : float
            m/n and k/m.
        noise : float
            The deviation σ of the noise in an entry of y.
        """
        return Recursion(self.denoiser, self.signal, delta, rho, noise).rests_at()

    def weight(self, delta: float, rho: float, noise: float) -> float:
        """λ of min ½‖y − A x‖² + λ‖x‖₁ whose answer AMP with soft thresholding rests at.

        Parameters
        ----------
        delta, rho : float
            m/n and k/m.
        noise : float
            The deviation σ of the noise in an entry of y.
        """
        state = Recursion(self.denoiser, self.signal, delta, rho, noise)
        if not isinstance(state.denoiser, SoftDenoiser) or state.denoiser.threshold is None:
            raise ValueError(f"Only soft thresholding rests at the answer of a LASSO; the denoiser is {self.denoiser}.")
        q = state.rests_at()
        if not math.isfinite(q):
            raise ValueError(
                f"At delta = {delta}, rho = {rho} message passing with {state.denoiser} does not rest, so that it has no weight. "
                "Raise the threshold."
            )
        variance = state.variance(q)
        if variance == 0:
            return 0.0
        passed = slope_in_noise(state.denoiser, state.rate, state.parts, variance)
        return state.denoiser.threshold * math.sqrt(variance) * (1 - passed / delta)

    @property
    def _concave(self) -> bool:
        return isinstance(self.denoiser, SoftDenoiser)

    def _rho(self, delta: float) -> float:
        if isinstance(self.denoiser, SoftDenoiser):
            threshold = filled(self.denoiser, delta, 0.0, 1.0).threshold
            return of_soft_thresholding(delta, threshold)
        return _transition(self, delta)

    def _delta_within(self, rho: float) -> float:
        if self._concave or rho > self.limit:
            return super()._delta_within(rho)
        if rho == self.limit:
            return 1.0
        from scipy.optimize import brentq

        low = math.log(self.smallest)
        if self._surplus(self.smallest, rho) < 0:
            raise ValueError(f"rho = {rho} lies below the curve down to delta = {self.smallest}.")
        return math.exp(float(brentq(lambda log: self._surplus(math.exp(log), rho), low, 0.0, xtol=1e-10, rtol=1e-10)))

    def _surplus(self, delta: float, rho: float) -> float:
        """log of the least delta that would do, over delta."""
        state = Recursion(self.denoiser, self.signal, delta, rho, 0.0)
        return math.log(worst_delta(state.error, state.start, power_of(self.signal)) / delta)


@lru_cache(maxsize=4096)
def _transition(curve: StateEvolution, delta: float) -> float:
    """rho at which the recursion starts to get stuck."""
    from scipy.optimize import brentq

    if curve._surplus(delta, 1.0) <= 0:
        return 1.0
    low = 0.5
    while curve._surplus(delta, low) > 0:
        low /= 2
        if low < 1e-6:
            raise ValueError(f"At delta = {delta} the transition of {curve.denoiser} lies below rho = 1e-6.")
    return float(brentq(lambda rho: curve._surplus(delta, rho), low, min(2 * low, 1.0), xtol=1e-9, rtol=1e-9))
