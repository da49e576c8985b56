"""What no signal can be recovered through, and the matrix that is left without it.

A zero column is never found. Of parallel columns only one combination is known: all of it is put on one column, by basis pursuit
on the longest, and a nonzero on another one is never found. Columns that tie are not told apart at all; whichever a solver picks
is right by luck, once in c times for a class of c columns, which is as often as if one of the c were found always. So of every
class one column is kept, the others are lost, and a support succeeds if it misses the lost ones and is found in the matrix of
those that are kept. For methods that do not prefer the longest column this holds on average over the columns of a class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.geometry.identifiability import collinear_columns
from sparsecs.operators.base import Operator


@dataclass(frozen=True, eq=False)
class Reduction:
    """One column of each direction, and which columns are lost.

    Parameters
    ----------
    kept : (q,) array of int
        One column of each direction, the longest, sorted.
    lost : (n,) array of bool
        All others.
    dead, parallel : int
        How many columns are zero, and how many stand in a class of parallel ones.
    """

    kept: np.ndarray
    lost: np.ndarray
    dead: int
    parallel: int


def reduced(operator: Operator) -> Reduction:
    """The reduction of an operator.

    Raises
    ------
    ValueError
        If all columns are zero.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import as_operator
    >>> from sparsecs.prediction._reduction import reduced
    >>> found = reduced(as_operator(np.array([[1.0, 0.0, 2.0, 1.0], [0.0, 0.0, 0.0, 1.0]])))
    >>> found.kept, found.lost
    (array([2, 3]), array([ True,  True, False, False]))
    """
    norms = operator.column_norms()
    lost = norms == 0
    dead = int(lost.sum())
    if dead == norms.size:
        raise ValueError(
            f"All {norms.size} columns are zero, so nothing can be recovered. A network whose outputs do not depend on its "
            "parameters has such a Jacobian; draw other parameters or inputs."
        )
    classes = collinear_columns(operator)
    for found in classes:
        lost[found] = True
        lost[found[np.argmax(norms[found])]] = False
    return Reduction(np.flatnonzero(~lost), lost, dead, sum(found.size for found in classes))
