r"""Inner products of the columns of a block-circulant matrix, one input channel at a time.

<column (i, s), column (j, 0)> = R_ij(s) = sum_o sum_t conj(k_oi(t)) k_oj(t + s), with the transform sum_o conj(K_oi) K_oj:
translation leaves inner products alone, so the Gram matrix of c_in n columns is known from c_in² n numbers, and where the kernels
are short from c_in² (2 length - 1), as they do not meet at other shifts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

KEPT = 2**23  # numbers: rows are kept for the next question if all of them take no more


@dataclass(frozen=True, eq=False)
class Correlations:
    """R_ij(s) of kernels (c_out, c_in, length) in double precision, at the shifts where it may differ from zero."""

    kernels: np.ndarray
    size: int

    @cached_property
    def shifts(self) -> np.ndarray:
        """The shifts, within one period, zero first; at all others the kernels do not meet."""
        length = self.kernels.shape[2]
        if 2 * length - 1 >= self.size:
            return np.arange(self.size)
        return np.concatenate([np.arange(length), np.arange(self.size - length + 1, self.size)])

    @cached_property
    def place(self) -> np.ndarray:
        """Where each shift of the period stands among ``shifts``; past their end if it is not there."""
        places = np.full(self.size, self.shifts.size)
        places[self.shifts] = np.arange(self.shifts.size)
        return places

    @cached_property
    def _waves(self) -> tuple[np.ndarray, int]:
        """Transforms of the kernels, and their period, which need only be long enough that nothing wraps round wrongly."""
        from scipy.fft import fft, next_fast_len, rfft

        period = self.size
        if self.shifts.size < self.size:
            period = min(self.size, next_fast_len(self.shifts.size, real=True))
        return (fft if np.iscomplexobj(self.kernels) else rfft)(self.kernels, period), period

    @cached_property
    def _kept(self) -> dict[int, np.ndarray]:
        return {}

    def row(self, i: int) -> np.ndarray:
        """R_ij(s) for every channel j and each of ``shifts``: a (c_in, shifts) array, not to be written to."""
        if i in self._kept:
            return self._kept[i]
        row = self._row(i)
        if row.size * self.kernels.shape[1] <= KEPT:
            self._kept[i] = row
        return row

    def _row(self, i: int) -> np.ndarray:
        from scipy.fft import ifft, irfft

        waves, period = self._waves
        product = np.einsum("of,ojf->jf", waves[:, i].conj(), waves)
        lags = (ifft if np.iscomplexobj(self.kernels) else irfft)(product, period)
        if self.shifts.size == self.size:
            return lags
        length = self.kernels.shape[2]
        return np.concatenate([lags[:, :length], lags[:, period - length + 1 :]], axis=1)

    def rows(self) -> Iterator[tuple[int, np.ndarray]]:
        """Every channel with the moduli of its row, in which the product of the column with itself stands as zero."""
        for i in range(self.kernels.shape[1]):
            moduli = np.abs(self.row(i))
            moduli[i, 0] = 0
            yield i, moduli

    def closest_of(self, i: int) -> tuple[np.ndarray, np.ndarray]:
        """For each channel j the largest |R_ij(s)|, but (i, i, 0), and the shift where it stands: two (c_in,) arrays.

        Where a channel has no other column than its one, its modulus with itself is -1.
        """
        moduli = np.abs(self.row(i))
        moduli[i, (self.shifts == 0) | (2 * self.shifts > self.size)] = -1  # the others mirror these
        best = moduli.argmax(axis=1)
        found, shifts = moduli[np.arange(best.size), best], self.shifts[best]
        if found[i] < 0 and self.size > 1:  # kernels of one entry: all other shifts are orthogonal
            found[i], shifts[i] = 0, 1
        return found, shifts

    @cached_property
    def closest(self) -> tuple[np.ndarray, np.ndarray]:
        """The same for each pair (i, j): (c_in, c_in) arrays, the moduli symmetric."""
        inputs = self.kernels.shape[1]
        moduli, shifts = np.empty((inputs, inputs)), np.empty((inputs, inputs), dtype=np.intp)
        for i in range(inputs):
            found, at = self.closest_of(i)
            moduli[i, i:], shifts[i, i:] = found[i:], at[i:]
            moduli[i + 1 :, i], shifts[i + 1 :, i] = found[i + 1 :], -at[i + 1 :] % self.size
        return moduli, shifts

    def gram(self, channels: np.ndarray, shifts: np.ndarray) -> np.ndarray:
        """The Gram matrix of some columns (i, s): Toeplitz where they are consecutive shifts of one channel."""
        out = np.zeros((channels.size, channels.size), dtype=self.kernels.dtype)
        for i in np.unique(channels):
            mine = np.flatnonzero(channels == i)
            row = np.pad(self.row(int(i)), ((0, 0), (0, 1)))
            apart = (shifts[mine, None] - shifts) % self.size
            out[mine] = row[channels, self.place[apart]]
        return (out + out.conj().T) / 2
