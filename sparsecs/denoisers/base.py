r"""A denoiser: an estimate of x from r = x + Gaussian noise of a known variance, coefficient by coefficient.

    x = f(r),     f'(r) says how much of the noise passes,     error = E (f(r) - x)^2 / n

Message passing turns A x = y into such a problem in each step. Parameters that a user leaves open are learned on the way.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from sparsecs.core.declaration import Declaration
from sparsecs.kernels.gaussian_moments import unbiased_risk


class Denoiser(Declaration, ABC):
    """Base of all denoisers.

    Attributes
    ----------
    sparse : bool
        Whether its estimates are exactly zero where it sees no signal.
    """

    sparse: ClassVar[bool] = True

    @abstractmethod
    def denoise(self, r: np.ndarray, variance: float) -> tuple[np.ndarray, np.ndarray]:
        """The estimate f(r) and its derivative, two (n,) arrays."""

    @abstractmethod
    def negligible(self, r: np.ndarray, variance: float) -> np.ndarray:
        """Which coefficients are almost surely zero, (n,) truth values."""

    def error(self, r: np.ndarray, variance: float) -> float:
        """An estimate of the mean-square error of f(r), by default Stein's, which knows nothing of the signal."""
        estimate, slope = self.denoise(r, variance)
        return unbiased_risk(r, estimate, float(slope.mean()), variance)

    def fitted(self, m: int, n: int, power: float) -> Denoiser:
        """The same with a first guess of all that is open, for an m × n matrix and signals of mean square ``power``."""
        return self

    def learned(self, r: np.ndarray, variance: float, asked: Denoiser) -> Denoiser:
        """The same after a step of learning what ``asked`` leaves open."""
        return self

    def rescaled(self, exponent: int) -> Denoiser:
        """The same for signals in units of 2^exponent."""
        return self
