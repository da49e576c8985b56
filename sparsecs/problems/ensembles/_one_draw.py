"""A draw that is made once and kept, with the columns that can be told apart and the norms that were asked for."""

from __future__ import annotations

from functools import lru_cache

from sparsecs.core.randomness import stream
from sparsecs.geometry.identifiability import distinct_columns
from sparsecs.operators.base import DENSE_LIMIT, Operator
from sparsecs.operators.dense import Dense
from sparsecs.operators.scaled import normalized
from sparsecs.operators.selected import Selected
from sparsecs.problems.ensembles.base import Ensemble


def trimmed(operator: Operator, distinct: bool, normalize: bool) -> Operator:
    """The operator with one column of each direction, if ``distinct``, and unit columns, if ``normalize``."""
    if distinct:
        operator = Selected(operator, distinct_columns(operator))
    return normalized(operator) if normalize else operator


@lru_cache(maxsize=8)
def one_draw(
    ensemble: Ensemble, m: int, n: int, seed: int, name: str, distinct: bool, normalize: bool, held: bool = False
) -> Operator:
    """The m × n draw that a seed and a name stand for, ``trimmed``; equal questions get the very same operator.

    With ``held`` it is an array, if that does not take too much.
    """
    operator = trimmed(ensemble.draw(m, n, stream(seed, name)), distinct, normalize)
    return Dense(operator.dense()) if held and operator.nbytes_dense <= DENSE_LIMIT else operator
