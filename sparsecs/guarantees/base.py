"""A theorem: if a matrix has a property, then a solver finds every sparse signal, or those of one support."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import numeric, one_of, whole_number
from sparsecs.core.declaration import Declaration
from sparsecs.geometry.bounds import Bounds
from sparsecs.guarantees._case import Case, case_of
from sparsecs.guarantees._measured import Measured, decided
from sparsecs.guarantees.verdict import Verdict


class Guarantee(Declaration, ABC):
    """Base of all guarantees: premise, promise and reference.

    What is promised is meant in exact arithmetic, for y = A x without noise unless it says otherwise.

    Attributes
    ----------
    condition : str
        The premise in words.
    promise : str
        The conclusion in words.
    solvers : tuple of str
        The solvers of this package for which it follows; empty if it speaks of the signals themselves.
    reference : str
        Authors and year.
    uniform : bool
        Whether it speaks of all k-sparse signals, and not of one support or one signal.
    needs : tuple of str
        What ``premise`` must be given.
    about : str
        ``"recovery"`` of signals, ``"isometry"`` of few columns, or the ``"limit"`` of what other theorems can promise.
    sharp : bool
        Whether the promise is broken wherever the premise does not hold.
    effort : int
        0 for what is read off A; larger for searches.
    """

    condition: ClassVar[str]
    promise: ClassVar[str]
    solvers: ClassVar[tuple[str, ...]] = ()
    reference: ClassVar[str]
    uniform: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = ("k",)
    about: ClassVar[str] = "recovery"
    sharp: ClassVar[bool] = False
    effort: ClassVar[int] = 0

    def premise(
        self,
        A: Any,
        k: int | None = None,
        *,
        signal: Any = None,
        support: Any = None,
        signs: Any = None,
        noise: float = 0.0,
        weight: float | None = None,
        solver: str | None = None,
        seconds: float | None = 30.0,
    ) -> Verdict:
        """Whether the premise holds for a matrix.

        Parameters
        ----------
        A : anything that ``as_operator`` takes
            (m, n).
        k : int, optional
            The number of nonzeros.
        signal : (n,) array, optional
            It gives k, support, signs and sizes at once.
        support : array of int, or a mask of n truth values, optional
        signs : array, optional
            One for each column of the support, as it is given; of complex signals the phases.
        noise : float
            A bound on the Euclidean norm of the noise, for the theorems that allow for it.
        weight : float, optional
            λ of the LASSO.
        solver : str, optional
            One of its ``solvers``; by default the premise for all of them.
        seconds : float or None
            How long bounds may be searched for.

        Raises
        ------
        TypeError, ValueError
            If something that the theorem needs is missing, or does not fit A.
        """
        facts = A if isinstance(A, Measured) else Measured(A, seconds)
        if solver is not None:
            one_of(solver, "solver", self.solvers)
        case = case_of(facts.shape, k, signal, support, signs, noise, weight, solver)
        given = {
            "k": case.k or None,
            "support": case.support,
            "signs": case.signs,
            "signal": case.sizes,
            "weight": case.weight,
        }
        missing = [f"{name}=" for name in self.needs if given[name] is None]
        if missing:
            hint = "" if self.uniform or "weight=" in missing else " Or give signal=."
            raise ValueError(f"{type(self).__name__} speaks of {self.condition}; give {', '.join(missing)}.{hint}")
        if case.noise > 0 and "weight" not in self.needs:
            raise ValueError(f"{type(self).__name__} speaks of y = A x without noise; leave noise= out.")
        return self._verdict(facts, case)

    def sparsity(self, A: Any, solver: str | None = None, seconds: float | None = 30.0) -> int:
        """The largest k for which the premise is proven; 0 if it is for none.

        Parameters
        ----------
        A : anything that ``as_operator`` takes
        solver : str, optional
            One of its ``solvers``; by default for all of them.
        seconds : float or None
            How long bounds may be searched for.

        Raises
        ------
        ValueError
            If the theorem speaks of one support only.
        """
        if not self.uniform:
            raise ValueError(
                f"{type(self).__name__} speaks of one support at a time; ask premise(A, {self.needs[0]}=...) instead."
            )
        if solver is not None:
            one_of(solver, "solver", self.solvers)
        return self._reach(A if isinstance(A, Measured) else Measured(A, seconds), solver)[0]

    def kept(self, problem: Any, answer: Any, tolerance: float = 1e-6) -> bool:
        """Whether the promise was kept: the answer is the signal, up to a part of what its columns measure.

        Parameters
        ----------
        problem : Problem
            With its truth.
        answer : Result or (n,) array
        tolerance : float
            Relative; errors count with the length of their column.
        """
        lengths = problem.operator.column_norms()
        lengths = lengths / (lengths.max() or 1.0)
        truth, found = numeric(problem.truth, "truth"), numeric(getattr(answer, "x", answer), "answer")
        peak = float(np.abs(truth).max(initial=0)) or 1.0
        return bool(
            np.linalg.norm((found - truth) / peak * lengths) <= tolerance * np.linalg.norm(truth / peak * lengths)
        )

    @abstractmethod
    def _judge(self, facts: Measured, case: Case) -> Verdict:
        """The verdict for one solver."""

    def _verdict(self, facts: Measured, case: Case) -> Verdict:
        """For the solver that was named, or for all: then the worst verdict decides."""
        names = (case.solver,) if case.solver else self.solvers or ("",)
        found = [self._judge(facts, case._replace(solver=name)) for name in names]
        worst = min(found, key=lambda verdict: {False: 0, None: 1, True: 2}[verdict.holds])
        codes = tuple(code for verdict in found for code in verdict.solvers)
        return Verdict(**{**vars(worst), "solvers": codes})

    def _says(
        self,
        facts: Measured,
        case: Case,
        figure: str,
        value: Bounds | float,
        threshold: float,
        *,
        code: str | None = None,
        note: str = "",
        promise: str = "",
    ) -> Verdict:
        """The verdict of a figure that must be below a threshold, by more than rounding."""
        bounds = value if isinstance(value, Bounds) else Bounds(value, value)
        code = code or (f"{case.solver}()" if case.solver else "")
        promise = promise or self.promise.replace("k-sparse", f"{case.k}-sparse")
        return Verdict(
            type(self).__name__,
            case.words,
            decided(bounds, threshold, facts.slack),
            figure,
            bounds,
            threshold,
            promise,
            (code,) if code else (),
            self.sharp,
            note,
        )

    def _reach(self, facts: Measured, solver: str | None = None, kmax: int | None = None) -> tuple[int, Verdict | None]:
        """The largest k for which the premise is proven, by doubling and halving, and the verdict for k + 1.

        It relies on what every uniform premise here has: where it holds for k, it holds for all smaller ones.
        """
        most = min(facts.shape) if kmax is None else min(*facts.shape, whole_number(kmax, "kmax", 1))
        low, high, k = 0, most + 1, 1
        beyond = None
        while low < high - 1:
            verdict = self._verdict(facts, Case(k, solver=solver or ""))
            if verdict:
                low = k
            else:
                high, beyond = k, verdict
            k = min(2 * low, most) if high > most else (low + high) // 2
        return low, beyond
