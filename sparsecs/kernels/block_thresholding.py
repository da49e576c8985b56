r"""Thresholding whole blocks of coefficients by their Euclidean norms.

    block_soft_threshold:  out_g = max(1 - t_g / ||x_g||, 0) x_g   prox of sum_g t_g ||x_g||_2
    block_hard_threshold:  out_g = x_g if ||x_g|| > t_g else 0     prox of sum_g (t_g^2 / 2) [x_g is not 0]
    keep_largest_blocks:   the k blocks of largest norm, others 0  projection onto k nonzero blocks

A block is the set of coefficients that bear one label from ``range(g)``. Coefficients are the entries of an (n,) array, real or
complex, or the rows of an (n, p) array. Labels that never fall (neighbours in a block) are quickest, and shared among threads.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable

import numpy as np

import sparsecs.kernels._blocks as loops
from sparsecs.kernels._ready import SHORT, numbers, room
from sparsecs.kernels.chunks import in_parallel, pieces
from sparsecs.kernels.order import cut

REAL = frozenset(map(np.dtype, (np.float32, np.float64)))


def block_soft_threshold(
    x: np.ndarray, thresholds: float | np.ndarray, labels: np.ndarray, out: np.ndarray | None = None
) -> np.ndarray:
    """``x`` with each block shrunk towards zero by its threshold, in Euclidean norm.

    Parameters
    ----------
    x : (n,) or (n, p) array
        Real or complex.
    thresholds : float or (g,) array
        At least zero: one for all blocks or one for each.
    labels : (n,) integer array
        The block of each coefficient, in ``range(g)``.
    out : array of the shape of ``x``, optional
        Where to write; may be ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.block_thresholding import block_soft_threshold
    >>> block_soft_threshold(np.array([3.0, 4.0, 0.1]), np.array([1.0, 1.0]), np.array([0, 0, 1]))
    array([2.4, 3.2, 0. ])
    """
    return _threshold(x, thresholds, labels, True, out)


def block_hard_threshold(
    x: np.ndarray, thresholds: float | np.ndarray, labels: np.ndarray, out: np.ndarray | None = None
) -> np.ndarray:
    """``x`` with the blocks of Euclidean norm at most their threshold set to zero.

    Parameters
    ----------
    x : (n,) or (n, p) array
        Real or complex.
    thresholds : float or (g,) array
        At least zero: one for all blocks or one for each.
    labels : (n,) integer array
        The block of each coefficient, in ``range(g)``.
    out : array of the shape of ``x``, optional
        Where to write; may be ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.block_thresholding import block_hard_threshold
    >>> block_hard_threshold(np.array([3.0, 4.0, 0.1]), 1.0, np.array([0, 0, 1]))
    array([3., 4., 0.])
    """
    return _threshold(x, thresholds, labels, False, out)


def keep_largest_blocks(x: np.ndarray, k: int, labels: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """``x`` with all but its ``k`` blocks of largest norm set to zero; of equal ones those of lowest label are kept.

    Parameters
    ----------
    x : (n,) or (n, p) array
        Real or complex.
    k : int
        How many blocks to keep; all of them if there are no more.
    labels : (n,) integer array
        The block of each coefficient, from 0 on.
    out : array of the shape of ``x``, optional
        Where to write; may be ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.block_thresholding import keep_largest_blocks
    >>> keep_largest_blocks(np.array([3.0, 4.0, 4.5, 4.5]), 1, np.array([0, 0, 1, 1]))
    array([0. , 0. , 4.5, 4.5])
    """
    x, k = numbers(x), operator.index(k)
    out = room(x, out)
    if k <= 0 or x.size == 0:
        out[...] = 0
        return out
    labels, rising, blocks = _surveyed(labels, x)
    norms = _norms(x, labels, rising, blocks)
    if k >= blocks:
        out[...] = x
        return out
    bar, kept, _ = cut(norms, k)
    if np.isnan(bar):
        out[...] = np.nan
        return out
    chosen = norms > bar
    chosen[np.flatnonzero(norms == bar)[:kept]] = True
    parts = pieces(x.nbytes, labels.size)
    return _apply(loops.multiply, x, labels, (chosen.astype(np.float64),), parts, out)


def block_norms(x: np.ndarray, labels: np.ndarray, blocks: int) -> np.ndarray:
    """The Euclidean norm of each block of ``x``, a (blocks,) array, without overflow or underflow.

    Parameters
    ----------
    x : (n,) or (n, p) array
        Real or complex.
    labels : (n,) integer array
        The block of each coefficient, in ``range(blocks)``.
    blocks : int
        How many blocks there are; those without coefficients have norm 0.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.block_thresholding import block_norms
    >>> block_norms(np.array([3.0, 4.0, 2.0]), np.array([0, 0, 1]), 2)
    array([5., 2.])
    """
    x = numbers(x)
    labels, rising, _ = _surveyed(labels, x, blocks)
    return _norms(x, labels, rising, blocks)


def _threshold(
    x: np.ndarray, thresholds: float | np.ndarray, labels: np.ndarray, soft: bool, out: np.ndarray | None
) -> np.ndarray:
    x = numbers(x)
    out = room(x, out)
    bars = np.asarray(thresholds, dtype=np.float64)
    labels = _labels(labels, x)
    plain = x.ndim == 1 and bars.ndim == 1 and out.dtype == x.dtype and x.dtype in REAL
    short = plain and 0 < x.size < SHORT and all(array.flags.c_contiguous for array in (x, out, labels, bars))
    if short:  # the same as below, without what a short vector can do without
        rising, least, most = loops.survey(labels)
        if rising and least >= 0 and most < bars.size:
            loops.rising_threshold(x, 1, labels, 0, x.size, bars, soft, out)
            return out
    labels, rising, blocks = _surveyed(labels, x, bars.size if bars.ndim else None)
    bars = np.ascontiguousarray(np.broadcast_to(bars, blocks))
    kernel = loops.rising_threshold if rising else loops.mixed_threshold
    parts = _cut_between_blocks(labels, x.nbytes) if rising else [(0, labels.size)]
    return _apply(kernel, x, labels, (bars, soft), parts, out)


def _labels(labels: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The labels as int64, one a coefficient."""
    labels = np.asarray(labels)
    if labels.dtype != np.int64:
        labels = labels.astype(np.int64, casting="same_kind")
    if labels.shape != x.shape[:1]:
        raise ValueError(f"labels has shape {labels.shape} but x has {x.shape[0]} coefficients; give a label for each.")
    return labels


