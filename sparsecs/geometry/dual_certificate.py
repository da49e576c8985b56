r"""The certificate that x, with given support and signs, is the l1 solution: a dual vector.

    A_S^H nu = s,     |a_j^H nu| < 1 for all j outside S                                             (Fuchs 2004)

With A_S injective such a nu exists if and only if every x with this support and these signs, whatever its amplitudes, is the
only minimiser of ``||z||_1`` among all z with A z = A x. If none exists, a null vector h of A along which the norm does not
rise shows it: Re(s^H h_S) + ``||h_off||_1`` <= 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry._on_support import ROUNDING, OnSupport, framed
from sparsecs.geometry._smallest_dual import Search, largest


@dataclass(frozen=True, eq=False)
class DualCertificate:
    """A dual vector for one support and its signs, how good it is, and what shows that there is no better one.

    Parameters
    ----------
    point : (m,) array
        nu, with A_S^H nu = signs to rounding; what comes nearest to it where no nu meets the signs.
    value : float
        The largest abs(a_j^H nu) off the support, from one product with A^H; infinite where no nu meets the signs.
    worst : int or None
        The column that attains it; None if there is no column off the support, or no nu.
    lower : float
        No nu that meets the signs has a smaller value: proven by a null vector, 0 if that was not asked.
    holds : bool
        Whether it proves that l1 recovers this support and these signs: ``value < 1`` by more than rounding, and no
        combination of the columns of the support vanishes.
    direction : (n,) array or None
        Where recovery is refuted, h with A h = 0 along which the l1 norm does not rise.
    method : str
        How the dual vector was found, in words.
    stopped : str
        Why the search ended early; empty if it came to its end.

    Attributes
    ----------
    exact : bool
        Whether ``value`` is the least possible, to 1e-9.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import dual_certificate
    >>> found = dual_certificate(np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8]]), [0, 1], [1, -1])
    >>> found.holds, found.worst, round(found.value, 12)
    (True, 2, 0.2)
    """

    point: np.ndarray
    value: float
    worst: int | None
    lower: float
    holds: bool
    direction: np.ndarray | None = None
    method: str = "least squares"
    stopped: str = ""

    @property
    def exact(self) -> bool:
        return bool(self.value == self.lower or self.value - self.lower <= ROUNDING * max(1.0, self.value))

    def __repr__(self) -> str:
        verdict = "recovery is proven" if self.holds else "recovery is not proven"
        if self.direction is not None:
            verdict = "recovery is refuted"
        size = f"{self.value:.10g}" if self.exact else f"{self.value:.10g}, {self.lower:.10g} at least"
        ended = f"; stopped early: {self.stopped}" if self.stopped else ""
        return f"DualCertificate: {verdict}; largest correlation off the support {size} ({self.method}{ended})"


def dual_certificate(A: Any, support: Any, signs: Any, seconds: float | None = 30.0) -> DualCertificate:
    """The certificate of one support and sign pattern, or the proof that there is none.

    The least-squares dual, the shortest nu that meets the signs, comes first: where its value is below one nothing more
    is asked. Else the nu of least value is found, a linear program (for complex data a cone program), by an
    interior-point method that gives a bound below with each step. Multiplying A by c divides nu by c and leaves the value;
    a column scaled by itself is another question, since l1 penalises all columns alike.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n). Columns are used as given. Only those of the support, and in the second step m of the others or a
        few times as many, are formed.
    support : positions, or a mask of n truth values
    signs : (k,) array
        +1 or -1, or complex numbers of modulus one, in the order of ``support`` (of a mask, in that of the columns). If A or
        signs are complex, recovery is among complex vectors.
    seconds : float or None
        The time that the second step may take; None: as long as it takes.

    Raises
    ------
    TypeError, ValueError
        If the support is none, names a column twice, or the signs do not fit it or have not modulus one.

    References
    ----------
    Fuchs, "On sparse representations in arbitrary redundant bases" (2004).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import dual_certificate
    >>> A = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8]])
    >>> dual_certificate(A, [0, 1], [1, 1])
    DualCertificate: recovery is refuted; largest correlation off the support 1.4 (least squares)
    """
    frame, wanted = framed(A, support, signs)
    return certified(frame, wanted, Budget(seconds), decide=False)


def certified(frame: OnSupport, signs: np.ndarray, budget: Budget, decide: bool) -> DualCertificate:
    """The certificate; with ``decide`` no better than it takes to say on which side of one it lies."""
    w = frame.shortest_dual(signs)
    h = frame.vanishing(w, signs)
    if h is not None:
        whole = np.zeros(frame.off.size, dtype=frame.dtype)
        whole[frame.support] = h
        met = frame.meets(w, signs)
        value, worst = largest(frame.products(w), frame.off) if met else (np.inf, None)
        return DualCertificate(
            w / frame.c,
            value,
            worst,
            0.0 if met else np.inf,
            False,
            whole,
            "columns of the support depend on each other",
        )
    search = Search(frame, signs, w, decide, budget)
    method = "least squares"
    if search.value >= 1 - search.slack:
        with budget.watch():
            search.run()
        if search.w is not w:
            method = "cone program" if np.iscomplexobj(w) else "linear program"
    holds = search.value < 1 - search.slack
    refuted = search.direction if search.lower >= 1 - ROUNDING else None
    return DualCertificate(
        w if False else search.w / frame.c,
        search.value,
        search.worst,
        search.lower,
        holds,
        refuted,
        method,
        budget.stopped,
    )
