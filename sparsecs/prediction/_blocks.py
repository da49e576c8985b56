"""Independent blocks of a matrix: groups of columns whose row spaces are orthogonal.

The connected components of the projector P onto the row space. The l1 problem falls apart into one for each block, so success
probabilities multiply. The last layer of a network has one block for each output.
"""

from __future__ import annotations

import numpy as np

from sparsecs.geometry._row_space import RowSpace

REACHED = 1e-9  # of the largest entry; rounding leaves 1e-15
MOST = 4096  # blocks that are told apart


def blocks(space: RowSpace, rng: np.random.Generator) -> np.ndarray:
    """Labels 0, 1, ... of the block of every column, an (n,) array.

    A random vector on some columns, projected, is nonzero on exactly those columns that are connected to them: a block is
    found with a few products instead of all entries of P.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import as_operator, stream
    >>> from sparsecs.geometry._row_space import row_space
    >>> from sparsecs.prediction._blocks import blocks
    >>> blocks(row_space(as_operator(np.array([[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]]))), stream(0, "blocks"))
    array([0, 0, 1, 1])
    """
    size = space.operator.shape[1]
    labels = np.full(size, -1)
    for label in range(MOST):
        inside = np.zeros(size, dtype=bool)
        inside[np.argmax(labels < 0)] = True
        grown = True
        while grown:
            image = np.abs(space.project(np.where(inside, rng.standard_normal(size), 0.0)))
            more = inside | ((image > REACHED * image.max(initial=0.0)) & (labels < 0))
            grown, inside = bool((more & ~inside).any()), more
        labels[inside] = label
        if (labels >= 0).all():
            return labels
    return np.where(labels < 0, MOST, labels)
