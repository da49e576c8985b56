r"""The operator: an m × n matrix known by what it does.

A member gives ``shape``, ``dtype``, ``matvec`` (x ↦ A x) and ``rmatvec`` (y ↦ Aᴴ y). All else is derived here, and a member
overrides what it knows a faster way to. Operators hold arrays and never change. The adjoint stands here too, since every
operator has one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import indices, numeric

DENSE_LIMIT = 2**30  # bytes: a matrix that two of fit a small machine
CHUNK = 256  # columns of an identity pushed through at a time


class Operator(ABC):
    """Base of all operators; see the module's text for what a member must give.

    Attributes
    ----------
    shape : tuple of int
        ``(m, n)``: measurements, unknowns.
    dtype : numpy.dtype
        The kind of its entries: float32, float64, complex64 or complex128.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import as_operator
    >>> A = as_operator(np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0]]))
    >>> A.shape
    (2, 3)
    >>> A @ np.ones(3)
    array([3., 3.])
    >>> A.H @ np.ones(2)
    array([1., 3., 2.])
    >>> A.column_norms()
    array([1., 3., 2.])
    """

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int]: ...

    @property
    @abstractmethod
    def dtype(self) -> np.dtype: ...

    @abstractmethod
    def matvec(self, x: np.ndarray) -> np.ndarray:
        """A x, an (m,) array, for an (n,) array."""

    @abstractmethod
    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        """Aᴴ y, an (n,) array, for an (m,) array."""

    def matmat(self, X: np.ndarray) -> np.ndarray:
        """A X, an (m, p) array, for an (n, p) array."""
        out = np.empty((self.shape[0], X.shape[1]), dtype=np.result_type(self.dtype, X))
        for j in range(X.shape[1]):
            out[:, j] = self.matvec(X[:, j])
        return out

    def rmatmat(self, Y: np.ndarray) -> np.ndarray:
        """Aᴴ Y, an (n, p) array, for an (m, p) array."""
        out = np.empty((self.shape[1], Y.shape[1]), dtype=np.result_type(self.dtype, Y))
        for j in range(Y.shape[1]):
            out[:, j] = self.rmatvec(Y[:, j])
        return out

    def columns(self, support: Any) -> np.ndarray:
        """The columns A[:, S] as an (m, |S|) array.

        Parameters
        ----------
        support : array of int, or a mask of n truth values
        """
        chosen = indices(support, "support", self.shape[1])
        out = np.empty((self.shape[0], chosen.size), dtype=self.dtype)
        for start in range(0, chosen.size, CHUNK):
            part = chosen[start : start + CHUNK]
            units = np.zeros((self.shape[1], part.size), dtype=self.dtype)
            units[part, np.arange(part.size)] = 1
            out[:, start : start + CHUNK] = self.matmat(units)
        return out

    def column_norms(self) -> np.ndarray:
        """The Euclidean norms of the columns, an (n,) array of reals; exactly zero for a zero column."""
        norms = [
            vector_norms(self.columns(np.arange(start, min(start + CHUNK, self.shape[1]))))
            for start in range(0, self.shape[1], CHUNK)
        ]
        return np.concatenate(norms)

    def gram(self) -> np.ndarray:
        """A Aᴴ, an (m, m) array: inner products of the rows. Of a Jacobian, the empirical neural tangent kernel."""
        out = np.zeros((self.shape[0], self.shape[0]), dtype=self.dtype)
        for start in range(0, self.shape[1], CHUNK):
            block = self.columns(np.arange(start, min(start + CHUNK, self.shape[1])))
            out += block @ block.conj().T
        return out

    def dense(self, limit: int = DENSE_LIMIT) -> np.ndarray:
        """The matrix itself, (m, n).

        Parameters
        ----------
        limit : int
            The most bytes it may take.

        Raises
        ------
        MemoryError
            If it would take more; nothing is allocated.
        """
        if self.nbytes_dense > limit:
            raise MemoryError(
                f"dense() of a {self.shape[0]} x {self.shape[1]} {type(self).__name__} would take "
                f"{self.nbytes_dense / 1e9:.2f} GB, above the limit of {limit / 1e9:.2f} GB. Use A @ x, A.H @ y, "
                "A.columns(S), A.column_norms() or A.gram(), which do not form it, or raise limit= (in bytes)."
            )
        return self._dense()

    def _dense(self) -> np.ndarray:
        return self.columns(np.arange(self.shape[1]))

    @property
    def nbytes(self) -> int:
        """Bytes that it holds: its arrays and those of the operators it is made of."""
        return sum(int(getattr(held, "nbytes", 0)) for held in vars(self).values())

    @property
    def nbytes_dense(self) -> int:
        """Bytes that the dense matrix takes."""
        return self.shape[0] * self.shape[1] * self.dtype.itemsize

    @property
    def at_hand(self) -> np.ndarray | None:
        """The matrix itself, not to be written to, if it is held as one array; else None. Compiled loops work on it."""
        return None

    @property
    def H(self) -> Adjoint:
        """The adjoint operator Aᴴ, of shape (n, m)."""
        return Adjoint(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.shape[0]} x {self.shape[1]}, {self.dtype}>"

    def __matmul__(self, x: Any) -> np.ndarray:
        array = numeric(x, "x")
        if array.ndim not in (1, 2) or array.shape[0] != self.shape[1]:
            raise ValueError(
                f"The right-hand factor has shape {array.shape} but this {type(self).__name__} of shape {self.shape} "
                f"takes {self.shape[1]} entries, or {self.shape[1]} rows."
            )
        return self.matvec(array) if array.ndim == 1 else self.matmat(array)


@dataclass(frozen=True, eq=False, repr=False)
class Adjoint(Operator):
    """Aᴴ as an operator; ``A.H`` makes it.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import as_operator
    >>> as_operator(np.array([[1.0, 2.0]])).H.dense()
    array([[1.],
           [2.]])
    """

    operator: Operator

    @property
    def shape(self) -> tuple[int, int]:
        m, n = self.operator.shape
        return n, m

    @property
    def dtype(self) -> np.dtype:
        return self.operator.dtype

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return self.operator.rmatvec(x)

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        return self.operator.matvec(y)

    def matmat(self, X: np.ndarray) -> np.ndarray:
        return self.operator.rmatmat(X)

    def rmatmat(self, Y: np.ndarray) -> np.ndarray:
        return self.operator.matmat(Y)

    def _dense(self) -> np.ndarray:
        return self.operator._dense().conj().T

    @property
    def H(self) -> Operator:  # type: ignore[override]
        return self.operator


def vector_norms(block: np.ndarray) -> np.ndarray:
    """Euclidean norms of the columns of an (m, p) array, without overflow or underflow.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.operators.base import vector_norms
    >>> vector_norms(np.array([[3e-200, 0.0], [4e-200, 1.0]]))
    array([5.e-200, 1.e+000])
    """
    modulus = np.abs(block) if np.iscomplexobj(block) else block
    with np.errstate(over="ignore", under="ignore"):
        norms = np.sqrt(np.einsum("ij,ij->j", modulus, modulus))
        info = np.finfo(norms.dtype)
        safe = (norms > info.tiny**0.5 / info.eps) & (norms < info.max**0.5)
    for j in np.flatnonzero(~safe):
        peak = np.abs(block[:, j]).max(initial=0)
        if peak > 0 and np.isfinite(peak):
            ratio = np.abs(block[:, j]) / peak
            norms[j] = peak * np.sqrt(ratio @ ratio)
        else:
            norms[j] = peak
    return norms
