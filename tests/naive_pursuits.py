"""Slow twins of the pursuits, written from their papers step by step: every fit is made anew, every set is a Python list."""

from __future__ import annotations

from itertools import combinations

import numpy as np


def refit(A: np.ndarray, y: np.ndarray, S: list[int]) -> np.ndarray:
    """The array on S that fits y best in least squares."""
    x = np.zeros((A.shape[1], *y.shape[1:]), dtype=np.result_type(A, y))
    x[S] = np.linalg.lstsq(A[:, S], y, rcond=None)[0]
    return x


def strongest(v: np.ndarray, k: int) -> list[int]:
    """The k rows of largest norm."""
    sizes = [float(np.linalg.norm(row)) for row in v]
    return sorted(sorted(range(len(sizes)), key=lambda j: -sizes[j])[:k])


def on(v: np.ndarray, S: list[int]) -> np.ndarray:
    """v with all rows outside S set to zero."""
    kept = np.zeros_like(v)
    kept[S] = v[S]
    return kept


def k_best(A: np.ndarray, y: np.ndarray, x: np.ndarray, k: int) -> np.ndarray:
    """The k largest rows of x, fitted anew."""
    return refit(A, y, strongest(x, k))


def matching_pursuit(A: np.ndarray, y: np.ndarray, steps: int) -> list[np.ndarray]:
    """Mallat and Zhang (1993), for columns of unit length."""
    x, r, found = np.zeros(A.shape[1], dtype=A.dtype), y.copy(), []
    for _ in range(steps):
        c = A.conj().T @ r
        j = int(np.argmax(np.abs(c)))
        x[j] += c[j]
        r = r - c[j] * A[:, j]
        found.append(x.copy())
    return found


def ols(A: np.ndarray, y: np.ndarray, k: int) -> list[np.ndarray]:
    """Chen, Billings and Luo (1989): of all columns, each is tried, and the one with the smallest residual is kept."""
    S: list[int] = []
    found = []
    for _ in range(k):
        rest = [j for j in range(A.shape[1]) if j not in S]
        S.append(min(rest, key=lambda j: float(np.linalg.norm(y - A @ refit(A, y, [*S, j])))))
        found.append(refit(A, y, S))
    return found


def st_omp(A: np.ndarray, y: np.ndarray, t: float, stages: int) -> list[np.ndarray]:
    """Donoho, Tsaig, Drori and Starck (2012), for columns of unit length."""
    S: list[int] = []
    r, found = y.copy(), []
    for _ in range(stages):
        sigma = np.linalg.norm(r) / np.sqrt(r.size)
        J = [j for j in range(A.shape[1]) if np.linalg.norm(A[:, j].conj() @ r) > t * sigma * np.sqrt(r[0].size)]
        if not set(J) - set(S):
            break
        S = sorted(set(S) | set(J))
        x = refit(A, y, S)
        r = y - A @ x
        found.append(x)
    return found


def romp(A: np.ndarray, y: np.ndarray, k: int) -> list[np.ndarray]:
    """Needell and Vershynin (2009), for columns of unit length: the set of most energy is sought among all subsets."""
    S: list[int] = []
    r, found = y.copy(), []
    while len(S) < 2 * k and np.linalg.norm(r) > 1e-9 * np.linalg.norm(y):
        u = np.array([np.linalg.norm(A[:, j].conj() @ r) for j in range(A.shape[1])])
        J = [j for j in strongest(u, k) if u[j] > 0 and j not in S]
        comparable = [
            list(J0)
            for size in range(1, len(J) + 1)
            for J0 in combinations(J, size)
            if max(u[list(J0)]) <= 2 * min(u[list(J0)])
        ]
        S = sorted({*S, *max(comparable, key=lambda J0: float(np.sum(u[J0] ** 2)))})
        x = refit(A, y, S)
        r = y - A @ x
        found.append(x)
    return found


def normalized_iht(A: np.ndarray, y: np.ndarray, k: int, steps: int, c: float, kappa: float) -> list[np.ndarray]:
    """Blumensath and Davies (2010), Algorithm 1."""
    x, found = np.zeros((A.shape[1], *y.shape[1:]), dtype=np.result_type(A, y)), []
    gamma = strongest(A.conj().T @ y, k)
    for _ in range(steps):
        g = A.conj().T @ (y - A @ x)
        g_S = on(g, gamma)
        mu = np.linalg.norm(g_S) ** 2 / np.linalg.norm(A @ g_S) ** 2
        new = on(x + mu * g, strongest(x + mu * g, k))
        while strongest(new, k) != gamma:
            omega = (1 - c) * np.linalg.norm(new - x) ** 2 / np.linalg.norm(A @ (new - x)) ** 2
            if mu <= omega:
                break
            mu = mu / (kappa * (1 - c))
            new = on(x + mu * g, strongest(x + mu * g, k))
        x, gamma = new, strongest(new, k)
        found.append(x)
    return found


