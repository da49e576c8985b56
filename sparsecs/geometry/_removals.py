r"""The geometry of a convolution without each of its pieces in turn, in less time than from scratch each.

Of the inner products of columns a kernel (o, i) touches those of channel i alone. Of singular values what is left at a frequency
is bounded first: ``_one_entry_less`` does so for a kernel, and rows or columns d that are dropped interlace,

    largest:   σ_1 after <= σ_1
    smallest:  σ_r after >= σ_r - ||d||     (>= σ_r where there is one singular value fewer)

so frequencies are looked at in the order of these bounds, until they cannot matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sparsecs.geometry._circulant_isometry import pair_extremes
from sparsecs.geometry._correlations import Correlations
from sparsecs.geometry._one_entry_less import extremes_less_one
from sparsecs.operators.base import vector_norms

CHUNK = 16  # frequencies at a time


@dataclass(frozen=True, eq=False)
class Whole:
    """What is known of the whole: kernels and transforms (frequencies, c_out, c_in), its singular values, its pairs."""

    kernels: np.ndarray
    size: int
    waves: np.ndarray
    spectrum: np.ndarray
    norms: np.ndarray
    moduli: np.ndarray

    @cached_property
    def _bounds(self) -> tuple[np.ndarray, np.ndarray]:
        return extremes_less_one(self.waves)

    def figures(self, k: int) -> dict[str, float | None]:
        """Coherence, extreme singular values, L and U with nothing removed."""
        return _figures(self.norms, self.moduli, k, float(self.spectrum.min()), float(self.spectrum.max()))

    def without_kernel(self, o: int, i: int, k: int) -> dict[str, float | None]:
        """The same with one kernel set to zero."""
        kernels = self.kernels.copy()
        kernels[o, i] = 0
        norms, moduli = self.norms.copy(), self.moduli.copy()
        norms[i] = _norms(kernels[:, i : i + 1])[0]
        moduli[i] = moduli[:, i] = Correlations(_units(kernels), self.size).closest_of(i)[0]

        def rest(waves: np.ndarray) -> np.ndarray:
            waves = waves.copy()
            waves[:, o, i] = 0
            return waves

        ceiling, floor = self._bounds
        return _figures(norms, moduli, k, *self._extremes(rest, ceiling[:, o, i], floor[:, o, i]))

    def without_channel(self, axis: int, number: int, k: int) -> dict[str, float | None]:
        """The same with an output (axis 0) or input channel (axis 1) dropped."""
        kernels = np.delete(self.kernels, number, axis)
        if axis == 1:
            norms, moduli = np.delete(self.norms, number), np.delete(np.delete(self.moduli, number, 0), number, 1)
        else:
            norms, moduli = _norms(kernels), Correlations(_units(kernels), self.size).closest[0]
        reach = np.linalg.norm(np.take(self.waves, number, axis + 1), axis=1)
        fewer = min(kernels.shape[:2]) < min(self.kernels.shape[:2])
        floor = self.spectrum[:, -1] - (0 if fewer else reach)
        found = self._extremes(lambda waves: np.delete(waves, number, axis + 1), self.spectrum[:, 0], floor)
        return _figures(norms, moduli, k, *found)

    def _extremes(self, rest: Callable, ceiling: np.ndarray, floor: np.ndarray) -> tuple[float, float]:
        """The smallest and largest singular value of what is left, given bounds of them at each frequency."""
        low, high = np.inf, 0.0
        slack = 1e-12 * self.spectrum.max(initial=0)
        for part in _parts(np.argsort(floor)):
            if floor[part[0]] - slack > low or low == 0:
                break
            low = min(low, float(singular_values_of(rest(self.waves[part])).min()))
        for part in _parts(np.argsort(-ceiling)):
            if ceiling[part[0]] + slack < high:
                break
            high = max(high, float(singular_values_of(rest(self.waves[part])).max()))
        return low, high


def removals(whole: Whole, by: str, k: int) -> list[dict[str, Any]]:
    """A row for each kernel, output or input, as ``RemovalTable`` has them."""
    outputs, inputs, length = whole.kernels.shape
    if by == "kernel":
        pieces = whole.kernels.reshape(1, outputs * inputs, length)
        names: list[Any] = [(o, i) for o in range(outputs) for i in range(inputs)]
        rest = [whole.without_kernel(o, i, k) for o, i in names]
    else:
        axis = 0 if by == "output" else 1
        pieces = whole.kernels.swapaxes(0, 1) if axis == 0 else whole.kernels
        names = list(range(whole.kernels.shape[axis]))
        rest = [whole.without_channel(axis, name, k) for name in names]
    energies = _norms(pieces) ** 2
    moduli = Correlations(_units(pieces), whole.size).closest[0].copy()
    np.fill_diagonal(moduli, 0)
    likeness = np.minimum(moduli.max(axis=1), 1)
    total = energies.sum() or 1.0
    return [
        {by: name, "energy": float(e), "share": float(e / total), "likeness": float(c), **figures}
        for name, e, c, figures in zip(names, energies, likeness, rest, strict=True)
    ]


def _figures(norms: np.ndarray, moduli: np.ndarray, k: int, smallest: float, largest: float) -> dict[str, float | None]:
    live = norms > 0
    compared = moduli[np.ix_(live, live)].max(initial=-1)
    if k == 1 or not (moduli >= 0).any():
        low, high = norms.min() ** 2, norms.max() ** 2
    else:
        small, large = pair_extremes(norms, moduli)
        low, high = np.nanmin(small), np.nanmax(large)
    return {
        "coherence": None if compared < 0 else min(float(compared), 1.0),
        "smallest": smallest,
        "largest": largest,
        "L": float(1 - low),
        "U": float(high - 1),
    }


def _norms(kernels: np.ndarray) -> np.ndarray:
    """Of the columns that kernels (c_out, c_in, length) make."""
    return vector_norms(kernels.swapaxes(1, 2).reshape(-1, kernels.shape[1]))


def _units(kernels: np.ndarray) -> np.ndarray:
    norms = _norms(kernels)
    return kernels / np.where(norms > 0, norms, 1)[:, None]


def singular_values_of(waves: np.ndarray) -> np.ndarray:
    """Those of each K(f), largest first: (frequencies, min(c_out, c_in))."""
    if min(waves.shape[1:]) == 1:
        return np.linalg.norm(waves, axis=(1, 2))[:, None]
    return np.linalg.svd(waves, compute_uv=False)


def _parts(order: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, order.size, CHUNK):
        yield order[start : start + CHUNK]
