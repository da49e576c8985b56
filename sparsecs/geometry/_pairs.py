r"""All pairs of columns, a tile of moduli |<u_i, u_j>| at a time, within a stated memory; u_j is column j at unit length.

Each pair is computed once: row tiles I, and of each the tiles J that do not lie before it. Four roads lead to a tile:

    held       the unit columns fit into half of the memory: kept once, tiles are matrix products
    sparse     few entries: tiles are products of sparse matrices
    again      they do not fit: a band of them is kept, while the others are made again for every band
    adjoint    columns cost a product each, or products are cheap: Aᴴ times a tile of unit columns, for all others at once

Columns are scaled by their largest entry first, so no norm overflows or underflows. Row tiles are dealt out to as many threads
as the linear algebra may use, each of them with a library of one thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.core.threads import single_threaded
from sparsecs.kernels.chunks import in_parallel, threads_allowed
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator
from sparsecs.operators.face_splitting import FaceSplitting
from sparsecs.operators.jacobian import Jacobian
from sparsecs.operators.scaled import Scaled
from sparsecs.operators.selected import Selected
from sparsecs.operators.sparse import Sparse

MEMORY = 2**28  # bytes
TILE = 512  # columns: the products of two tiles then stay near
LEAST = 8  # columns in a tile; with fewer the products are no faster than one at a time
SCARCE = 0.04  # the density below which sparse products beat dense ones
Visit = Callable[[int, int, np.ndarray], None]  # first row, first column, moduli


class Pairs:
    """The live columns of an operator at unit length, and all pairs of them.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
    memory : int
        Bytes that may be used beside A itself.
    per_column, per_row, fixed : int
        Bytes that whoever visits the pairs needs in each thread: for each column of A, for each row of a tile, and beside.
    single : bool
        Hold and multiply the columns in single precision, where they are multiplied by the library of linear algebra.

    Attributes
    ----------
    live : (n,) array of int
        Which columns are not zero; there are at least two.
    tile : int
        The number of columns in a tile.
    threads : int
        How many visitors are needed.
    """

    def __init__(
        self, A: Any, memory: int, per_column: int = 0, per_row: int = 0, fixed: int = 0, single: bool = False
    ) -> None:
        self.operator = operator = as_operator(A)
        self.memory = whole_number(memory, "memory", 1)
        self.kind = np.result_type(operator.dtype, np.float64)
        self.held: Any = None
        m, n = operator.shape
        self.threads = 1 if n <= TILE else threads_allowed()
        self.room = self.memory - (n * per_column + fixed) * self.threads
        self.sparse = isinstance(operator, Sparse) and operator.matrix.nnz <= SCARCE * m * n
        self.single = single and n > TILE and not self.sparse and _gives_columns(operator)
        self.kept = np.dtype(f"{self.kind.kind}{self.kind.itemsize // 2}") if self.single else self.kind
        columns_cost = not _gives_columns(operator)
        cheaper = not columns_cost and _adjoint_is_cheaper(operator, self.single)
        fits = n * m * self.kept.itemsize <= self.room // 2
        self.adjoint = cheaper or (columns_cost and not fits)
        if self.sparse:
            self.live, self.held = _sparse_rows(operator)
        elif fits and not self.adjoint:
            self.live, self.held = self._all_rows()
        else:
            self.norms = operator.column_norms()
            _refuse(self.norms)
            self.live = np.flatnonzero(self.norms > 0)
        if self.adjoint:
            self.single, self.kept, self.threads = False, self.kind, 1
        if self.live.size < 2:
            raise ValueError(f"Coherence compares two columns; {self.live.size} of {n} are not zero.")
        self.tile, self.band = self._cut(per_row)

    @property
    def size(self) -> int:
        """The number of live columns."""
        return int(self.live.size)

    @property
    def dead(self) -> int:
        """The number of zero columns."""
        return self.operator.shape[1] - self.size

    @property
    def count(self) -> int:
        """The number of pairs."""
        return self.size * (self.size - 1) // 2

    def rows(self, start: int, stop: int) -> Any:
        """The unit columns from ``start`` to ``stop``, each as a row."""
        if self.held is not None:
            return self.held[start:stop]
        return unit_rows(self.operator, self.live[start:stop], self.kind).astype(self.kept, copy=False)

    def exact(self, first: int, start: int, shape: tuple[int, int]) -> np.ndarray:
        """The moduli of one tile in double precision, zero on the diagonal."""
        mine, others = (
            unit_rows(self.operator, self.live[begin : begin + size], self.kind)
            for begin, size in zip((first, start), shape, strict=True)
        )
        return _without_diagonal(moduli(mine, others), first, start)

    def visit(self, see: list[Visit], whole: bool = False, over: Callable[[], bool] = lambda: False) -> None:
        """Show every tile of moduli to a visitor of its thread: those not left of the diagonal, or all of them if ``whole``.

        i = j gives zero. In a tile whose first row is its first column, only entries right of the diagonal are new pairs.
        It ends early when ``over()`` is true.
        """
        band = self.tile if whole else self.band
        starts, ended = iter(range(0, self.size, band)), threading.Event()

        def work(mine: Visit) -> None:
            try:
                for first in starts:
                    for begin, start, tile in self._band(first, min(first + band, self.size), whole):
                        mine(begin, start, tile)
                        if ended.is_set() or over():
                            return
            except BaseException:
                ended.set()
                raise

        if self.threads == 1:
            return work(see[0])
        try:
            with single_threaded():
                in_parallel(work, [(mine,) for mine in see])
        except BaseException:
            ended.set()
            raise

    def _band(self, first: int, last: int, whole: bool) -> Iterator[tuple[int, int, np.ndarray]]:
        """The tiles of some rows, which are kept while all others pass by."""
        mine = self._kept(first, last)
        origin = 0 if whole else first
        if self.adjoint:
            yield first, origin, _without_diagonal(self._by_adjoint(mine, origin), first, origin)
            return
        for start in range(origin, self.size, self.tile):
            stop = min(start + self.tile, self.size)
            others = mine[start - first : stop - first] if first <= start and stop <= last else self.rows(start, stop)
            for begin in range(first, last if whole else min(last, start + 1), self.tile):
                tile = moduli(mine[begin - first : begin - first + self.tile], others)
                yield begin, start, _without_diagonal(tile, begin, start)

    def _kept(self, first: int, last: int) -> Any:
        if self.held is not None or last - first <= self.tile:
            return self.rows(first, last)
        mine = np.empty((last - first, self.operator.shape[0]), dtype=self.kept)
        for start in range(first, last, self.tile):
            stop = min(start + self.tile, last)
            mine[start - first : stop - first] = self.rows(start, stop)
        return mine

    def _by_adjoint(self, mine: np.ndarray, begin: int) -> np.ndarray:
        products = self.operator.rmatmat(mine.T)
        if not np.isfinite(products).all():
            raise ValueError("The operator's products with A^H are not finite; remove NaN and infinity from it first.")
        others = self.live[begin:]
        if others.size < products.shape[0]:
            products = products[others]
        return np.abs(products / self.norms[others, None]).T

    def _all_rows(self) -> tuple[np.ndarray, np.ndarray]:
        m, n = self.operator.shape
        out = np.empty((n, m), dtype=self.kept)
        step = max(1, min(n, self.room // (16 * m * self.kind.itemsize)))
        for start in range(0, n, step):
            part = np.arange(start, min(start + step, n))
            out[start : start + step] = unit_rows(self.operator, part, self.kind)
        live = np.flatnonzero(out.any(axis=1))
        return live, out if live.size == n else out[live]

    def _cut(self, per_row: int) -> tuple[int, int]:
        """How many columns make a tile, and how many rows a thread keeps while the others pass by."""
        m, n = self.operator.shape
        size = self.kind.itemsize
        taken = 0 if self.held is None or self.sparse else self.held.nbytes
        room = max(0, self.room - taken) // self.threads
        each = (m if self.held is not None else 8 * m) * size + per_row  # rows of two tiles and what making them takes
        if self.adjoint:
            tile = room // (6 * n * size + 4 * m * size + per_row)
        else:
            tile = int((np.sqrt(float(each) ** 2 + 16.0 * size * room) - each) / (8 * size))
        if tile < (1 if self.adjoint else min(LEAST, self.size)):
            raise MemoryError(
                f"memory={self.memory} bytes are too few for a {m} x {n} {type(self.operator).__name__}; "
                f"give more, such as {max(2 * self.memory, 64 * m * size)}."
            )
        tile, kept = min(TILE, tile), 1
        if self.held is None and not self.adjoint:
            rest = room - tile * (each + 4 * size * tile)
            kept = max(1, min(rest // (m * size * tile), -(-self.size // (4 * self.threads * tile))))
        return tile, tile * kept


def _adjoint_is_cheaper(operator: Operator, single: bool) -> bool:
    """Whether products with Aᴴ, which compute every pair twice, take less time than products of columns.

    In units of multiplications: some 150 for what is done to each entry beside, and half as much time in single precision.
    """
    m = operator.shape[0]
    return 2 * m * _adjoint_share(operator) + 300 < m / (2 if single else 1)


def _adjoint_share(operator: Operator) -> float:
    """The multiplications of Aᴴ y, as a share of those of the dense matrix: structure can save most of them."""
    if isinstance(operator, FaceSplitting):
        return 1 / operator.features.shape[1] + 1 / operator.delta.shape[1]
    if isinstance(operator, Jacobian):
        return sum(_adjoint_share(block) * block.shape[1] for block in operator.blocks) / operator.shape[1]
    if isinstance(operator, (Scaled, Selected)):
        return _adjoint_share(operator.operator) * operator.operator.shape[1] / operator.shape[1]
    return 1.0


def unit_rows(operator: Operator, chosen: np.ndarray, kind: Any) -> np.ndarray:
    """Columns at unit length, each as a row; a zero column stays zero."""
    rows = np.array(operator.columns(chosen).T, dtype=kind, order="C")
    parts = rows.view(rows.real.dtype) if np.iscomplexobj(rows) else rows
    peaks = np.maximum(parts.max(axis=1), -parts.min(axis=1))
    _refuse(peaks)
    parts /= np.where(peaks > 0, peaks, 1)[:, None]
    squares = np.einsum("ij,ij->i", parts, parts)
    parts /= np.sqrt(np.where(peaks > 0, squares, 1))[:, None]
    return rows


def moduli(mine: Any, others: Any) -> np.ndarray:
    """The moduli of the inner products of rows with rows."""
    if not isinstance(mine, np.ndarray):
        return np.abs((mine @ others.conj().T).toarray())
    products = mine @ (others.conj().T if np.iscomplexobj(others) else others.T)
    return np.abs(products) if np.iscomplexobj(products) else np.abs(products, out=products)


def _without_diagonal(tile: np.ndarray, first: int, start: int) -> np.ndarray:
    here = np.arange(max(first, start), min(first + tile.shape[0], start + tile.shape[1]))
    tile[here - first, here - start] = 0
    return tile


def _sparse_rows(operator: Operator) -> tuple[np.ndarray, Any]:
    matrix = operator.matrix.astype(np.result_type(operator.dtype, np.float64)).T.tocsr()  # type: ignore[attr-defined]
    line = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    peaks = np.zeros(matrix.shape[0])
    np.maximum.at(peaks, line, np.maximum(np.abs(matrix.data.real), np.abs(matrix.data.imag)))
    matrix.data = matrix.data / np.where(peaks > 0, peaks, 1)[line]
    squares = np.bincount(line, weights=np.abs(matrix.data) ** 2, minlength=matrix.shape[0])
    matrix.data /= np.sqrt(np.where(squares > 0, squares, 1))[line]
    live = np.flatnonzero(peaks > 0)
    return live, matrix[live]


def _gives_columns(operator: Operator) -> bool:
    """Whether columns come without a product for each."""
    inner = getattr(operator, "operator", None)
    if isinstance(inner, Operator) and type(operator).columns is not Operator.columns:
        return _gives_columns(inner)
    return type(operator).columns is not Operator.columns


def _refuse(values: np.ndarray) -> None:
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise ValueError(f"{bad.size} columns of A are not finite; remove NaN and infinity from it first.")
