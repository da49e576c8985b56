r"""The LASSO by an active set, in closed form on every piece of its path.

    min_u  1/2 ||y - A u||^2 + lam sum v_j |u_j|,   -down_j <= u_j <= up_j          columns of A at unit length

Where the free columns S, their signs s and the columns C at a bound are known, all is linear in lam:

    u_S = z - lam g,    residual = r0 + lam d,      z, g = (A_S^T A_S)^{-1} (A_S^T (y - A_C u_C),  v_S s),    d = A_S g

and r0 is orthogonal to d, so that ||residual||^2 = ||r0||^2 + lam^2 ||d||^2. The set is found as Lawson and Hanson (1974) find it
for nonnegative least squares: columns that violate |a_j^T residual| <= lam v_j enter, the coefficients move towards those of
the new piece until one reaches zero or a bound, which leaves. No move raises the objective; where a block of columns makes
no progress they enter one by one, which always does. The correlations are taken with residual / lam = d + r0 / lam, so they
keep their digits when lam is next to nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.solvers._unit_columns import Columns

EPS = float(np.finfo(np.float64).eps)
NEAR = 1e-7  # a column at less than this distance from the span of others depends on them: its square is at rounding
BLOCK = 16  # so many columns enter at once, or half as many as there are


class Pieces:
    """The answer at one lam after another, each started from the last.

    Attributes
    ----------
    u : (n,) array
        The coefficients of unit columns.
    support, signs : (k,) arrays
        The free columns and their signs.
    lam : float
    r0, d : (m,) arrays
        residual = r0 + lam d on this piece.
    q : (n,) array
        The correlations of all columns with d + r0 / lam; within ± v where the answer is optimal.
    products : int
        With all columns, so far.
    """

    def __init__(self, columns: Columns) -> None:
        self.columns, self.y = columns, columns.y
        m = columns.y.size
        self.u = np.zeros(columns.v.size)
        self.support, self.signs = np.zeros(0, dtype=np.intp), np.zeros(0)
        self.at_cap = np.zeros(columns.v.size, dtype=bool)
        self._part, self._gram = np.zeros((m, 0)), np.zeros((0, 0))
        self._size = float(np.linalg.norm(self.y))
        self.slack = 1e-11 if columns.eps < 1e-10 else 1e-5
        self.products = 1
        self.q = columns.correlations(self.y)
        self.top = float((self._outward(self.q) / columns.v).max(initial=0))
        self.lam, self._fresh = self.top, False
        self._fit()

    def move_to(self, lam: float, rounds: int = 500) -> bool:
        """Make this the answer at another lam; False if no optimal set was found."""
        self.lam, width = lam, 0
        for _ in range(rounds):
            if not self._settle():
                return False
            self.q = self.columns.correlations(self.nu)
            self.products += 1
            excess = self._excess()
            wrong = np.flatnonzero(excess > self.slack * self.columns.v + self._blur())
            if wrong.size == 0:
                return True
            most = width or max(BLOCK, self.support.size // 2)
            best = wrong[np.argsort(-excess[wrong], kind="stable")[:most]]
            width = 0 if self._enter(best) else 1
            if not self._fresh and width and most == 1:
                return False
        return False

    def place(self, u: np.ndarray, small: float) -> bool:
        """Make this the piece of given coefficients of unit columns; ``small`` is the part of the largest that is zero.

        False if the columns of that support depend on each other.
        """
        up, down = self.columns.caps
        size = small * np.abs(u).max(initial=0)
        self.at_cap = (np.abs(u) > size) & ((u >= up - size) | (-u >= down - size))
        self.u = np.where(self.at_cap, np.where(u > 0, up, -down), u)
        free = np.flatnonzero((np.abs(u) > size) & ~self.at_cap)
        self._leave(np.ones(self.support.size, dtype=bool))
        self._append(free, np.sign(u[free]))
        if free.size and not self._independent():
            return False
        self._fit()
        return True

    def nearest(self, direction: np.ndarray) -> np.ndarray:
        """The direction nearest to a given one whose correlations with the support are those that optimality asks for."""
        aims = self.columns.v[self.support] * self.signs - self._part.T @ direction
        moved = np.linalg.lstsq(self._part.T, aims, rcond=None)[0]
        return direction + moved

    @property
    def nu(self) -> np.ndarray:
        """residual / lam, the direction of the dual point; the limit at lam = 0 where r0 is zero."""
        return self.d + self.r0 / self.lam if self.lam > 0 else (self.d if not self.r0.any() else self.r0)

    @property
    def misfit(self) -> float:
        """The norm of the residual."""
        return float(np.hypot(np.linalg.norm(self.r0), self.lam * np.linalg.norm(self.d)))

    def holds_at(self, lam: float) -> bool:
        """Whether the signs and bounds of this piece hold at lam too, but for rounding."""
        target, rounding = self.signs * self._at(lam), self._rounding()
        return bool(((target >= -rounding) & (target <= self._room() + rounding)).all())

    def coefficients(self, lam: float) -> np.ndarray:
        """The coefficients of A on this piece at lam, (n,); what is nothing but rounding is zero."""
        u = np.where(self.at_cap, self.u, 0.0)
        target = self._at(lam)
        u[self.support] = np.where(np.abs(target) > self._rounding(), target, 0.0)
        return self.columns.plain(u)

    def _at(self, lam: float) -> np.ndarray:
        return self._z - lam * self._g

    def _rounding(self) -> float:
        return 256 * EPS * float(np.abs(self._z).max(initial=0))

    def blind(self, direction: np.ndarray, tolerance: float) -> bool:
        """Whether no coefficient can move so as to shorten a residual of this direction."""
        q = self.columns.correlations(direction)
        held = self._outward(q)
        held[self.support] = np.abs(q[self.support])
        held[self.at_cap] = np.maximum(-np.sign(self.u[self.at_cap]) * q[self.at_cap], 0)
        return bool(held.max(initial=0) <= tolerance)

    def _outward(self, q: np.ndarray) -> np.ndarray:
        """|q| where a coefficient may move from zero in that direction, else 0."""
        up, down = self.columns.caps
        return np.where(q > 0, np.where(up > 0, q, 0.0), np.where(down > 0, -q, 0.0))

    def _excess(self) -> np.ndarray:
        """How far each column is from where it may rest: at zero, or at its bound."""
        excess = self._outward(self.q) - self.columns.v
        excess[self.support] = -1.0
        capped = self.at_cap
        excess[capped] = self.columns.v[capped] - np.sign(self.u[capped]) * self.q[capped]
        return excess

    def _blur(self) -> float:
        """What rounding can add to a correlation with nu: r0 is a small difference, and is divided by lam."""
        rounding = 16 * self.columns.eps * float(np.linalg.norm(self.nu))
        return rounding + (64 * EPS * self._size / self.lam if self.r0.any() and self.lam > 0 else 0.0)

    def _room(self) -> np.ndarray:
        return self.columns.caps[(self.signs < 0).astype(np.intp), self.support]

    def _settle(self) -> bool:
        """Move to the answer on the present set; what meets zero or a bound on the way leaves it."""
        for _ in range(4 * self.support.size + 8):
            if self._fresh:
                self._fit(exact=False)
            now, target = self.signs * self.u[self.support], self.signs * self._at(self.lam)
            room = self._room()
            out, over = target <= 0, target >= room
            if not (out | over).any() and not self._exact:
                self._fit()
                continue
            if not (out | over).any():
                self.u[self.support] = self.signs * target
                return True
            steps = np.full(now.size, 1.0)
            np.divide(now, now - target, out=steps, where=out & (now > target))
            np.divide(room - now, target - now, out=steps, where=over & (target > now))
            steps[out & (now <= target)] = 0.0
            step = float(steps[out | over].min())
            moved = np.clip(now + step * (target - now), 0, room)
            gone = (out | over) & (steps <= step)
            moved[gone & over], moved[gone & out] = room[gone & over], 0.0
            self.u[self.support] = self.signs * moved
            self.at_cap[self.support[gone & over & ~out]] = True
            self._leave(gone)
        return False

    def _leave(self, gone: np.ndarray) -> None:
        stay = ~gone
        self.support, self.signs = self.support[stay], self.signs[stay]
        self._part, self._gram = self._part.T[stay].T, self._gram[np.ix_(stay, stay)]
        self._fresh = True

    def _enter(self, chosen: np.ndarray) -> bool:
        """Let columns in, as many of the first as are independent; False if none is left in after the first fit."""
        before = self.support.size
        chosen = chosen[: max(1, min(chosen.size, self.y.size - before))]
        while True:
            signs = np.where(self.at_cap[chosen], np.sign(self.u[chosen]), np.sign(self.q[chosen]))
            self._append(chosen, signs)
            if self._independent():
                break
            if chosen.size == 1:
                self._exchange()
                break
            self._leave(np.arange(self.support.size) >= before)
            chosen = chosen[: chosen.size // 4 or 1]
        self.at_cap[self.support] = False
        self._fit(exact=False)
        goes = self.signs * self._at(self.lam) > self.signs * self.u[self.support]
        return bool((np.isin(self.support, chosen) & (goes | (self.u[self.support] != 0))).any())

    def _append(self, chosen: np.ndarray, signs: np.ndarray) -> None:
        new = self.columns.part(chosen)
        cross = self._part.T @ new
        self._gram = np.block([[self._gram, cross], [cross.T, new.T @ new]])
        self._part = np.vstack([self._part.T, new.T]).T  # in the order in which columns leave and enter fast
        self.support = np.concatenate([self.support, chosen])
        self.signs = np.concatenate([self.signs, signs])
        self._fresh = True

    def _independent(self) -> bool:
        L = _factor(self._gram)
        if L is None or self.support.size > self.y.size:
            return False
        return bool(np.diag(L).min(initial=1.0) > NEAR)

    def _exchange(self) -> None:
        """Put the last column, which depends on the others, in the place of one of them, at the same A u."""
        sign, others = self.signs[-1], self._part[:, :-1]
        solve, last = _solver(self._gram[:-1, :-1]), self._part[:, -1]
        table = solve(others.T @ last)
        table += solve(others.T @ (last - others @ table))
        now, room = self.signs * self.u[self.support], self._room()
        pace = np.append(-self.signs[:-1] * table * sign, 1.0)
        if now[-1] > 0:  # it comes from its bound
            pace = -pace
        if np.linalg.norm(others @ table - last) > 10 * NEAR:
            return
        limits = np.full(now.size, np.inf)
        np.divide(now, -pace, out=limits, where=pace < -1e-9)
        np.divide(room - now, pace, out=limits, where=pace > 1e-9)
        first = int(np.argmin(limits))
        moved = np.clip(now + limits[first] * pace, 0, room)
        full = pace[first] > 0
        moved[first] = room[first] if full else 0.0
        self.u[self.support] = self.signs * moved
        self.at_cap[self.support[first]] = full
        self._leave(np.arange(now.size) == first)

    def _fit(self, exact: bool = True) -> None:
        """z, g, r0 and d of the present set, by Cholesky and refinement with the columns themselves; or z and g roughly."""
        part, self._fresh, self._exact = self._part, False, exact
        rest = self.y
        if self.at_cap.any():
            full = np.flatnonzero(self.at_cap)
            rest = self.y - self.columns.part(full) @ self.u[full]
        solve = _solver(self._gram)
        aims = self.columns.v[self.support] * self.signs
        self._z, self._g = z, g = solve(part.T @ rest), solve(aims)
        if not exact:
            return
        for _ in range(2):
            z += solve(part.T @ (rest - part @ z))
            g += solve(aims - part.T @ (part @ g))
        self._z, self._g, self.d, self.r0 = z, g, part @ g, rest - part @ z
        if self.support.size >= self.y.size or np.linalg.norm(self.r0) <= 64 * self.columns.eps * self._size:
            self.r0 = np.zeros_like(self.r0)


def _factor(gram: np.ndarray) -> np.ndarray | None:
    from scipy.linalg.lapack import dpotrf

    if gram.size == 0:
        return gram
    L, trouble = dpotrf(gram, lower=1)
    return None if trouble else L


def _solver(gram: np.ndarray) -> Any:
    from scipy.linalg.lapack import dpotrs

    L = _factor(gram)
    if L is None:
        return lambda b: np.linalg.lstsq(gram, b, rcond=None)[0]
    return lambda b: dpotrs(L, b, lower=1)[0] if b.size else b
