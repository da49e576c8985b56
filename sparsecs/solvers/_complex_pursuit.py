r"""Basis pursuit of complex data by an interior-point method, and Newton's method on the support at the end.

    x_i (1 - |v_i|^2) = 2 mu v_i,    A x = y,    v = A^H nu,    mu -> 0

The linearised equations are those of Chan, Golub and Mulet (1999) and of Andersen, Christiansen, Conn and Overton (2000) for
sums of norms: A D A^H dnu = y - A (x + h), where D_i dv = a_i dv + b_i v_i Re(conj(v_i) dv) is made symmetric by taking x_i
along v_i. At the end the support is where |x_i| is large, and Newton's method on x / |x| = A^H nu there, A x = y, makes
both exact. The answer may have more than m nonzeros: unlike the real problem this one has no vertices.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

STEPS, DONE = 80, 1e-13
SAFE = 0.99  # of the way to |v| = 1

Pair = tuple[np.ndarray, np.ndarray]


def complex_pursuit(A: np.ndarray, y: np.ndarray, accept: Callable[[np.ndarray, np.ndarray], bool]) -> Pair | None:
    """An x and a nu that ``accept`` takes, or else the last; None if the rows of A depend on each other.

    Parameters
    ----------
    A, y : (m, n) and (m,) complex array
        No zero columns.
    accept : function of x and nu
        Whether they prove each other.
    """
    n, squares = A.shape[1], np.einsum("ij,ij->j", A, A.conj()).real
    try:
        x = (1 / squares) * (A.conj().T @ np.linalg.solve((A / squares) @ A.conj().T, y))
    except np.linalg.LinAlgError:
        return None
    nu, v = np.zeros_like(y), np.zeros_like(x)
    mu, pair = float(np.abs(x).mean()) / 2, None
    for _ in range(STEPS):
        room = 1 - np.abs(v) ** 2
        along = np.maximum((x.conj() * v).real, 0)
        a, b = 2 * mu / room, 2 * along / (np.maximum(np.abs(v) ** 2, 1e-300) * room)
        h = 2 * mu * v / room - x
        try:
            step = _solved(A, a, b, v, y - A @ (x + h))
        except np.linalg.LinAlgError:
            break
        turn = A.conj().T @ step
        x = x + h + a * turn + b * v * (v.conj() * turn).real
        length = min(1.0, SAFE * _longest(v, turn))
        nu, v = nu + length * step, v + length * turn
        size = float(np.abs(x).sum())
        gap = size - float((v.conj() * x).real.sum())
        if not np.isfinite(gap):
            break
        if gap < 1e-3 * size:
            pair = _exact(A, y, x, nu)
            if pair is not None and accept(*pair):
                return pair
        if gap < DONE * size:
            break
        mu = min(mu, max(gap, 0) / (2 * n) * (0.1 if length > 0.8 else 0.5)) if length > 0.2 else mu
    return (x, nu) if pair is None or accept(x, nu) else pair


def _solved(A: np.ndarray, a: np.ndarray, b: np.ndarray, v: np.ndarray, r: np.ndarray) -> np.ndarray:
    """The dnu with A D A^H dnu = r, as P dnu + Q conj(dnu) = r in real and imaginary parts."""
    m = A.shape[0]
    P = (A * (a + 0.5 * b * np.abs(v) ** 2)) @ A.conj().T
    Q = (A * (0.5 * b * v**2)) @ A.T
    real = np.block([[P.real + Q.real, Q.imag - P.imag], [P.imag + Q.imag, P.real - Q.real]])
    parts = np.linalg.solve(real, np.concatenate([r.real, r.imag]))
    return parts[:m] + 1j * parts[m:]


def _longest(v: np.ndarray, turn: np.ndarray) -> float:
    """The largest t with |v + t turn| <= 1 everywhere."""
    square, mixed = np.abs(turn) ** 2, (v.conj() * turn).real
    room = 1 - np.abs(v) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        t = room / (mixed + np.sqrt(mixed**2 + square * room))
    return float(np.where(square > 0, t, np.inf).min(initial=np.inf))


def _exact(A: np.ndarray, y: np.ndarray, x: np.ndarray, nu: np.ndarray) -> Pair | None:
    """The pair with x zero off its support and x / |x| = A^H nu on it, by Newton's method; None if that leads away."""
    modulus, room = np.abs(x), 1 - np.abs(A.conj().T @ nu)
    support = np.flatnonzero(modulus > room * modulus.mean())
    part, m, k = A[:, support], y.size, support.size
    z, signs = x[support], x[support] / modulus[support]
    if k <= m:
        z = np.linalg.lstsq(part, y, rcond=None)[0]
        signs = z / np.abs(z)
        nu = nu + np.linalg.lstsq(part.conj().T, signs - part.conj().T @ nu, rcond=None)[0]
    else:
        rows = np.block([[part.real, -part.imag], [part.imag, part.real]])
        for _ in range(6):
            signs = z / np.abs(z)
            bend = 1 / np.abs(z)
            across = np.block(
                [
                    [np.diag(bend * signs.imag**2), np.diag(-bend * signs.real * signs.imag)],
                    [np.diag(-bend * signs.real * signs.imag), np.diag(bend * signs.real**2)],
                ]
            )
            system = np.block([[across, -rows.T], [rows, np.zeros((2 * m, 2 * m))]])
            slope, misfit = part.conj().T @ nu - signs, y - part @ z
            right = np.concatenate([slope.real, slope.imag, misfit.real, misfit.imag])
            try:
                move = np.linalg.solve(system, right)
            except np.linalg.LinAlgError:
                return None
            z = z + move[:k] + 1j * move[k : 2 * k]
            nu = nu + move[2 * k : 2 * k + m] + 1j * move[2 * k + m :]
            if not (np.isfinite(z).all() and z.all()):
                return None
    out = np.zeros_like(x)
    out[support] = z
    return out, nu


def cone_program(A: np.ndarray, y: np.ndarray, caps: np.ndarray) -> Pair | None:
    """The pair by Clarabel; ``caps`` are infinite."""
    import cvxpy as cp

    unit, scale = float(np.abs(A).max()) or 1.0, float(np.abs(y).max(initial=0)) or 1.0
    x = cp.Variable(A.shape[1], complex=True)
    explained = A / unit @ x == y / scale
    try:
        with warnings.catch_warnings():  # how good the answer is, is judged by its certificate
            warnings.simplefilter("ignore")
            cp.Problem(cp.Minimize(cp.norm1(x)), [explained]).solve(solver=cp.CLARABEL)
    except cp.error.SolverError:
        return None
    if x.value is None or explained.dual_value is None:
        return None
    nu = np.asarray(explained.dual_value) / unit
    return x.value * (scale / unit), nu if np.vdot(nu, y).real >= 0 else -nu
