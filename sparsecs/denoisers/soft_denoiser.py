r"""Soft thresholding as a denoiser, at a multiple of the noise's deviation.

    f(r) = sign(r) max(|r| - threshold sqrt(v), 0)

It asks nothing of the signal but that it is sparse: its worst case over all of them has the transition of l1 minimisation
(Donoho, Maleki and Montanari 2009).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.denoisers.base import Denoiser
from sparsecs.kernels.gaussian_moments import weak_threshold
from sparsecs.kernels.thresholding import soft_threshold

SQUAREST = 0.95  # m/n from which on the threshold stays as it is: at 1 it would be zero
LOWEST = 0.7  # of sqrt(m), above all thresholds: from 1 on not even a single nonzero can be recovered


@dataclass(frozen=True)
class SoftDenoiser(Denoiser):
    """Soft thresholding.

    Parameters
    ----------
    threshold : float, optional
        In deviations of the noise. By default the minimax one for m/n, at which message passing recovers as many nonzeros as
        ℓ1 minimisation.

    References
    ----------
    Donoho, Maleki and Montanari, "Message-passing algorithms for compressed sensing" (2009).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import SoftDenoiser
    >>> SoftDenoiser(threshold=2.0).denoise(np.array([5.0, 0.5]), 1.0)
    (array([3., 0.]), array([1., 0.]))
    """

    threshold: float | None = None

    def __post_init__(self) -> None:
        if self.threshold is not None:
            positive(self.threshold, "threshold")

    def denoise(self, r: np.ndarray, variance: float) -> tuple[np.ndarray, np.ndarray]:
        threshold = weak_threshold(0.5)[0] if self.threshold is None else self.threshold
        estimate = soft_threshold(r, threshold * float(np.sqrt(variance)))
        return estimate, (estimate != 0).astype(r.dtype)

    def negligible(self, r: np.ndarray, variance: float) -> np.ndarray:
        return np.abs(r) <= 2 * np.sqrt(2 * np.log(max(r.size, 2)) * variance)  # noise alone stays below half of it

    def fitted(self, m: int, n: int, power: float) -> Denoiser:
        if self.threshold is not None:
            return self
        return dataclasses.replace(self, threshold=min(weak_threshold(min(m / n, SQUAREST))[0], LOWEST * m**0.5))
