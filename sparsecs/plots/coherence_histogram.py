"""How alike the columns of a matrix are: how many pairs at each |cos|."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of, positive
from sparsecs.geometry.coherence_profile import CoherenceProfile
from sparsecs.plots._style import COLOURS, axes_or_new


def coherence_histogram(
    profile: CoherenceProfile, welch: float | None = None, label: str | None = None, ax: Any = None
) -> Any:
    """How many pairs of columns have each |cos|, on a logarithmic scale, since a few pairs of millions decide.

    Lines mark the mean, the largest, which is the coherence, and the least coherence that a matrix of this size can have.

    Parameters
    ----------
    profile : CoherenceProfile
    welch : float, optional
        ``welch_bound(m, n)``, where a line is drawn.
    label : str, optional
        What the legend calls the pairs.
    ax : matplotlib Axes, optional
        Several profiles may be drawn on one.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from sparsecs import coherence_histogram, coherence_profile, stream, welch_bound
    >>> A = stream(0, "A").standard_normal((20, 60))
    >>> coherence_histogram(coherence_profile(A), welch=welch_bound(20, 60)).get_xlabel()
    '|cos| between two columns'
    """
    a_kind_of(profile, CoherenceProfile, "profile", "coherence_profile(A)")
    ax = axes_or_new(ax)
    number = len([patch for patch in ax.patches if patch.get_label()])
    colour = COLOURS[number % len(COLOURS)]
    beside = "" if profile.zero_columns == 0 else f", {profile.zero_columns} zero columns left out"
    said = label or f"{profile.pairs:,} pairs{beside}"
    ax.stairs(profile.counts, profile.edges, fill=True, color=colour, alpha=0.35, baseline=0.5, label=said)
    ax.stairs(profile.counts, profile.edges, color=colour, lw=1, baseline=0.5)
    ax.axvline(profile.mean, color=colour, ls=":", lw=1.5, label=f"mean {profile.mean:.3g}")
    ax.axvline(profile.largest, color=colour, ls="-", lw=1.5, label=f"coherence {profile.largest:.3g}")
    if welch is not None:
        bound = positive(welch, "welch", zero=True)
        ax.axvline(bound, color="0.2", ls="--", lw=1.5, label=f"Welch: no less than {bound:.3g}")
    tallest = max([float(np.max(profile.counts, initial=1)), ax.get_ylim()[1] / 2])
    ax.set_yscale("log")
    ax.set(xlabel="|cos| between two columns", ylabel="pairs of columns", ylim=(0.5, 2 * tallest))
    ends = (profile.edges[0], profile.edges[-1] + 0.02 * (profile.edges[-1] - profile.edges[0]))  # a line at 1 is seen
    ax.set_xlim(*ends) if number == 0 else ax.set_xlim(min(ends[0], ax.get_xlim()[0]), max(ends[1], ax.get_xlim()[1]))
    ax.legend(fontsize="small")
    return ax
