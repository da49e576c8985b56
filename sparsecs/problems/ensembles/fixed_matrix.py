"""One matrix, drawn once from any ensemble: a sweep then asks about this matrix and not about the law."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sparsecs.core.checks import a_kind_of, whole_number
from sparsecs.core.family import member
from sparsecs.operators.base import Operator
from sparsecs.problems.ensembles._one_draw import one_draw
from sparsecs.problems.ensembles.base import Ensemble


def _gaussian() -> Ensemble:
    ensemble: Ensemble = member("Gaussian", "sparsecs.problems.ensembles", Ensemble)()
    return ensemble


@dataclass(frozen=True)
class FixedMatrix(Ensemble):
    """The same draw of an ensemble every time, whatever the generator.

    It is held as an array if that takes at most a gibibyte, so that no trial forms it anew. ``RandomNetwork`` has this class's
    work built in, as its ``seed``, and stays a Jacobian.

    Parameters
    ----------
    ensemble : Ensemble
        What is drawn from.
    seed : int
        Names the draw.
    distinct : bool
        Keep only one column of each direction: no zero columns, and one of each collinear class, since no method can tell
        the others from it. How many are left depends on the draw, see ``unknowns``.
    normalize : bool
        Scale every column to unit norm.
    columns : int, optional
        How many columns are drawn. ``distinct`` needs it, unless the ensemble has but one size.

    Raises
    ------
    ValueError
        If ``distinct`` leaves other than n columns, or there is nothing that says how many are drawn.

    Examples
    --------
    >>> from sparsecs import FixedMatrix, PartialCirculant, stream
    >>> fixed = FixedMatrix(PartialCirculant(kernel=3), seed=1, distinct=True, columns=50)
    >>> n = fixed.unknowns(20)
    >>> n, fixed.draw(20, n, stream(0, "A")) is fixed.draw(20, n, stream(1, "A"))
    (30, True)
    """

    ensemble: Ensemble = field(default_factory=_gaussian)
    seed: int = 0
    distinct: bool = False
    normalize: bool = False
    columns: int | None = None

    def __post_init__(self) -> None:
        a_kind_of(self.ensemble, Ensemble, "ensemble", "Gaussian()")
        whole_number(self.seed, "seed")
        if self.columns is not None:
            whole_number(self.columns, "columns", 1)

    def unknowns(self, m: int) -> int | None:
        """The n that the matrix has at m rows; None if it is drawn with as many columns as are asked for."""
        drawn = self.columns or self.ensemble.unknowns(m)
        if not self.distinct:
            return drawn
        if drawn is None:
            raise ValueError(
                "distinct=True needs columns=, how many are drawn: how many are left of them depends on the draw."
            )
        return self._drawn(m, drawn).shape[1]

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        unknowns = self.unknowns(m)
        if unknowns not in (None, n):
            raise ValueError(
                f"This matrix has {unknowns} columns at m = {m}; n = {n} was asked for. Use n = {unknowns}."
            )
        return self._drawn(m, self.columns or self.ensemble.unknowns(m) or n)

    def _drawn(self, m: int, n: int) -> Operator:
        return one_draw(self.ensemble, m, n, self.seed, "matrix", self.distinct, self.normalize, held=True)
