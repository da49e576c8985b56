"""The Gram matrix of the normalised columns as a picture, with the borders of its blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from sparsecs.core.checks import indices, whole_number
from sparsecs.geometry.block_coherence import block_coherence
from sparsecs.operators.door import as_operator
from sparsecs.plots._style import axes_or_new

PIXELS = 500  # more than a page shows
NAMED = 12  # blocks; of more the names would lie on each other
TALL = 0.04  # the least height of a block, as a part of the whole, at which its name is legible


def gram_heat_map(A: Any, blocks: Any = None, pixels: int = PIXELS, ax: Any = None) -> Any:
    """|cos| between every two columns, as tiles from dark (orthogonal) to bright (one direction); grey is where there is no pair.

    With more columns than ``pixels``, neighbours share a pixel, which shows the largest value of its pairs, so that no alike
    pair is lost. A column is not compared with itself.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n), with at least two columns that are not zero.
    blocks : dict, several slices or arrays, or (n,) array of labels, optional
        Which columns belong together: they are drawn side by side, with a line around them and their name. By default the
        layers of a Jacobian. Columns in no block are left out.
    pixels : int
        The most to a side.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If a column is in two blocks, or fewer than two columns are not zero.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import gram_heat_map
    >>> ax = gram_heat_map(np.array([[1.0, 0.0, 3.0], [0.0, 2.0, 4.0]]))
    >>> ax.images[0].get_array().round(12).tolist()
    [[None, 0.0, 0.6], [0.0, None, 0.8], [0.6, 0.8, None]]
    """
    import matplotlib as mpl

    operator = as_operator(A)
    whole_number(pixels, "pixels", 2)
    named = _blocks(operator, blocks)
    order = np.concatenate(list(named.values()))
    parts = np.array_split(order, min(order.size, pixels))
    found = block_coherence(operator, parts)
    shown = np.ma.masked_where(found.pairs == 0, found.largest)
    ax = axes_or_new(ax, 6.0, 5.0, layout="compressed")
    colours = mpl.colormaps["viridis"].with_extremes(bad="0.5")
    extent = (0, order.size, order.size, 0)
    image = ax.imshow(shown, cmap=colours, vmin=0, vmax=1, extent=extent, interpolation="nearest")
    shared = order.size > len(parts)
    label = "largest |cos| of the pairs in a pixel" if shared else "|cos| between two columns"
    ax.figure.colorbar(image, ax=ax, label=label)
    ax.set(xlabel="column", ylabel="column", xlim=(0, order.size), ylim=(order.size, 0))
    _borders(ax, {name: columns.size for name, columns in named.items()})
    return ax


def _blocks(operator: Any, blocks: Any) -> dict[str, np.ndarray]:
    """The names of the blocks and their columns."""
    n = operator.shape[1]
    if blocks is None:
        blocks = getattr(operator, "layer_slices", {"": slice(0, n)})
    if not isinstance(blocks, Mapping):
        listed = list(blocks) if isinstance(blocks, Iterable) else [blocks]
        if listed and all(isinstance(one, (slice, list, tuple, np.ndarray)) for one in listed):
            blocks = {_name(block, number): block for number, block in enumerate(listed)}
        else:
            labels = np.asarray(listed)
            if labels.shape != (n,):
                raise ValueError(f"blocks has shape {labels.shape} but the operator has {n} columns.")
            blocks = {str(value): np.flatnonzero(labels == value) for value in np.unique(labels)}
    found = {
        str(name): np.arange(n)[block] if isinstance(block, slice) else indices(block, f"block {name}", n)
        for name, block in blocks.items()
    }
    found = {name: columns for name, columns in found.items() if columns.size}
    if not found:
        raise ValueError("The blocks hold no columns.")
    return found


def _name(block: Any, number: int) -> str:
    return f"{block.start or 0}:{'' if block.stop is None else block.stop}" if isinstance(block, slice) else str(number)


def _borders(ax: Any, sizes: dict[str, int]) -> None:
    if len(sizes) < 2:
        return
    edges = np.cumsum([0, *sizes.values()])
    for edge in edges[1:-1]:
        ax.axhline(edge, color="white", lw=1)
        ax.axvline(edge, color="white", lw=1)
    if len(sizes) <= NAMED:
        legible = [number for number, size in enumerate(sizes.values()) if size >= TALL * edges[-1]]
        names = [list(sizes)[i] for i in legible]
        ax.set_yticks([(edges[i] + edges[i + 1]) / 2 for i in legible], names, rotation=90, va="center")
        ax.tick_params(axis="y", length=0)
        ax.set_ylabel("block of columns")
