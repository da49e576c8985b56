"""What the strategies share: hypothesis, ranges of sizes, and arrays of small whole numbers or of Gaussian ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sparsecs.core.checks import quote, whole_number
from sparsecs.core.extras import optional
from sparsecs.core.randomness import stream

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

KINDS = (np.float32, np.float64, np.complex64, np.complex128)
MOST = 3  # whole numbers from -3 to 3: large enough to differ, small enough to read
Draw = Callable[["SearchStrategy[Any]"], Any]


def hypothesis_strategies() -> Any:
    """The strategies of hypothesis, from which those of this package are made."""
    return optional("hypothesis.strategies", "testing", "Strategies")


def between(value: Any, name: str, low: int = 1) -> tuple[int, int]:
    """A whole number, or a pair of the smallest and the largest one, as such a pair."""
    pair = tuple(value) if isinstance(value, (tuple, list, range)) else (value, value)
    if len(pair) != 2:
        raise ValueError(
            f"{name} must be a whole number or a pair of the smallest and the largest; got {quote(value)}."
        )
    smallest = whole_number(pair[0], name, low)
    return smallest, whole_number(pair[1], name, smallest)


def kinds(dtype: Any, complex: bool | None) -> list[np.dtype]:
    """The kinds of numbers that may be drawn: the one that is given, or doubles, real ones first."""
    if dtype is None:
        return [np.dtype(kind) for kind in (np.float64, np.complex128) if complex in (None, np.dtype(kind).kind == "c")]
    kind = np.dtype(dtype)
    if kind not in [np.dtype(one) for one in KINDS]:
        raise TypeError(f"dtype must be float32, float64, complex64 or complex128; got {kind}.")
    if complex not in (None, kind.kind == "c"):
        raise TypeError(f"dtype is {kind} but complex is {complex}; leave one of them out.")
    return [kind]


def whole(draw: Draw, shape: tuple[int, ...], kind: np.dtype) -> np.ndarray:
    """An array of small whole numbers, which shrinks to zeros."""
    st = hypothesis_strategies()
    size = int(np.prod(shape)) * (2 if kind.kind == "c" else 1)
    numbers = np.array(draw(st.lists(st.integers(-MOST, MOST), min_size=size, max_size=size)), dtype=float)
    halves = numbers.reshape(-1, *shape)
    return (halves[0] + 1j * halves[1] if kind.kind == "c" else halves[0]).astype(kind)


def gaussian(draw: Draw, shape: tuple[int, ...], kind: np.dtype) -> np.ndarray:
    """An array of standard normal numbers from a seed that is drawn.

    Shrinking takes fewer draws for simpler, so there are more here than for an array of whole numbers: that is simpler to read.
    """
    turns = whole(draw, shape, kind).view(np.uint8).tobytes().hex()
    rng = stream(draw(hypothesis_strategies().integers(0, 2**32 - 1)), "testing", turns)
    values = rng.standard_normal(shape)
    return (values + 1j * rng.standard_normal(shape) if kind.kind == "c" else values).astype(kind)


def phases(draw: Draw, size: int, kind: np.dtype) -> np.ndarray:
    """Signs, or fourth roots of one, which shrink to ones."""
    st = hypothesis_strategies()
    values = [1, -1, 1j, -1j] if kind.kind == "c" else [1, -1]
    return np.array(draw(st.lists(st.sampled_from(values), min_size=size, max_size=size)), dtype=kind)


def lengths(draw: Draw, size: int, decades: tuple[int, int]) -> np.ndarray:
    """Powers of ten over so many decades, which shrink to ones."""
    st = hypothesis_strategies()
    most = draw(st.integers(*decades))
    return 10.0 ** -np.array(draw(st.lists(st.integers(0, most), min_size=size, max_size=size)), dtype=float)


def unit_columns(A: np.ndarray) -> np.ndarray:
    """A with every column divided by its norm."""
    return A / np.linalg.norm(A, axis=0)