def accelerated_iht(A: np.ndarray, y: np.ndarray, k: int, steps: int) -> list[np.ndarray]:
    """Blumensath (2012) with double overrelaxation; both line searches by least squares along the line."""
    x = before = np.zeros((A.shape[1], *y.shape[1:]), dtype=np.result_type(A, y))
    found: list[np.ndarray] = []
    for _ in range(steps):
        g = A.conj().T @ (y - A @ x)
        gamma = strongest(x if x.any() else g, k)
        u = _one_normalized_step(A, y, k, x, g, gamma)
        v = _best_on_line(A, y, u, u - x)
        w = _best_on_line(A, y, v, v - before) if found else v
        relaxed = on(w, strongest(w, k))
        better = np.linalg.norm(y - A @ relaxed) < np.linalg.norm(y - A @ u)
        before, x = x, relaxed if better else u
        found.append(x)
    return found


def _one_normalized_step(
    A: np.ndarray, y: np.ndarray, k: int, x: np.ndarray, g: np.ndarray, gamma: list[int]
) -> np.ndarray:
    mu = np.linalg.norm(g[gamma]) ** 2 / np.linalg.norm(A[:, gamma] @ g[gamma]) ** 2
    while True:
        new = on(x + mu * g, strongest(x + mu * g, k))
        ratio = np.linalg.norm(new - x) ** 2 / np.linalg.norm(A @ (new - x)) ** 2
        if strongest(new, k) == gamma or mu <= 0.99 * ratio:
            return new
        mu = mu / (2.0 * 0.99)


def _best_on_line(A: np.ndarray, y: np.ndarray, x: np.ndarray, way: np.ndarray) -> np.ndarray:
    step = np.linalg.lstsq(np.real(_stacked(A @ way))[:, None], np.real(_stacked(y - A @ x)), rcond=None)[0][0]
    return x + step * way


def _stacked(v: np.ndarray) -> np.ndarray:
    return np.concatenate([v.real.ravel(), v.imag.ravel()])


def cgiht(A: np.ndarray, y: np.ndarray, k: int, steps: int) -> list[np.ndarray]:
    """Blanchard, Tanner and Wei (2015), CGIHT restarted."""
    x = np.zeros((A.shape[1], *y.shape[1:]), dtype=np.result_type(A, y))
    T, T_before = strongest(A.conj().T @ y, k), None
    r_before = p_before = x
    found = []
    for _ in range(steps):
        r = A.conj().T @ (y - A @ x)
        if T_before != T:
            p = r
        else:
            beta = np.linalg.norm(r[T]) ** 2 / np.linalg.norm(r_before[T]) ** 2
            p = r + beta * p_before
        alpha = np.linalg.norm(r[T]) ** 2 / np.linalg.norm(A[:, T] @ p[T]) ** 2
        w = x + alpha * p
        T, T_before = strongest(w, k), T
        x, r_before, p_before = on(w, T), r, p
        found.append(x)
    return found


def htp(A: np.ndarray, y: np.ndarray, k: int, steps: int) -> list[np.ndarray]:
    """Foucart (2011) with step 1, for columns of unit length."""
    x, found = np.zeros((A.shape[1], *y.shape[1:]), dtype=np.result_type(A, y)), []
    for _ in range(steps):
        x = refit(A, y, strongest(x + A.conj().T @ (y - A @ x), k))
        found.append(x)
    return found


def cosamp(A: np.ndarray, y: np.ndarray, k: int, steps: int) -> list[np.ndarray]:
    """Needell and Tropp (2009), Algorithm 1, for columns of unit length."""
    x, found = np.zeros((A.shape[1], *y.shape[1:]), dtype=np.result_type(A, y)), []
    for _ in range(steps):
        proxy = A.conj().T @ (y - A @ x)
        T = sorted({*strongest(proxy, 2 * k), *(strongest(x, k) if x.any() else [])})
        b = refit(A, y, T)
        x = on(b, strongest(b, k))
        found.append(x)
    return found


def subspace_pursuit(A: np.ndarray, y: np.ndarray, k: int, steps: int) -> list[np.ndarray]:
    """Dai and Milenkovic (2009), Algorithm 1, for columns of unit length; the first is the initialisation."""
    S = strongest(A.conj().T @ y, k)
    found = [refit(A, y, S)]
    for _ in range(steps - 1):
        r = y - A @ found[-1]
        T = sorted({*S, *strongest(A.conj().T @ r, k)})
        S = strongest(refit(A, y, T), k)
        found.append(refit(A, y, S))
    return found
