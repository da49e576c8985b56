"""What all theorems promise of one matrix, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

HEADS = {"k": "k", "theorem": "theorem", "solvers": "for", "limit": "what kept it from more", "reference": "reference"}
WORST = (
    "Each holds for every signal with so few nonzeros, the worst one included; on most signals solvers succeed with many\n"
    "times as many."
)


@dataclass(frozen=True, eq=False)
class GuaranteeTable:
    """The largest k that each theorem promises for one matrix; it prints as a table, the best first.

    Parameters
    ----------
    shape : tuple of int
        (m, n) of the matrix.
    rows : tuple of dict
        Each with ``k``, ``theorem``, ``solvers`` (a tuple of names), ``limit`` (what kept it from more, in words),
        ``open`` (whether the bounds do not tell about k + 1) and ``reference``.
    notes : tuple of str
        What else should be known, in words.
    stopped : str
        Why the search ended early; empty if it came to its end.

    Attributes
    ----------
    best : dict
        For each solver the largest k that any theorem promises.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import guaranteed_sparsity
    >>> table = guaranteed_sparsity(np.eye(3))
    >>> table.best["OMP"], table.rows[0]["k"]
    (3, 3)
    """

    shape: tuple[int, int]
    rows: tuple[dict[str, Any], ...]
    notes: tuple[str, ...] = ()
    stopped: str = ""

    @property
    def best(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in self.rows:
            for name in row["solvers"]:
                found[name] = max(row["k"], found.get(name, 0))
        return found

    def table(self) -> list[dict[str, str]]:
        """The rows in words, a dict each, with the heads of the columns as keys; for whoever prints or stores them."""
        return [
            {
                HEADS["k"]: str(row["k"]),
                HEADS["theorem"]: row["theorem"],
                HEADS["solvers"]: ", ".join(row["solvers"]) or "exhaustive search",
                HEADS["limit"]: row["limit"],
                HEADS["reference"]: row["reference"],
            }
            for row in self.rows
        ]

    def __repr__(self) -> str:
        said = [list(HEADS.values()), *(list(row.values()) for row in self.table())]
        widths = [max(len(line[i]) for line in said) for i in range(len(HEADS))]
        lines = [
            "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in said
        ]
        lines.insert(1, "  ".join("-" * width for width in widths))
        m, n = self.shape
        stopped = [f"Stopped early: {self.stopped}."] if self.stopped else []
        head = f"Sparsity that is guaranteed for a matrix of {m} x {n}"
        return "\n".join([head, "", *lines, "", WORST, *self.notes, *stopped])
