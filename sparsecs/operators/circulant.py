r"""Circular convolution: a block-circulant matrix known from its kernels.

With c_in channels of n samples in and c_out channels out, and indices modulo n,

    y[o, t] = sum_i sum_l  k[o, i, l] x[i, t - l].

The discrete Fourier transform makes of it one c_out × c_in matrix a frequency, Y(f) = K(f) X(f), so a product costs
(c_in + c_out) n log n + c_in c_out n operations in place of c_in c_out n². Column (i, s) is the kernels of input i moved by s.

It is the convolution of signal processing. Deep learning calls the correlation, x[i, t + l], by that name: reverse the kernels,
``kernels[..., ::-1]``, and move the rows by length - 1 to have it; singular values and inner products of columns do not change.
Where the signal is padded with zeros in place of going round, the matrix is Toeplitz and not circulant: the "full" convolution of
n samples of one channel is ``Selected(Circulant(kernel, n + length - 1), range(n))``, and "same" and "valid" some of its rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sparsecs.core.checks import finite, indices, numeric, whole_number
from sparsecs.operators.base import Operator, vector_norms


@dataclass(frozen=True, eq=False, repr=False)
class Circulant(Operator):
    """A one-dimensional circular convolution, of one channel or of many.

    Rows run over the output channels and within one of them over its n samples; columns likewise over the input channels.

    Parameters
    ----------
    kernels : (length,) or (c_out, c_in, length) array
        Real or complex; held as (c_out, c_in, length), not copied.
    size : int, optional
        The period n, at least the length of the kernels, which are filled up with zeros; by default their length.

    Raises
    ------
    ValueError
        If the kernels have other axes, are empty, are longer than the period, or hold NaN or infinity.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Circulant
    >>> Circulant(np.array([1.0, 2.0]), size=3).dense()
    array([[1., 0., 2.],
           [2., 1., 0.],
           [0., 2., 1.]])
    """

    kernels: np.ndarray
    size: int = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        kernels = numeric(self.kernels, "kernels")
        if kernels.ndim not in (1, 3) or kernels.size == 0:
            raise ValueError(
                f"kernels has shape {kernels.shape}; (length,) was asked for, or (c_out, c_in, length) for many channels, "
                "with no axis empty. A single channel to many, say, is kernels[:, None, :]."
            )
        length = kernels.shape[-1]
        why = (
            f"The kernels have {length} entries; longer ones would wrap round. Cut them, or add up what falls together."
        )
        size = whole_number(length if self.size is None else self.size, "size", length, why=why)
        finite(kernels, "kernels")
        object.__setattr__(self, "kernels", kernels[None, None] if kernels.ndim == 1 else kernels)
        object.__setattr__(self, "size", size)

    @property
    def shape(self) -> tuple[int, int]:
        outputs, inputs, _ = self.kernels.shape
        return outputs * self.size, inputs * self.size

    @property
    def dtype(self) -> np.dtype:
        return self.kernels.dtype

    @cached_property
    def _spectra(self) -> np.ndarray:
        """K(f) for each frequency, (frequencies, c_out, c_in), in the precision of the kernels."""
        return self._transformed(self.dtype)

    @cached_property
    def _wide_spectra(self) -> np.ndarray:
        """The same in double precision, for factors that have it."""
        return self._transformed(np.result_type(self.dtype, np.float64))

    def _transformed(self, kind: np.dtype) -> np.ndarray:
        waves = _transform(self.kernels.astype(kind, copy=False), self.size, 2)
        return np.ascontiguousarray(waves.transpose(2, 0, 1))

    def _apply(self, X: np.ndarray, adjoint: bool) -> np.ndarray:
        """A X or Aᴴ X for an array of p columns."""
        if np.iscomplexobj(X) and self.dtype.kind == "f":
            return self._apply(X.real, adjoint) + 1j * self._apply(X.imag, adjoint)
        kind, p = np.result_type(self.dtype, X), X.shape[1]
        rows = self.shape[1 if adjoint else 0]
        if p == 0:
            return np.zeros((rows, 0), dtype=kind)
        spectra = self._spectra if kind == self.dtype else self._wide_spectra
        if adjoint:
            spectra = spectra.conj().swapaxes(1, 2)
        waves = _transform(X.astype(kind, copy=False).reshape(-1, self.size, p), self.size, 1)
        product = (spectra @ waves.transpose(1, 0, 2)).transpose(1, 0, 2)
        return _back(product, self.size, 1, kind).reshape(rows, p)

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return self._apply(x[:, None], False)[:, 0]

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        return self._apply(y[:, None], True)[:, 0]

    def matmat(self, X: np.ndarray) -> np.ndarray:
        return self._apply(X, False)

    def rmatmat(self, Y: np.ndarray) -> np.ndarray:
        return self._apply(Y, True)

    def columns(self, support: Any) -> np.ndarray:
        channel, shift = np.divmod(indices(support, "support", self.shape[1]), self.size)
        outputs, _, length = self.kernels.shape
        out = np.zeros((outputs, self.size, shift.size), dtype=self.dtype)
        rows = (np.arange(length)[:, None] + shift) % self.size
        out[:, rows, np.arange(shift.size)] = self.kernels[:, channel].swapaxes(1, 2)
        return out.reshape(self.shape[0], shift.size)

    def column_norms(self) -> np.ndarray:
        stacked = self.kernels.transpose(0, 2, 1).reshape(-1, self.kernels.shape[1])
        return np.repeat(vector_norms(stacked), self.size)

    def gram(self) -> np.ndarray:
        products = (self._spectra @ self._spectra.conj().swapaxes(1, 2)).transpose(1, 2, 0)
        lags = _back(products, self.size, 2, self.dtype)
        t = np.arange(self.size)
        lags = (lags + lags[:, :, -t % self.size].swapaxes(0, 1).conj()) / 2  # Hermitian to the last bit
        blocks = lags[:, :, (t[:, None] - t) % self.size].transpose(0, 2, 1, 3)
        return blocks.reshape(self.shape[0], self.shape[0])


def _transform(signals: np.ndarray, size: int, axis: int) -> np.ndarray:
    """The Fourier transform along an axis, filled up with zeros; of real signals the half that says all."""
    from scipy.fft import fft, rfft  # this one keeps single precision

    return (fft if np.iscomplexobj(signals) else rfft)(signals, size, axis)


def _back(waves: np.ndarray, size: int, axis: int, kind: np.dtype) -> np.ndarray:
    """Signals of the kind given from their transforms."""
    from scipy.fft import ifft, irfft

    return (ifft if kind.kind == "c" else irfft)(waves, size, axis).astype(kind, copy=False)
