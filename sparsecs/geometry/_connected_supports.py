r"""All supports of up to k columns of a block-circulant matrix that matter for its isometry constants, up to translation.

A_S^H A_S falls apart into blocks where the columns of S do not meet, and its extreme eigenvalues are those of a block: so only
connected supports count, each column meeting another. Translation changes nothing: one of all n shifts of a support will do. Of
short kernels few are left, however long the period: for one kernel of length 64 there are 3,969 of three columns. Nor does the
period matter as long as nothing meets round the back, so a short one stands for it.

A column (i, s) is coded s c_in + i, so that translation by one shift subtracts c_in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry._correlations import Correlations

CANDIDATES = 2_000_000  # that one step of growing may look at
CHUNK = 2**18


@dataclass(frozen=True, eq=False)
class ConnectedSupports:
    """The connected supports of columns with given norms."""

    correlations: Correlations
    norms: np.ndarray

    def extremes(self, k: int, budget: Budget) -> tuple[int, dict[int, tuple[float, np.ndarray]]]:
        """(j, {sign: (eigenvalue, columns)}): over all supports of at most j columns, with j the largest up to k within reach."""
        inputs, reach = self.norms.size, 0
        best = {sign: (-sign * np.inf, np.zeros(0, dtype=np.intp)) for sign in (-1, 1)}
        goal = max((j for j in range(1, min(k, 60) + 1) if float(inputs * self._period(j)) ** j < 2.0**62), default=0)
        period = self._period(goal)
        if goal == 0 or inputs**2 * period > CANDIDATES:
            return 0, best
        short = Correlations(self.correlations.kernels, period)
        table = np.stack([self._spread(short, i) for i in range(inputs)])
        supports: np.ndarray | None = np.flatnonzero(self.norms > 0)[:, None]
        with budget.watch():
            while supports is not None and not budget.spent():
                best = {sign: self._best(supports, table, sign, found) for sign, found in best.items()}
                reach = supports.shape[1]
                most = CANDIDATES if reach + 1 == k else CANDIDATES // 4  # the last step is worth more
                supports = self._grown(supports, short, most, budget) if reach < goal else None
                if supports is not None and supports.size == 0:  # all columns that meet are in already
                    supports, reach = None, k
        return reach, {sign: (value, self._columns(codes, period)) for sign, (value, codes) in best.items()}

    def _period(self, k: int) -> int:
        """One in which supports of k columns do not meet round the back, if that is shorter."""
        return min(self.correlations.size, 2 * (k - 1) * (self.correlations.kernels.shape[2] - 1) + 1)

    def _spread(self, short: Correlations, i: int) -> np.ndarray:
        """Inner products with column (i, s) for each channel and every shift apart."""
        row = np.pad(short.row(i), ((0, 0), (0, 1)))
        return row[:, short.place] * (self.norms[i] * self.norms[:, None])

    def _grown(self, supports: np.ndarray, short: Correlations, most: int, budget: Budget) -> np.ndarray | None:
        """Each support with one more column that meets one of its own; None if there are too many, or no time."""
        inputs, all_codes = self.norms.size, self.norms.size * short.size
        steps = (short.shifts[:, None] * inputs + np.flatnonzero(self.norms > 0)).ravel()
        count, size = supports.shape
        if count * size * steps.size > most:
            return None
        found = []
        part = max(1, CHUNK // (size * steps.size))
        for start in range(0, count, part):
            if budget.spent():
                return None
            old = supports[start : start + part]
            new = ((old // inputs * inputs)[:, :, None] + steps).reshape(len(old), -1) % all_codes
            wide = np.concatenate([np.repeat(old, new.shape[1], axis=0), new.reshape(-1, 1)], axis=1)
            wide = wide[(wide[:, :-1] != wide[:, -1:]).all(axis=1)]
            found.append(np.unique(_canonical(wide, inputs, all_codes)))
        codes = np.unique(np.concatenate(found))
        return codes[:, None] // all_codes ** np.arange(size, -1, -1) % all_codes

    def _best(
        self, supports: np.ndarray, table: np.ndarray, sign: int, best: tuple[float, np.ndarray]
    ) -> tuple[float, np.ndarray]:
        """The most extreme eigenvalue of these and the best so far; most are ruled out by trace and Frobenius norm."""
        k = supports.shape[1]
        for start in range(0, len(supports), CHUNK // k**2):
            part = supports[start : start + CHUNK // k**2]
            shifts, channels = np.divmod(part, self.norms.size)
            apart = (shifts[:, :, None] - shifts[:, None]) % table.shape[2]
            grams = table[channels[:, :, None], channels[:, None], apart]
            mean = np.trace(grams, axis1=1, axis2=2).real / k
            spread = np.maximum((np.abs(grams) ** 2).sum(axis=(1, 2)) - k * mean**2, 0)
            reach = sign * mean + np.sqrt((k - 1) / k * spread)
            hope = np.flatnonzero(reach * (1 + 1e-12 * np.sign(reach)) >= sign * best[0])
            if hope.size:
                values = np.linalg.eigvalsh(grams[hope])[:, -1 if sign > 0 else 0]
                at = int(np.argmax(sign * values))
                if sign * values[at] > sign * best[0]:
                    best = float(values[at]), part[hope[at]]
        return best

    def _columns(self, codes: np.ndarray, period: int) -> np.ndarray:
        """Codes of the short period as columns of the long one."""
        shifts, channels = np.divmod(codes, self.norms.size)
        shifts = np.where(2 * shifts > period, shifts - period, shifts) % self.correlations.size
        return np.sort(channels * self.correlations.size + shifts)


def _canonical(supports: np.ndarray, inputs: int, all_codes: int) -> np.ndarray:
    """One number for each support, the same for all that translation makes of it."""
    numbers = []
    powers = all_codes ** np.arange(supports.shape[1] - 1, -1, -1)
    for member in range(supports.shape[1]):
        moved = np.sort((supports - supports[:, member : member + 1] // inputs * inputs) % all_codes, axis=1)
        numbers.append(moved @ powers)
    return np.min(numbers, axis=0)