def _surveyed(labels: np.ndarray, x: np.ndarray, blocks: int | None = None) -> tuple[np.ndarray, bool, int]:
    """The labels as the kernels take them, whether they never fall, and how many blocks there are."""
    labels = np.ascontiguousarray(_labels(labels, x))
    if labels.size == 0:
        return labels, True, blocks or 0
    found = in_parallel(loops.survey, [(labels[max(a - 1, 0) : b],) for a, b in pieces(labels.nbytes, labels.size)])
    least, most = min(low for _, low, _ in found), max(high for _, _, high in found)
    if least < 0 or (blocks is not None and most >= blocks):
        raise ValueError(f"labels must lie in range({most + 1 if blocks is None else blocks}); got {least} to {most}.")
    return labels, all(rising for rising, _, _ in found), int(most) + 1 if blocks is None else blocks


def _norms(x: np.ndarray, labels: np.ndarray, rising: bool, blocks: int) -> np.ndarray:
    norms = np.zeros(blocks)
    flat, width = _real_view(np.ascontiguousarray(x))
    if not rising:
        loops.mixed_norms(flat, width, labels, norms)
    elif labels.size:
        parts = _cut_between_blocks(labels, flat.nbytes)
        in_parallel(loops.rising_norms, [(flat, width, labels, a, b, norms) for a, b in parts])
    return norms


def _apply(
    kernel: Callable[..., None], x: np.ndarray, labels: np.ndarray, given: tuple, parts: list, out: np.ndarray
) -> np.ndarray:
    """``kernel`` on real views of the ``parts`` of x and out; out."""
    direct = out.dtype == x.dtype and x.flags.c_contiguous and out.flags.c_contiguous
    source = x if direct else np.array(x, order="C")
    flat, width = _real_view(source)
    target, _ = _real_view(out if direct else source)
    in_parallel(kernel, [(flat, width, labels, a, b, *given, target) for a, b in parts])
    if not direct:
        out[...] = source
    return out


def _real_view(x: np.ndarray) -> tuple[np.ndarray, int]:
    """A contiguous array as a real vector, and how many of its numbers make a coefficient."""
    flat = x.reshape(-1).view(x.real.dtype)
    return flat, flat.size // max(x.shape[0], 1)


def _cut_between_blocks(labels: np.ndarray, bytes_touched: int) -> list[tuple[int, int]]:
    """Pieces for the threads, each of whole runs where the labels never fall."""
    parts = pieces(bytes_touched, labels.size)
    if len(parts) == 1:
        return parts
    cuts = [0, *(int(np.searchsorted(labels, labels[b - 1], "right")) for _, b in parts)]
    return [(a, b) for a, b in itertools.pairwise(cuts) if a < b]
