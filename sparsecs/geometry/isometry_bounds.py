"""What is proven of the restricted isometry constants of one order."""

from __future__ import annotations

from dataclasses import dataclass

from sparsecs.geometry.bounds import Bounds


@dataclass(frozen=True, eq=False)
class IsometryBounds:
    """Bounds of L and U in (1 − L) ‖x‖² ≤ ‖A x‖² ≤ (1 + U) ‖x‖² for every x with at most k nonzeros.

    Parameters
    ----------
    k : int
        The order.
    L, U : Bounds
        The witness of each is the support on which the lower bound is attained.
    scale : float
        What A was multiplied by first; 1 if it was used as given.

    Attributes
    ----------
    delta : Bounds
        The restricted isometry constant, max(L, U).

    Examples
    --------
    >>> from sparsecs import Bounds, IsometryBounds
    >>> IsometryBounds(2, Bounds(0.5, 0.5), Bounds(0.25, 0.75)).delta
    0.5 <= value <= 0.75
    """

    k: int
    L: Bounds
    U: Bounds
    scale: float = 1.0

    @property
    def delta(self) -> Bounds:
        first, other = (self.L, self.U) if self.L.lower >= self.U.lower else (self.U, self.L)
        method = first.method if first.method == other.method else "; ".join(filter(None, (first.method, other.method)))
        return Bounds(
            first.lower,
            max(self.L.upper, self.U.upper),
            first.witness,
            method,
            stopped=first.stopped or other.stopped,
        )

    @property
    def exact(self) -> bool:
        """Whether both constants are known to rounding."""
        return self.L.exact and self.U.exact

    def __repr__(self) -> str:
        scaled = "" if self.scale == 1 else f" of {self.scale:.6g} A"
        return f"IsometryBounds of order {self.k}{scaled}:\n  L: {self.L}\n  U: {self.U}\n  delta: {self.delta}"
