"""The carrier of what the LASSO is expected to reach on one matrix."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LassoPrediction:
    """What the LASSO is expected to reach on one matrix at one signal-to-noise ratio; ``lasso_error`` makes it.

    Attributes
    ----------
    shape : tuple of int
        (m, n).
    k : float
        Nonzeros of the signal.
    snr : float
        E ‖A x‖² / E ‖noise‖².
    noise : float
        The deviation σ of the noise in an entry of y that goes with it.
    weight : float
        λ of ½‖y − A x‖² + λ‖x‖₁.
    best : bool
        Whether the weight is the one with the least expected error.
    relative_error : float
        √(E ‖x̂ − x‖² / E ‖x‖²).
    recall : float
        The part of the support of x that is found.
    false_alarms : float
        How many coefficients that are zero in x are not zero in x̂.
    nonzeros : float
        How many coefficients of x̂ are not zero.
    prediction_error : float
        √(E ‖A (x̂ − x)‖² / E ‖A x‖²).
    unevenness : float
        By how much columns differ in what the fit determines of them: the spread of the diagonal of (AᵀA + s)⁻¹AᵀA over its
        mean, beyond what random singular vectors show. The law takes it to be zero.
    trusted : bool
    verdict : str
        Whether the law holds for such a matrix, and why, in words.

    Examples
    --------
    >>> from sparsecs import Gaussian, lasso_error, stream
    >>> told = lasso_error(Gaussian().draw(100, 200, stream(0, "A")), k=10, snr=100.0, weight=0.1)
    >>> round(told.nonzeros, 1), round(told.recall, 3), told.best
    (14.4, 1.0, False)
    """

    shape: tuple[int, int]
    k: float
    snr: float
    noise: float
    weight: float
    best: bool
    relative_error: float
    recall: float
    false_alarms: float
    nonzeros: float
    prediction_error: float
    unevenness: float
    trusted: bool
    verdict: str

    def __str__(self) -> str:
        size = f"{self.shape[0]} × {self.shape[1]}"
        chosen = f"weight {self.weight:.4g}, {'the best one' if self.best else 'as given'}"
        return "\n".join(
            [
                f"LASSO on {size}, {self.k:g} nonzeros, snr {self.snr:g}, {chosen}",
                f"relative error    {self.relative_error:.4f}",
                f"support recall    {self.recall:.4f}",
                f"false alarms      {self.false_alarms:.1f} of {self.nonzeros:.1f} nonzeros in the answer",
                f"error of A x      {self.prediction_error:.4f}",
                f"trusted: {'yes' if self.trusted else 'no'}. {self.verdict}",
            ]
        )
