"""The law of nonzero coefficients: a word, parts that are points or Gaussian, or a sample."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.checks import finite, numeric, one_of, positive, quote

Parts = tuple[tuple[float, float, float], ...]  # chance, mean, deviation

WORDS: dict[str, Parts] = {
    "signs": ((0.5, -1.0, 0.0), (0.5, 1.0, 0.0)),
    "spikes": ((1.0, 0.0, 1.0),),
}
MOST = 10_000  # values of a sample


def checked(signal: Any) -> str | Parts:
    """``signal`` as a word or as parts whose chances add to 1."""
    if isinstance(signal, str):
        return one_of(signal.lower(), "signal", tuple(WORDS))
    asked = "signal must be 'signs', 'spikes', a sample of nonzero values, or one (chance, mean, deviation) for each of its parts"
    try:
        array = numeric(signal, "signal")
    except TypeError:
        raise TypeError(f"{asked}; got {quote(signal)}.") from None
    if np.iscomplexobj(array):
        raise TypeError(f"{asked}; complex values are not covered.")
    if not array.size or array.ndim not in (1, 2) or (array.ndim == 2 and array.shape[1] != 3):
        raise ValueError(f"{asked}; got {quote(signal)}.")
    finite(array, "signal")
    return _of_sample(array) if array.ndim == 1 else _of_parts(array)


def parts_of(signal: str | Parts) -> Parts:
    """The parts."""
    return WORDS[signal] if isinstance(signal, str) else signal


def power_of(signal: str | Parts) -> float:
    """The mean square of a nonzero."""
    return sum(chance * (mean**2 + deviation**2) for chance, mean, deviation in parts_of(signal))


def _of_sample(values: np.ndarray) -> Parts:
    if values.size > MOST:
        raise ValueError(f"signal is a sample of {values.size} values; {MOST} are the most. Take some of them.")
    found, counts = np.unique(values, return_counts=True)
    if found[0] == found[-1] == 0:
        raise ValueError("signal must have a value that is not zero; got zeros only.")
    return tuple((float(count) / values.size, float(value), 0.0) for value, count in zip(found, counts, strict=True))


def _of_parts(rows: np.ndarray) -> Parts:
    for chance, _, deviation in rows:
        positive(chance, "the chance of a part of signal")
        positive(deviation, "the deviation of a part of signal", zero=True)
    if not rows[:, 1:].any():
        raise ValueError("signal must have a value that is not zero; got zeros only.")
    total = float(rows[:, 0].sum())
    if abs(total - 1) > 1e-6:
        raise ValueError(f"The chances of the parts of signal must add to 1; they add to {total:.9g}.")
    return tuple((float(chance / total), float(mean), float(deviation)) for chance, mean, deviation in rows)
