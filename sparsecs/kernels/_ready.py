"""Arrays made ready for compiled loops, which take contiguous vectors of four kinds of numbers; long ones go in pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sparsecs.kernels.chunks import in_parallel, pieces

KINDS = frozenset(map(np.dtype, (np.float32, np.float64, np.complex64, np.complex128)))
SHORT = 1 << 18  # entries: below, one thread does it, and nobody has to be asked how many there are


def numbers(x: np.ndarray) -> np.ndarray:
    """``x`` as an array of one of the four kinds; whole numbers become float64."""
    array = x if type(x) is np.ndarray else np.asarray(x)
    if array.dtype in KINDS:
        return array
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def at_least_zero(value: Any, name: str) -> float:
    """``value`` as a float; refused if it is negative or NaN, which would pass for a threshold that removes all."""
    number = float(value)
    if not number >= 0:
        raise ValueError(f"{name} must be at least zero; got {number}.")
    return number


def room(x: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    """``out`` itself if it can take the place of ``x``, a fresh array if it is None."""
    if out is None:
        return np.empty_like(x)
    if out.shape != x.shape:
        raise ValueError(f"out has shape {out.shape} but x has shape {x.shape}; give an array like x, or x itself.")
    return out


def entry_by_entry(
    kernel: Callable[..., None], x: np.ndarray, out: np.ndarray | None, *given: float, shared: bool = True
) -> np.ndarray:
    """``kernel(x, out, *given)`` on flat views, in pieces if ``shared``; ``out`` comes back in the shape of ``x``."""
    if type(x) is not np.ndarray or x.dtype not in KINDS:
        x = numbers(x)
    if out is None:
        out = np.empty_like(x)
    elif out is not x and (out.shape != x.shape or out.dtype != x.dtype or not out.flags.c_contiguous):
        return _by_way_of_a_copy(kernel, x, out, given, shared)
    if not x.flags.c_contiguous or x.size >= SHORT or x.ndim != 1:  # the rest is quick for short vectors
        if not (x.flags.c_contiguous and out.flags.c_contiguous):
            return _by_way_of_a_copy(kernel, x, out, given, shared)
        _in_pieces(kernel, x.reshape(-1), out.reshape(-1), given, shared)
    else:
        kernel(x, out, *given)
    return out


def _by_way_of_a_copy(
    kernel: Callable[..., None], x: np.ndarray, out: np.ndarray, given: tuple[float, ...], shared: bool
) -> np.ndarray:
    out = room(x, out)
    fresh = np.array(x, order="C")
    _in_pieces(kernel, fresh.reshape(-1), fresh.reshape(-1), given, shared)
    out[...] = fresh
    return out


def _in_pieces(kernel: Callable[..., None], x: np.ndarray, out: np.ndarray, given: tuple, shared: bool) -> None:
    if x.size < SHORT or not shared:
        kernel(x, out, *given)
    else:
        in_parallel(kernel, [(x[a:b], out[a:b], *given) for a, b in pieces(x.nbytes, x.size)])
