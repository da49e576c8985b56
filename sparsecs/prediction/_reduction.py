"""What no signal can be recovered through, and the matrix that is left without it.

A zero column is never found. Of parallel columns only one combination is known. Basis pursuit puts all of it on the longest
column: a nonzero on a shorter one is never found, and columns that tie are never told apart. Other methods are not known to
prefer one, so all columns of a class count as lost for them. A support with a lost column fails; one that misses all of them
meets the matrix that has one column of each direction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.geometry.identifiability import collinear_columns
from sparsecs.operators.base import Operator

TIE = 1e-9  # relative difference of lengths


@dataclass(frozen=True, eq=False)
class Reduction:
    """One column of each direction, and which columns are lost.

    Parameters
    ----------
    kept : (q,) array of int
        One column of each direction, sorted.
    lost : (n,) array of bool
        Columns on which a nonzero is never found; a kept column may be one, of a class whose columns tie.
    dead, parallel : int
        How many columns are zero, and how many stand in a class of parallel ones.
    """

    kept: np.ndarray
    lost: np.ndarray
    dead: int
    parallel: int


def reduced(operator: Operator, longest: bool) -> Reduction:
    """The reduction of an operator; ``longest`` says whether the longest column of a class is found, as by basis pursuit.

    Raises
    ------
    ValueError
        If all columns are zero.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import as_operator
    >>> from sparsecs.prediction._reduction import reduced
    >>> found = reduced(as_operator(np.array([[1.0, 0.0, 2.0, 1.0], [0.0, 0.0, 0.0, 1.0]])), longest=True)
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
    keep = ~lost
    classes = collinear_columns(operator)
    for found in classes:
        order = found[np.argsort(-norms[found], kind="stable")]
        keep[order[1:]] = False
        lost[order[1:]] = True
        if not longest or norms[order[1]] >= norms[order[0]] * (1 - TIE):
            lost[order[0]] = True
    return Reduction(np.flatnonzero(keep), lost, dead, sum(found.size for found in classes))

