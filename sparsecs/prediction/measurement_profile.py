"""What a Jacobian, or any matrix, measures: its ranks, its dead and parallel columns, and the same layer by layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.geometry.coherence import coherence
from sparsecs.geometry.identifiability import collinear_columns
from sparsecs.networks.layout import layout
from sparsecs.operators.base import DENSE_LIMIT, Operator
from sparsecs.operators.door import as_operator
from sparsecs.operators.selected import Selected
from sparsecs.prediction.jacobian_profile import JacobianProfile

TILE = 1024  # columns at a time
EACH = 20_000  # columns of a layer, up to which its coherence is computed without being asked


def measurement_profile(A: Any, coherent: bool | None = None) -> JacobianProfile:
    """Ranks, spectrum, dead and collinear columns of A, and norms, participation and coherence of every layer.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n). The Jacobian of a network, also scaled or with columns selected, is told layer by layer, any other as a whole.
    coherent : bool, optional
        Whether to compute coherences, which takes m n² operations. By default for layers of up to 20,000 columns.

    Returns
    -------
    JacobianProfile

    Raises
    ------
    MemoryError
        If neither A nor its m × m Gram matrix fits within a gibibyte.

    Examples
    --------
    >>> from sparsecs import Linear, Network, Relu, linearize, measurement_profile, stream
    >>> network = Network((4,), (Linear(6), Relu(), Linear(1)))
    >>> J = linearize(network, network.init(stream(0, "theta")), stream(0, "inputs").normal(size=(60, 4)))
    >>> profile = measurement_profile(J)
    >>> profile.shape, profile.rank, profile.null_directions
    ((60, 37), 31, 6)
    """
    operator = as_operator(A)
    values, floor = _singular_values(operator)
    rank = int(np.count_nonzero(values > floor * values.max(initial=0.0)))
    norms, participation = operator.column_norms(), _participation(operator)
    classes = collinear_columns(operator)
    layers = _layers(operator)
    rows = []
    for name, mine in layers.items():
        live = mine[norms[mine] > 0]
        wanted = live.size > 1 and (live.size <= EACH if coherent is None else coherent)
        rows.append(
            {
                "layer": name,
                "columns": mine.size,
                "dead": mine.size - live.size,
                "smallest norm": float(norms[live].min()) if live.size else 0.0,
                "median norm": float(np.median(norms[live])) if live.size else 0.0,
                "largest norm": float(norms[live].max()) if live.size else 0.0,
                "participation": float(np.median(participation[live])) if live.size else 0.0,
                "coherence": coherence(Selected(operator, live)) if wanted else float("nan"),
            }
        )
    return JacobianProfile(
        shape=operator.shape,
        rank=rank,
        singular_values=values,
        dead=int((norms == 0).sum()),
        collinear=tuple(found.size for found in classes),
        rows=tuple(rows),
    )


def _layers(operator: Operator) -> dict[str, np.ndarray]:
    try:
        labels = layout(operator).layers
    except TypeError:
        return {"all": np.arange(operator.shape[1])}
    return {str(layer): np.flatnonzero(labels == layer) for layer in np.unique(labels)}


def _singular_values(operator: Operator) -> tuple[np.ndarray, float]:
    """Singular values, falling, and the relative size below which one counts as zero."""
    unit = max(operator.shape) * float(np.finfo(operator.dtype).eps)
    if operator.nbytes_dense <= DENSE_LIMIT:
        return np.linalg.svd(operator.dense(), compute_uv=False), unit
    m, size = operator.shape[0], operator.shape[0] ** 2 * operator.dtype.itemsize
    if size > DENSE_LIMIT:
        raise MemoryError(
            f"The spectrum of a {operator.shape[0]} x {operator.shape[1]} operator needs the {m} x {m} Gram matrix, "
            f"{size / 1e9:.1f} GB, above the limit of {DENSE_LIMIT / 1e9:.1f} GB. Use fewer rows, such as a part of the samples."
        )
    return np.sqrt(np.maximum(np.linalg.eigvalsh(operator.gram())[::-1], 0)), unit**0.5


def _participation(operator: Operator) -> np.ndarray:
    """(Σ a²)² / (m Σ a⁴) of every column: the share of the rows that it lives on; 0 for a zero column."""
    m, n = operator.shape
    out = np.zeros(n)
    for start in range(0, n, TILE):
        part = np.arange(start, min(start + TILE, n))
        block = np.abs(operator.columns(part))
        peak = block.max(axis=0)
        square = (block / np.where(peak > 0, peak, 1)) ** 2
        out[part] = square.sum(axis=0) ** 2 / np.where(peak > 0, m * (square**2).sum(axis=0), 1)
    return out
