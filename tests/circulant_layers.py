"""Convolutions for the laws of their geometry, beside their whole matrices."""

from __future__ import annotations

import naive_circulant as naive
import numpy as np
from hypothesis import strategies as st

from sparsecs.core.randomness import stream
from sparsecs.geometry.circulant import circulant
from sparsecs.geometry.circulant_geometry import CirculantGeometry

KINDS = [np.float32, np.float64, np.complex64, np.complex128]


@st.composite
def layers(draw: st.DrawFn, columns: int = 24) -> tuple[np.ndarray, int]:
    """Kernels of up to 3 x 3 channels, of whole numbers or of random ones, with zeros and twins, and a period."""
    outputs, inputs = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    size = draw(st.integers(1, columns // inputs))
    length = draw(st.integers(1, size))
    kind = draw(st.sampled_from(KINDS))
    rng = stream(draw(st.integers(0, 999)), "kernels")
    kernels = rng.standard_normal((outputs, inputs, length)) + 1j * rng.standard_normal((outputs, inputs, length))
    if draw(st.booleans()):
        kernels = np.round(kernels)
    if draw(st.booleans()):
        kernels[:, -1] = kernels[:, 0] * draw(st.sampled_from([0, 1, -2, 1j]))
    if draw(st.booleans()):
        kernels[-1] = 0
    kernels *= 10.0 ** rng.integers(-2, 3, (1, inputs, 1))
    return (kernels if np.dtype(kind).kind == "c" else kernels.real).astype(kind), size


def both(layer: tuple[np.ndarray, int]) -> tuple[CirculantGeometry, np.ndarray]:
    """The geometry, and the whole matrix in double precision."""
    kernels, size = layer
    wide = kernels.astype(np.result_type(kernels.dtype, np.float64))
    return circulant(kernels, size), naive.circulant_matrix(wide, size)


def gram(A: np.ndarray) -> np.ndarray:
    return A.conj().T @ A
