"""The 1797 handwritten digits of scikit-learn: 8 × 8 pixels, ten classes, no download."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.core.extras import optional
from sparsecs.networks.inputs.base import Inputs


@dataclass(frozen=True)
class Digits(Inputs):
    """Images of digits with standardised pixels, drawn without replacement.

    Each pixel has mean 0 and variance 1 over all 1797 images. Pixels that are the same in every image are dead: they say
    nothing, cannot be standardised, and are dropped.

    Raises
    ------
    ImportError
        If scikit-learn is not installed.

    Examples
    --------
    >>> from sparsecs import Digits, stream
    >>> Digits().shape, Digits().dead_pixels
    ((61,), (0, 32, 39))
    >>> Digits().draw(4, (61,), stream(0, "inputs")).shape
    (4, 61)
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one image: the number of live pixels."""
        return (_standardized()[0].shape[1],)

    @property
    def dead_pixels(self) -> tuple[int, ...]:
        """The pixels, of 64, that are the same in every image."""
        return _standardized()[1]

    def _draw(self, samples: int, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
        images, _ = _standardized()
        whole_number(samples, "samples", 1, len(images), "There are no more digits.")
        if shape != self.shape:
            raise ValueError(
                f"The digits have {self.shape[0]} live pixels; the network takes inputs of shape {shape}. "
                f"Make it with Network({self.shape}, ...)."
            )
        return images[rng.choice(len(images), samples, replace=False)]


@lru_cache(maxsize=1)
def _standardized() -> tuple[np.ndarray, tuple[int, ...]]:
    pixels = optional("sklearn.datasets", "learn", "The digits").load_digits().data
    spread = pixels.std(axis=0)
    live = spread > 0
    images = (pixels[:, live] - pixels[:, live].mean(axis=0)) / spread[live]
    return images, tuple(int(pixel) for pixel in np.flatnonzero(~live))
