"""The door to the geometry of circular convolutions: kernels, or the operator made of them."""

from __future__ import annotations

from typing import Any

from sparsecs.geometry.circulant_geometry import CirculantGeometry
from sparsecs.operators.base import Operator
from sparsecs.operators.circulant import Circulant


def circulant(kernels: Any, size: int | None = None) -> CirculantGeometry:
    """The geometry of a circular convolution: singular values, coherence and isometry constants, without forming the matrix.

    It holds for circular convolution with stride 1 alone. Where the signal is padded with zeros the matrix is Toeplitz; the
    "full" convolution of n samples consists of the first n columns of each channel of the circulant of period n + length - 1,
    so that its coherence and isometry constants are at most those of ``circulant(kernels, n + length - 1)``. For "same" and
    "valid", which leave rows out, and for strides nothing follows; measure that matrix itself.

    Parameters
    ----------
    kernels : (length,) or (c_out, c_in, length) array, or Circulant
        Real or complex; NumPy arrays or what becomes one.
    size : int, optional
        The period n, at least the length of the kernels; by default their length, or the period of the operator.

    Raises
    ------
    ValueError
        If the kernels have other axes, are empty, are longer than the period, or hold NaN or infinity.
    TypeError
        If another operator is given, which is not known to be circulant.

    References
    ----------
    Gray, "Toeplitz and circulant matrices: a review" (2006).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import circulant
    >>> layer = circulant(np.array([[[1.0, 0.5]], [[0.0, 0.5]]]), size=100)
    >>> layer
    <CirculantGeometry of 2 x 1 kernels of length 2, period 100>
    >>> round(layer.coherence, 12), round(layer.without(output=1).coherence, 12)
    (0.333333333333, 0.4)
    >>> layer.restricted_isometry(2).U.exact
    True
    """
    if isinstance(kernels, Operator):
        if not isinstance(kernels, Circulant):
            raise TypeError(
                f"kernels is a {type(kernels).__name__} operator, of which it is not known that it is circulant; give a "
                "Circulant, or the kernels as an array."
            )
        if size is None or size == kernels.size:
            return CirculantGeometry(kernels)
        kernels = kernels.kernels
    return CirculantGeometry(Circulant(kernels, size))  # type: ignore[arg-type]
