"""Basis pursuit on a few columns, which grow in number until the dual point is feasible on all.

    on W:  the path of the LASSO to lambda = 0   ->   x and nu = A_S G_SS^{-1} s,   or a residual r that W cannot explain
    W gains the columns where |a_i^T nu| > 1,    or those where |a_i^T r| is largest

Each round reads A once; where the answer is sparse, four to six rounds are enough, and the path costs no product with A.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.kernels.homotopy import follow_path
from sparsecs.solvers._vertex import trimmed

ROUNDS = 40
EXPLAINED = 1e-10  # of y
FEASIBLE = 1 + 1e-11
FALL = 0.4  # how far lambda falls from one look at all columns to the next
LIKELY = 0.5  # of lambda: columns with such inner products are taken in before they are needed
WIDE = 4  # below this n / m an answer with many nonzeros is found faster by an interior-point method
SQUARE = 0.6  # above this m / n any answer

Pair = tuple[np.ndarray, np.ndarray]


class _Path:
    """Where the path stands on the chosen columns, with the last place that all columns agree with.

    The columns are the first rows of ``_rows``, their inner products those of ``_gram``: both have room to grow.
    """

    def __init__(self, question: Any, y: np.ndarray, level: float, most: int) -> None:
        self._question, self._y = question, y
        self.chosen = np.zeros(0, dtype=np.intp)
        self._rows, self._gram, self._right = np.zeros((0, y.size)), np.zeros((0, 0)), np.zeros(0)
        self._arrays = (np.zeros((most, most)), np.zeros(most, dtype=np.int64), *np.zeros((3, most)))
        self.level, self.size = level, 0
        self.keep()

    def keep(self) -> None:
        """Remember this place."""
        L, *rest = self._arrays
        self._kept = (L[: self.size, : self.size].copy(), [array[: self.size].copy() for array in rest], self.level)

    def go_back(self) -> None:
        """Return to the place remembered."""
        corner, rest, self.level = self._kept
        self.size = corner.shape[0]
        L, *arrays = self._arrays
        L[: self.size, : self.size] = corner
        for array, kept in zip(arrays, rest, strict=True):
            array[: self.size] = kept

    def take(self, new: np.ndarray) -> None:
        """More columns to choose from."""
        old, all_ = self.chosen.size, self.chosen.size + new.size
        if all_ > self._gram.shape[0]:
            rows, gram = np.empty((2 * all_, self._y.size)), np.empty((2 * all_, 2 * all_))
            rows[:old], gram[:old, :old] = self._rows[:old], self._gram[:old, :old]
            self._rows, self._gram = rows, gram
        self._rows[old:all_] = self._question.columns(new).T
        cross = self._rows[old:all_] @ self._rows[:all_].T
        self._gram[old:all_, :all_], self._gram[:old, old:all_] = cross, cross[:, :old].T
        self._right = np.concatenate([self._right, self._rows[old:all_] @ self._y])
        self.chosen = np.concatenate([self.chosen, new])

    def used(self) -> np.ndarray:
        """The columns in use, as rows."""
        return self._rows[self.active]

    def follow(self, stop: float, most: int) -> None:
        """Let lambda fall to ``stop``, unless more than ``most`` columns come into use."""
        c = self._right - self.x @ self._gram[self.active, : self.chosen.size]
        self.level, self.size = follow_path(self._gram, c, self.level, stop, most, *self._arrays, self.size)

    def __getattr__(self, name: str) -> np.ndarray:
        return self._arrays[("active", "signs", "x", "d").index(name) + 1][: self.size]


def few_columns(question: Any, y: np.ndarray) -> Pair | None:
    """x on the live columns and nu, or None where the answer does not look sparse.

    Parameters
    ----------
    question : Question
    y : (m,) array
    """
    m, n = y.size, question.live.size
    most = m // 4 if n < WIDE * m else m // 2
    if m > SQUARE * n or most < 2:
        return None
    scores = np.abs(question.correlations(y))
    path = _Path(question, y, float(scores.max()), most)
    stop = FALL * path.level
    path.take(_largest(scores, max(m // 8, 16)))
    before = 0
    for _ in range(ROUNDS):
        path.follow(stop, most if stop else min(most, 8 + path.size + path.size // 6))
        used = path.used()
        residual = y - path.x @ used
        explained = path.level == 0 and np.linalg.norm(residual) <= EXPLAINED * np.linalg.norm(y)
        nu = path.d @ used if explained else residual / (path.level or np.abs(residual).max())
        scores = np.abs(question.correlations(nu))
        if explained and scores.max() <= FEASIBLE:
            return _answer(scores.size, path.chosen[path.active], used, y, nu, path.signs)
        scores[path.chosen] = 0
        wrong = np.flatnonzero(scores > 1)
        if wrong.size or stop == 0:
            path.go_back()
            stop = stop if explained else max(stop, FALL * path.level)
        else:
            if path.size == most or path.level <= 1e-9:
                return None
            grown, before = path.size - before, path.size
            path.keep()
            stop = FALL * path.level if grown > 0.1 * path.size else 0.0
        new = wrong if wrong.size else _largest(np.where(scores > LIKELY, scores, 0), max(path.size, 16))
        if path.chosen.size + new.size > 2 * m:
            return None
        path.take(new)
    return None


def _largest(scores: np.ndarray, count: int) -> np.ndarray:
    """The positions of the largest scores above zero, in order."""
    if count < scores.size:
        first = np.argpartition(-scores, count)[:count]
        return np.sort(first[scores[first] > 0])
    return np.flatnonzero(scores)


def _answer(n: int, support: np.ndarray, used: np.ndarray, y: np.ndarray, nu: np.ndarray, signs: np.ndarray) -> Pair:
    """x fitted to rounding and nu moved to meet its signs to rounding."""
    from scipy.linalg.lapack import dpotrf, dpotrs

    L = dpotrf((used @ used.T).T, lower=1)[0]
    z = np.zeros(support.size)
    for _ in range(3):
        z += dpotrs(L, used @ (y - z @ used), lower=1)[0]
    nu = nu + dpotrs(L, signs - used @ nu, lower=1)[0] @ used
    x = np.zeros(n)
    x[support] = trimmed(used.T, y, z)
    return x, nu
