r"""The irrepresentable condition with a minimum signal: the LASSO finds the signs in spite of noise.

y = A x + e with ||e|| <= eps, S the support of x, s its signs, G = A_S^T A_S invertible. If for j outside S and i in S

    eta_j = |a_j^T A_S G^{-1} s| < 1,      lambda (1 - eta_j) > eps ||P a_j||,      P = I - A_S A_S^+,
    |x_i| > lambda s_i (G^{-1} s)_i + eps sqrt((G^{-1})_ii),

then the LASSO has one solution, and its signs are those of x. Proof: put z_S = x_S + A_S^+ e - lambda G^{-1} s and z = 0
elsewhere. Since |(A_S^+ e)_i| <= eps sqrt((G^{-1})_ii), the second line gives s_i z_i > 0. The residual is y - A z = P e +
lambda A_S G^{-1} s, so A_S^T (y - A z) = lambda s, and |a_j^T (y - A z)| <= eps ||P a_j|| + lambda eta_j < lambda: the
optimality conditions hold, strictly off S, and A_S is injective. Both lines are sharp: with one of them reversed, some e
breaks the optimality of z, and a solution with these signs would have to be z. (Fuchs 2005, Zhao and Yu 2006, Wainwright
2009.)

Complex signs turn with the noise, so there the same is shown of the support alone, for all subgradients: eta_j is ||A_S^+
a_j||_1, and the sum of |(G^{-1})_il| over l stands in place of s_i (G^{-1} s)_i. In the proof z_S minimises among vectors on
S, and z_S - x_S is bounded entry by entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import numeric
from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict


@dataclass(frozen=True)
class IrrepresentableCondition(Guarantee):
    """The LASSO finds the signs of a signal in noise of bounded size, if λ is above the noise and the signal above λ.

    For complex data it speaks of the support alone.

    References
    ----------
    Fuchs (2005); Zhao and Yu, "On model selection consistency of Lasso" (2006); Wainwright (2009).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import IrrepresentableCondition
    >>> A = np.column_stack([np.eye(3), [0.3, 0.4, 0.866]])
    >>> theorem = IrrepresentableCondition()
    >>> theorem.premise(A, signal=[2.0, -1.0, 0, 0], noise=0.01, weight=0.1).solvers
    ('Lasso(weight=0.1)', 'CoordinateDescent(weight=0.1)')
    >>> bool(theorem.premise(A, signal=[2.0, -0.1, 0, 0], noise=0.01, weight=0.1))
    False
    """

    condition: ClassVar[str] = (
        "max |a_jᵀ A_S G⁻¹ s| < 1, λ above the noise, and every |x_i| above what λ and the noise move"
    )
    promise: ClassVar[str] = "the only solution of the LASSO has the signs of the signal"
    solvers: ClassVar[tuple[str, ...]] = ("Lasso", "CoordinateDescent")
    reference: ClassVar[str] = "Fuchs (2005), Zhao and Yu (2006), Wainwright (2009)"
    uniform: ClassVar[bool] = False
    needs: ClassVar[tuple[str, ...]] = ("signal", "weight")

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        assert case.signs is not None
        assert case.sizes is not None
        assert case.weight is not None
        code = f"{case.solver}(weight={case.weight!r})"
        complex_data = bool(np.iscomplexobj(case.signs) or facts.operator.dtype.kind == "c")
        promise = "the only solution of the LASSO has the support of the signal" if complex_data else ""
        found = _figures(facts, case, complex_data)
        if found is None:
            return self._says(facts, case, "cond(A_S)", float("inf"), 1e8, code=code)
        eta, beside, pull, spread = found
        weight, sizes = case.weight / facts.longest, case.sizes * facts.longest
        off = float((eta + (case.noise / weight) * beside).max(initial=0))
        moved = pull + (case.noise / weight) * spread
        on = float((moved * (weight / sizes)).max())
        figure, value = "max |a_jᵀ A_S G⁻¹ s| + noise ‖P a_j‖ / λ", off
        if off < 1:
            figure, value = "max over the support of what λ and noise take of |x_i|, as a part of it,", on
        return self._says(facts, case, figure, value, 1.0, code=code, promise=promise)

    def kept(self, problem: Any, answer: Any, tolerance: float = 1e-6) -> bool:
        """Whether the answer has the signs of the signal; the support, if data are complex."""
        truth, found = numeric(problem.truth, "truth"), numeric(getattr(answer, "x", answer), "answer")
        if np.iscomplexobj(truth) or np.iscomplexobj(found):
            return bool(np.array_equal(truth != 0, found != 0))
        return bool(np.array_equal(np.sign(truth), np.sign(found)))


def _figures(facts: Measured, case: Case, complex_data: bool) -> tuple[np.ndarray, ...] | None:
    """eta_j and ‖P a_j‖ of other columns, the pull of λ and the spread of noise on the support; None if A_S is singular."""
    A, support, k = facts.operator, case.support, case.k
    part = A.columns(support)
    Q, R = np.linalg.qr(part)
    lengths = np.linalg.norm(part, axis=0)
    if k > part.shape[0] or np.linalg.cond(part / np.where(lengths > 0, lengths, 1)) > 1e8:
        return None
    inverse = np.linalg.inv(R)
    off = np.ones(A.shape[1], dtype=bool)
    off[support] = False
    onto = A.rmatmat(Q)[off]  # row j: a_j^H Q
    beside = np.sqrt(np.maximum(facts.norms[off] ** 2 * (1 + 1e-12) - np.linalg.norm(onto, axis=1) ** 2, 0))
    gram = inverse @ inverse.conj().T
    spread = np.sqrt(np.diag(gram).real)
    if complex_data:
        eta = np.abs(onto @ inverse.conj().T).sum(axis=1)
        pull = np.abs(gram).sum(axis=1)
    else:
        signs = case.signs
        eta = np.abs(onto @ (inverse.T @ signs))
        pull = signs * (gram @ signs)
    return eta, beside, pull, spread
