"""Equiangular tight frames that are known in closed form, by name.

Simplex frames; frames from conference matrices of Paley's kind (q + 1 vectors in half as many dimensions: real for
q = 1 mod 4, complex for q = 3 mod 4); rows of a Fourier matrix in a difference set; Steiner systems filled with Hadamard or
Fourier matrices. Each has unit columns.

Strohmer and Heath, "Grassmannian frames with applications to coding and communication" (2003); Xia, Zhou and Giannakis,
"Achieving the Welch bound with difference sets" (2005); Fickus, Mixon and Tremain, "Steiner equiangular tight frames" (2012).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import combinations

import numpy as np

DIFFERENCES = {  # (v, k, lambda): k residues modulo v whose differences give each other residue lambda times
    (7, 3, 1): (0, 1, 3),
    (11, 5, 2): (1, 3, 4, 5, 9),
    (13, 4, 1): (0, 1, 3, 9),
    (15, 7, 3): (0, 1, 2, 4, 5, 8, 10),
    (21, 5, 1): (3, 6, 7, 12, 14),
    (31, 6, 1): (1, 5, 11, 24, 25, 27),
}
FANO = ((0, 1, 2), (0, 3, 4), (0, 5, 6), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 4, 5))


def simplex(m: int) -> np.ndarray:
    """m + 1 unit vectors in m dimensions with all inner products -1/m."""
    return _from_gram((np.eye(m + 1) * (m + 1) - 1) / m, m)


def conference(q: int) -> np.ndarray:
    """q + 1 unit vectors in (q + 1)/2 dimensions with inner products of modulus 1/sqrt(q), for a prime q."""
    squares = {x * x % q for x in range(1, q)}
    residues = np.arange(q)[:, None] - np.arange(q)
    C = np.ones((q + 1, q + 1))
    C[1:, 1:] = np.where(residues == 0, 0, np.where(np.isin(residues % q, list(squares)), 1, -1))
    C[0, 0] = 0
    if q % 4 == 1:
        return _from_gram(np.eye(q + 1) + C / q**0.5, (q + 1) // 2)
    C[1:, 0] = -1  # then it is antisymmetric, and i times it Hermitian
    return _from_gram(np.eye(q + 1) + 1j * C / q**0.5, (q + 1) // 2)


def harmonic(v: int, k: int, repetitions: int) -> np.ndarray:
    """The rows of the Fourier matrix of order v that lie in a difference set of k residues."""
    rows = np.array(DIFFERENCES[v, k, repetitions])
    return np.exp(2j * np.pi * np.outer(rows, np.arange(v)) / v) / k**0.5


def steiner(points: int, blocks: tuple[tuple[int, ...], ...]) -> np.ndarray:
    """For each point a matrix of modulus one with a row for each of its blocks, and one row left out."""
    count = sum(0 in block for block in blocks)
    filling = hadamard(count + 1) if count + 1 in (2, 4, 8, 16) else fourier(count + 1)
    parts = []
    for point in range(points):
        part = np.zeros((len(blocks), count + 1), dtype=filling.dtype)
        part[[point in block for block in blocks]] = filling[1:]
        parts.append(part / count**0.5)
    return np.hstack(parts)


def hadamard(order: int) -> np.ndarray:
    """Sylvester's matrix of signs with orthogonal columns; ``order`` is a power of two."""
    H: np.ndarray = np.ones((1, 1))
    while H.shape[0] < order:
        H = np.kron([[1, 1], [1, -1]], H)
    return H


def fourier(order: int) -> np.ndarray:
    """The Fourier matrix with entries of modulus one."""
    return np.exp(2j * np.pi * np.outer(np.arange(order), np.arange(order)) / order)


def complement(frame: np.ndarray) -> np.ndarray:
    """n equiangular vectors in n - m dimensions: a basis of the other dimensions (Naimark's complement)."""
    m, n = frame.shape
    other = np.linalg.svd(frame)[2][m:]
    return other * (n / (n - m)) ** 0.5


def _from_gram(G: np.ndarray, m: int) -> np.ndarray:
    """Vectors in m dimensions with these inner products."""
    values, vectors = np.linalg.eigh(G)
    return (vectors[:, -m:] * values[-m:] ** 0.5).conj().T


def _pairs(v: int) -> tuple[tuple[int, ...], ...]:
    return tuple(combinations(range(v), 2))


FRAMES: dict[str, tuple[int, int, bool, Callable[[], np.ndarray]]] = {  # rows, columns, whether complex, how
    **{f"simplex {m}": (m, m + 1, False, partial(simplex, m)) for m in range(1, 16)},
    **{f"conference {q}": ((q + 1) // 2, q + 1, q % 4 == 3, partial(conference, q)) for q in (5, 7, 11, 13, 17, 29)},
    **{f"difference set {s}": (s[1], s[0], True, partial(harmonic, *s)) for s in DIFFERENCES},
    **{
        f"pairs of {v}": (v * (v - 1) // 2, v * v, v not in (4, 8), partial(steiner, v, _pairs(v)))
        for v in (3, 4, 5, 8)
    },
    "Fano plane": (7, 28, False, partial(steiner, 7, FANO)),
}
