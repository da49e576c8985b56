"""What theorems share that bound the restricted isometry constant of the unit columns."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import numeric
from sparsecs.geometry.bounds import Bounds
from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict


class FewColumns(Guarantee):
    """Base of the theorems that say: any k unit columns are independent, and by how much."""

    promise: ClassVar[str] = "any k unit columns are independent, and δ_k is no larger"
    about: ClassVar[str] = "isometry"
    figure: ClassVar[str]

    @abstractmethod
    def bound(self, facts: Measured, k: int) -> Bounds:
        """A bound of δ_k of the unit columns; infinite where the theorem has nothing to say."""

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        reach = Bounds(float("inf"), float("inf")) if facts.dead.size else self.bound(facts, case.k)
        promise = self.promise.replace("any k", f"any {case.k}").replace("δ_k", f"δ_{case.k}")
        return self._says(facts, case, self.figure, reach, 1.0, promise=promise)

    def kept(self, problem: Any, answer: Any = None, tolerance: float = 1e-6) -> bool:
        """Whether what the signal measures is as large as promised: | ‖y‖² − ‖x‖² | ≤ δ_k ‖x‖² for unit columns."""
        facts = Measured(problem.operator)
        truth = numeric(problem.truth, "truth")
        support = np.flatnonzero(truth)
        unit = facts.operator.columns(support) / facts.norms[support]
        x = truth[support] / np.abs(truth[support]).max()
        size, image = float(np.linalg.norm(x) ** 2), float(np.linalg.norm(unit @ x) ** 2)
        return bool(abs(image - size) <= (self.bound(facts, support.size).upper + tolerance) * size)
