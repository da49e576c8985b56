"""What the pictures share: axes to draw on, and colours that people who see colours differently can tell apart."""

from __future__ import annotations

from typing import Any

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # Okabe and Ito (2008)
MARKERS = ("o", "s", "^", "D", "v", "P")


def axes_or_new(ax: Any, width: float = 6.4, height: float = 4.2, layout: str = "constrained") -> Any:
    """``ax``, or the axes of a new figure; ``"compressed"`` is the layout for axes whose shape is fixed, as of images."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), layout=layout)[1]
