"""The one voice in which bad input is refused: what was asked, what was got, what to do."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np


def quote(value: Any) -> str:
    """A value as it should appear in an error: short, on one line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def whole_number(value: Any, name: str, low: int | None = None, high: int | None = None, why: str = "") -> int:
    """``value`` as an int within ``[low, high]``; ``why`` is added to the error as a reason."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a whole number; got the truth value {value}.")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number; got {quote(value)}.") from None
    if (low is not None and number < low) or (high is not None and number > high):
        bounds = f"at least {low}" if high is None else f"between {low} and {high}"
        raise ValueError(f"{name} must be {bounds}; got {number}." + (f" {why}" if why else ""))
    return number


def positive(value: Any, name: str, zero: bool = False) -> float:
    """``value`` as a finite float above zero, or at least zero if ``zero``."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number; got {quote(value)}.") from None
    if not np.isfinite(number) or number < 0 or (number == 0 and not zero):
        raise ValueError(f"{name} must be {'at least' if zero else 'above'} zero and finite; got {quote(value)}.")
    return number


def probability(value: Any, name: str) -> float:
    """``value`` strictly between 0 and 1."""
    if not 0 < positive(value, name, zero=True) < 1:
        raise ValueError(f"{name} must be between 0 and 1, such as 0.95; got {quote(value)}.")
    return float(value)


def a_kind_of(value: Any, kind: type, name: str, example: str) -> None:
    """Refuse ``value`` if it is not an instance of ``kind``."""
    if not isinstance(value, kind):
        word = kind.__name__.lower()
        raise TypeError(
            f"{name} must be {'an' if word[0] in 'aeiou' else 'a'} {word} such as {example}; got {quote(value)}."
        )


def one_of(value: Any, name: str, choices: tuple[str, ...]) -> str:
    """``value`` if it is one of ``choices``."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}; got {quote(value)}.")
    return str(value)


def numeric(value: Any, name: str) -> np.ndarray:
    """``value`` as a floating-point array: whole numbers and truth values become float64, other kinds are refused.

    float32, float64, complex64 and complex128 stay as they are (no copy); half precision becomes float32, wider kinds
    become 64-bit ones, since BLAS has neither.
    """
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} is a masked array; give a plain one, for example with .filled(0) or .compressed().")
    try:
        array = np.asarray(value)
    except ValueError:
        raise TypeError(f"{name} must be an array of numbers; its rows have different lengths.") from None
    if array.dtype in (np.float32, np.float64, np.complex64, np.complex128):
        return array
    if array.dtype.kind in "bui":
        return array.astype(np.float64)
    if array.dtype.kind == "f":
        return array.astype(np.float32 if array.dtype.itemsize == 2 else np.float64)
    if array.dtype.kind == "c":
        return array.astype(np.complex128)
    kind = f"an array of dtype {array.dtype}" if array.ndim else f"a {type(value).__name__}"
    raise TypeError(f"{name} must hold numbers; got {kind}.")


def finite(array: np.ndarray, name: str) -> np.ndarray:
    """``array`` if none of its entries is NaN or infinite."""
    bad = ~np.isfinite(array)
    if bad.any():
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        where = first[0] if len(first) == 1 else first
        raise ValueError(
            f"{name} must be finite; entry {where} is {array[first]} ({int(bad.sum())} of {array.size} are not "
            "finite). Remove or replace them first."
        )
    return array


def held(array: np.ndarray, dtype: np.dtype, name: str) -> np.ndarray:
    """``array`` in another precision, if that can hold its entries."""
    with np.errstate(over="ignore"):
        narrow = array.astype(dtype, copy=False)
    if not np.isfinite(narrow).all():
        raise ValueError(
            f"{name} has entries up to {np.abs(array).max():.3g}, which {dtype} cannot hold. Scale it down."
        )
    return narrow


def vector(value: Any, name: str, length: int | None = None, because: str = "") -> np.ndarray:
    """``value`` as a finite floating-point vector, of ``length`` entries if that is given.

    ``because`` completes the sentence "... has shape (30,) but": for example "the operator measures 40 values".
    """
    array = numeric(value, name)
    if array.ndim != 1 or (length is not None and array.shape[0] != length):
        expected = because or (f"a vector of {length} entries was asked for" if length else "a vector was asked for")
        hint = " Use .ravel() to drop the extra axis." if array.ndim == 2 and 1 in array.shape else ""
        raise ValueError(f"{name} has shape {array.shape} but {expected}.{hint}")
    return finite(array, name)


def columns_of(value: Any, name: str, length: int, because: str) -> np.ndarray:
    """``value`` as a finite floating-point vector of ``length`` entries, or as a matrix of such columns."""
    array = numeric(value, name)
    if array.ndim == 2 and array.shape[0] == length and array.shape[1]:
        return finite(array, name)
    return vector(value, name, length, because)


def indices(value: Any, name: str, size: int) -> np.ndarray:
    """``value`` as a vector of positions in ``range(size)``; a truth-value mask of that length is understood."""
    array = np.atleast_1d(np.asarray(value))
    if array.dtype == bool and array.shape == (size,):
        return np.flatnonzero(array)
    if array.size == 0:
        return np.zeros(0, dtype=np.intp)
    if array.ndim != 1 or array.dtype.kind not in "ui":
        hint = f" For the nonzeros of x, give {name} as x != 0." if array.dtype.kind in "fc" else ""
        got = f"a mask of shape {array.shape}" if array.dtype == bool else quote(value)
        raise TypeError(f"{name} must be whole numbers or a mask of {size} truth values; got {got}.{hint}")
    if array.min() < 0 or array.max() >= size:
        raise ValueError(f"{name} must lie between 0 and {size - 1}; got {array.min()} to {array.max()}.")
    return array.astype(np.intp, copy=False)


def distinct(positions: np.ndarray, name: str) -> np.ndarray:
    """``positions`` if none comes twice, as those of a mask do that was given as noughts and ones."""
    values, counts = np.unique(positions, return_counts=True)
    if counts.max(initial=1) > 1:
        raise ValueError(
            f"{name} names column {values[np.argmax(counts)]} {counts.max()} times; did you mean a mask? Use .astype(bool)."
        )
    return positions
