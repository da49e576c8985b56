r"""The geometry of a circular convolution, from the spectra of its kernels and their correlations.

With the c_out × c_in matrices K(f) of the kernels' transforms at each of the n frequencies,

    singular values of A = those of all K(f)
    mu = max over (i, j, s) != (i, i, 0) of |IDFT(sum_o conj(K_oi) K_oj)(s)| / (||k_i|| ||k_j||),   k_i all kernels of input i,

and translation makes the n columns of an input channel alike, so one row of the Gram matrix a channel says what coherence, Babel
function and isometry constants of order 2 are, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sparsecs.core.checks import one_of, whole_number
from sparsecs.geometry._circulant_isometry import Extremes, isometry_of, largest_sum
from sparsecs.geometry._correlations import Correlations
from sparsecs.geometry._removals import Whole, removals, singular_values_of
from sparsecs.geometry.isometry_bounds import IsometryBounds
from sparsecs.geometry.removal_table import RemovalTable
from sparsecs.operators.base import vector_norms
from sparsecs.operators.circulant import Circulant


@dataclass(frozen=True, eq=False, repr=False)
class CirculantGeometry:
    """The geometry of one circular convolution; ``circulant(kernels, size)`` makes it.

    All is exact up to rounding; ``restricted_isometry`` says of each order whether it is. It is worked out in double precision,
    also for single-precision kernels, when it is first asked for.

    Parameters
    ----------
    operator : Circulant
        c_out × c_in kernels with period n.

    Attributes
    ----------
    channel_norms : (c_in,) array
        The norm of the n columns of each input channel.
    dead_channels : array of int
        Input channels without a kernel that is not zero: their columns are zero, and coherence leaves them out.
    spectrum : (frequencies, min(c_out, c_in)) array
        The singular values of K(f), largest first, for f = 0, 1, ...; of real kernels up to n // 2, as f and n - f agree.
    multiplicity : (frequencies,) array of int
        How often each row of ``spectrum`` counts: 2 where it stands for f and n - f.
    singular_values : (min(m, n),) array
        All of them, largest first, each as often as it occurs.
    coherence : float
        The mutual coherence; columns are normalised inside.
    closest : tuple of int
        (i, j, s): column s of channel i and column 0 of channel j attain the coherence.
    mean_coherence : float
        The mean over all pairs of columns that are not zero.

    Examples
    --------
    >>> from sparsecs import circulant
    >>> geometry = circulant([3.0, 4.0], size=5)
    >>> round(geometry.coherence, 12), geometry.closest
    (0.48, (0, 0, 1))
    >>> round(float(geometry.singular_values[0]), 12)
    7.0
    """

    operator: Circulant

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n) of the matrix: (c_out times the period, c_in times the period)."""
        return self.operator.shape

    def __repr__(self) -> str:
        outputs, inputs, length = self.operator.kernels.shape
        kernels = "kernel" if outputs * inputs == 1 else f"{outputs} x {inputs} kernels"
        return f"<CirculantGeometry of {kernels} of length {length}, period {self.operator.size}>"

    @cached_property
    def _kernels(self) -> np.ndarray:
        kernels = self.operator.kernels
        return kernels.astype(np.result_type(kernels.dtype, np.float64))

    @cached_property
    def channel_norms(self) -> np.ndarray:
        return vector_norms(self._kernels.swapaxes(1, 2).reshape(-1, self._kernels.shape[1]))

    @property
    def dead_channels(self) -> np.ndarray:
        return np.flatnonzero(self.channel_norms == 0)

    def column_norms(self) -> np.ndarray:
        """The norms of all columns, channel by channel."""
        return np.repeat(self.channel_norms, self.operator.size)

    @cached_property
    def multiplicity(self) -> np.ndarray:
        size = self.operator.size
        if np.iscomplexobj(self._kernels):
            return np.ones(size, dtype=np.intp)
        f = np.arange(size // 2 + 1)
        return np.where((f == 0) | (2 * f == size), 1, 2)

    @cached_property
    def _unit(self) -> float:
        """What the kernels are divided by where squares might leave the range of the numbers."""
        return _power_of_two(float(np.abs(self._kernels).max()))

    @cached_property
    def _waves(self) -> np.ndarray:
        """K(f) in that unit: (frequencies, c_out, c_in)."""
        from scipy.fft import fft, rfft

        transform = fft if np.iscomplexobj(self._kernels) else rfft
        return np.ascontiguousarray(transform(self._kernels / self._unit, self.operator.size).transpose(2, 0, 1))

    @cached_property
    def spectrum(self) -> np.ndarray:
        return singular_values_of(self._waves) * self._unit

    @cached_property
    def singular_values(self) -> np.ndarray:
        return np.sort(np.repeat(self.spectrum, self.multiplicity, axis=0), axis=None)[::-1]

    @cached_property
    def _correlations(self) -> Correlations:
        """Of the kernels with columns of unit norm."""
        return Correlations(
            self._kernels / np.where(self.channel_norms > 0, self.channel_norms, 1)[:, None], self.operator.size
        )

    def autocorrelation(self, i: int, j: int) -> np.ndarray:
        """The inner products of column s of channel i with column 0 of channel j, for each shift s: an (n,) array.

        Parameters
        ----------
        i, j : int
            Input channels.
        """
        inputs = self._kernels.shape[1]
        first, other = whole_number(i, "i", 0, inputs - 1), whole_number(j, "j", 0, inputs - 1)
        out = np.zeros(self.operator.size, dtype=self._kernels.dtype)
        out[self._correlations.shifts] = self._correlations.row(first)[other]
        return out * self.channel_norms[first] * self.channel_norms[other]

    @property
    def _live(self) -> int:
        return self.operator.size * int(np.count_nonzero(self.channel_norms))

    def _compared(self) -> int:
        if self._live < 2:
            raise ValueError(f"Coherence compares two columns; {self._live} of {self.shape[1]} are not zero.")
        return self._live

    @cached_property
    def _coherence(self) -> tuple[float, tuple[int, int, int]]:
        self._compared()
        moduli, shifts = self._correlations.closest
        dead = self.dead_channels
        moduli = moduli.copy()
        moduli[dead], moduli[:, dead] = -1, -1
        i, j = divmod(int(moduli.argmax()), moduli.shape[1])
        return min(float(moduli[i, j]), 1.0), (i, j, int(shifts[i, j]))

    @property
    def coherence(self) -> float:
        return self._coherence[0]

    @property
    def closest(self) -> tuple[int, int, int]:
        return self._coherence[1]

    @cached_property
    def mean_coherence(self) -> float:
        pairs = self._compared() - 1
        return float(sum(row.sum() for _, row in self._correlations.rows())) / (
            pairs * np.count_nonzero(self.channel_norms)
        )

    def babel(self, s: int) -> float:
        """The Babel function: the largest sum of s coherences of one column with others, exactly.

        Parameters
        ----------
        s : int
            How many other columns, fewer than there are columns that are not zero.
        """
        whole_number(s, "s", 1, self._compared() - 1, f"{self._live} columns are not zero.")
        return float(max(largest_sum(row, s) for _, row in self._correlations.rows()))

    def restricted_isometry(self, k: int, seconds: float | None = 30.0, normalize: bool = False) -> IsometryBounds:
        """The restricted isometry constants of order k: exact for k of 1, 2 and n, and of short kernels for small k; else bounds.

        L may be negative, where every column is longer than 1. The witnesses are columns: i times the period plus the shift.

        Parameters
        ----------
        k : int
            The order, at most the number of columns.
        seconds : float or None
            The time that the search may take; what was found until then stays.
        normalize : bool
            Whether to scale the columns to unit norm first.
        """
        if normalize:
            return self.normalized().restricted_isometry(k, seconds)
        m, n = self.shape
        whole_number(k, "k", 1, n, f"There are {n} columns.")
        largest = self._squarable()
        scale = _power_of_two(largest)
        least = 0.0 if m < n else float(self.spectrum.min() / scale) ** 2
        most = float(self.spectrum.max() / scale) ** 2
        return isometry_of(Extremes(self._correlations, self.channel_norms / scale, m, least, most), scale, k, seconds)

    def _squarable(self) -> float:
        """The largest norm of a column, if its square can be held."""
        largest = float(self.channel_norms.max())
        if largest > np.finfo(float).max ** 0.5 / self.operator.size:
            raise ValueError(
                f"Isometry constants are of the order of the squared norms of the columns, up to ({largest:.3g})^2, which "
                "floating point cannot hold. Use normalize=True, or scale the kernels down."
            )
        return largest

    def normalized(self) -> CirculantGeometry:
        """The geometry after every column is scaled to unit norm; zero columns stay zero."""
        return CirculantGeometry(Circulant(self._correlations.kernels, self.operator.size))

    def without(
        self, output: int | None = None, input: int | None = None, kernel: tuple[int, int] | None = None
    ) -> CirculantGeometry:
        """The geometry of what is left when something is removed: give one of the three.

        Parameters
        ----------
        output : int, optional
            An output channel, which is dropped with its rows. Of A^H A its contribution is subtracted, so no squared singular
            value of K(f) falls by more than the channel has energy at f, and none rises.
        input : int, optional
            An input channel, which is dropped with its columns.
        kernel : (int, int), optional
            The kernel from input i to output o, as (o, i), which is set to zero; the shape stays.
        """
        kernels = self.operator.kernels
        if sum(choice is not None for choice in (output, input, kernel)) != 1:
            raise ValueError("Give one of output, input and kernel: what to remove.")
        if kernel is not None:
            if np.shape(kernel) != (2,):
                raise TypeError(f"kernel must be a pair (o, i); got {kernel!r}.")
            place = tuple(
                whole_number(at, name, 0, kernels.shape[axis] - 1)
                for axis, (at, name) in enumerate(zip(kernel, ("o", "i"), strict=True))
            )
            kernels = kernels.copy()
            kernels[place] = 0
        else:
            axis, number, name = (1, input, "input") if output is None else (0, output, "output")
            if kernels.shape[axis] == 1:
                raise ValueError(f"There is one {name} channel; without it nothing is left.")
            kernels = np.delete(kernels, whole_number(number, name, 0, kernels.shape[axis] - 1), axis=axis)
        return CirculantGeometry(Circulant(kernels, self.operator.size))

    def removal_table(self, by: str = "kernel", k: int = 2) -> RemovalTable:
        """What removing each kernel, output or input does to coherence, singular values and isometry constants.

        Parameters
        ----------
        by : str
            ``"kernel"``, ``"output"`` or ``"input"``; removed as ``without`` does it.
        k : int
            The order of the isometry constants, 1 or 2, which are exact.
        """
        one_of(by, "by", ("kernel", "output", "input"))
        whole_number(k, "k", 1, min(2, self.shape[1]), "Constants of other orders are known by bounds alone.")
        self._squarable()
        if by != "kernel" and self._kernels.shape[by == "input"] == 1:
            raise ValueError(f"There is one {by} channel; without it nothing is left.")
        moduli = self._correlations.closest[0]
        waves = self._waves * self._unit
        whole = Whole(self._kernels, self.operator.size, waves, self.spectrum, self.channel_norms, moduli)
        return RemovalTable(by, k, whole.figures(k), tuple(removals(whole, by, k)))


def _power_of_two(size: float) -> float:
    """A power of two near a number, 1 for zero: dividing by it rounds nothing."""
    return float(2.0 ** np.floor(np.log2(size))) if size > 0 else 1.0
