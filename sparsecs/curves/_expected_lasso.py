"""The carrier of what is expected of the LASSO's answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ExpectedLasso:
    """The LASSO's answer x̂ for y = A x + noise, on average, where n is large; ``ReplicaLasso`` makes it.

    Attributes
    ----------
    rate : float
        The part of the entries of x that is not zero, k / n.
    weight : float
        λ of ½‖y − A x‖² + λ‖x‖₁.
    mse : float
        E ‖x̂ − x‖² / n.
    relative_error : float
        √(E ‖x̂ − x‖² / E ‖x‖²).
    recall : float
        The part of the nonzeros of x that is not zero in x̂.
    false_alarms : float
        The part of the zeros of x that is not zero in x̂.
    active : float
        The part of all coefficients that is not zero in x̂; at most rank / n.
    prediction_error : float
        E ‖A (x̂ − x)‖² / n.
    tau, theta : float
        x̂ is distributed as soft thresholding at θ of x in Gaussian noise of deviation τ.
    """

    rate: float
    weight: float
    mse: float
    relative_error: float
    recall: float
    false_alarms: float
    active: float
    prediction_error: float
    tau: float
    theta: float

    @property
    def precision(self) -> float:
        """The part of the nonzeros of x̂ that is one of x; 1 where there are none."""
        return 1 - (1 - self.rate) * self.false_alarms / self.active if self.active > 0 else 1.0
