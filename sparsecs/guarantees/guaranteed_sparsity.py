"""Every theorem of this folder, asked of one matrix."""

from __future__ import annotations

from typing import Any, cast

from sparsecs.core.family import members
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.guarantee_table import GuaranteeTable
from sparsecs.guarantees.verdict import Verdict

ROUNDS = 3  # in each after the first, those whose bounds did not tell have the time that the others left


def guaranteed_sparsity(A: Any, seconds: float | None = 30.0, kmax: int | None = None) -> GuaranteeTable:
    """The table of what all theorems promise: for each the largest k, the solvers, and what kept it from more.

    These are worst cases over all supports and signs, and usually far below what solvers do. Theorems that are read off A
    come first, searches later; when the time is spent or Ctrl-C is pressed, the table holds what was proven until then.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n).
    seconds : float or None
        For all of it; None: as long as it takes. What is read off A is never cut short.
    kmax : int, optional
        The largest k to ask for.

    Raises
    ------
    TypeError, ValueError
        If A is no matrix of finite numbers.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import guaranteed_sparsity
    >>> simplex = np.linalg.qr(np.column_stack([np.ones(6), np.eye(6)[:, :5]]))[0][:, 1:].T
    >>> table = guaranteed_sparsity(simplex)
    >>> [(row["k"], row["solvers"]) for row in table.rows if row["theorem"] == "CoherenceBound"]
    [(2, ('OMP', 'BasisPursuit'))]
    """
    facts = A if isinstance(A, Measured) else Measured(A, seconds)
    theorems = [cls() for cls in members("sparsecs.guarantees", Guarantee).values()]
    theorems.sort(key=lambda theorem: cast(Guarantee, theorem).effort)
    found: dict[str, list[dict[str, Any]]] = {}
    notes = [_limit(theorem, facts) for theorem in theorems if theorem.about == "limit"]
    asked = [theorem for theorem in theorems if theorem.uniform and theorem.about == "recovery"]
    with facts.budget.watch():
        for _ in range(ROUNDS):
            for place, theorem in enumerate(asked):
                facts.turn(len(asked) - place)
                found[type(theorem).__name__] = _rows(theorem, facts, kmax)
            asked = [theorem for theorem in asked if any(row["open"] for row in found[type(theorem).__name__])]
            if facts.budget.spent():
                break
    rows = [row for of_one in found.values() for row in of_one]
    rows.sort(key=lambda row: -row["k"])
    alone = [type(theorem).__name__ for theorem in theorems if not theorem.uniform]
    notes.append(f"About one support or one signal ask premise() of {', '.join(alone)}.")
    return GuaranteeTable(facts.shape, tuple(rows), tuple(notes), facts.budget.stopped)


def _rows(theorem: Guarantee, facts: Measured, kmax: int | None) -> list[dict[str, Any]]:
    """One row, or one for each solver if the theorem does not promise all of them the same."""
    reached = {name: theorem._reach(facts, name, kmax) for name in theorem.solvers or (None,)}
    together: dict[tuple[int, str], list[str]] = {}
    verdicts: dict[tuple[int, str], Verdict | None] = {}
    for name, (k, beyond) in reached.items():
        key = (k, beyond.reason if beyond is not None else "")
        together.setdefault(key, []).extend([name] if name else [])
        verdicts[key] = beyond
    return [_row(theorem, key[0], tuple(names), verdicts[key], kmax) for key, names in together.items()]


def _row(
    theorem: Guarantee, k: int, solvers: tuple[str, ...], beyond: Verdict | None, kmax: int | None
) -> dict[str, Any]:
    if beyond is None:
        limit = "no more was asked for" if k == kmax else "nothing: more nonzeros than this there cannot be"
    else:
        limit = f"k = {k + 1}: {beyond.reason}"
    return {
        "k": k,
        "theorem": type(theorem).__name__,
        "solvers": solvers,
        "limit": limit,
        "open": beyond is not None and beyond.holds is None,
        "reference": theorem.reference,
    }


def _limit(theorem: Guarantee, facts: Measured) -> str:
    m, n = facts.shape
    return (
        f"{type(theorem).__name__}: coherence can promise no {m} x {n} matrix more than k = {theorem._reach(facts)[0]}."
    )
