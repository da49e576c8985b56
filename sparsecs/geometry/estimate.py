"""A figure with its error: exact, an upper bound within a stated distance, or the mean of random draws."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sparsecs.core.checks import probability


@dataclass(frozen=True, eq=False)
class Estimate:
    """A number, and how well it is known.

    Parameters
    ----------
    value : float
    error : float
        The standard error of a mean of random draws; 0 for a closed form, infinite for a single draw.
    method : str
        How it was found, in words.
    slack : float
        For an upper bound: the most it may lie above the true value. 0: it is no bound.
    faces : array, optional
        Of each draw, the dimension of the face, or for curved cones the divergence of the projection.
    norms : array, optional
        Of each draw, the squared norm of the projection.
    identifiable : bool or None
        False: a direction of the cone has no image, so that no number of measurements tells it from nothing. None: nobody
        asked, since there is no matrix.
    violation : float
        The largest distance from optimality over all draws, in units of the drawn vector's norm.
    stopped : str
        Why the search ended early; empty if it came to its end.

    Attributes
    ----------
    exact : bool
        Whether it is known to rounding.
    draws : int
        How many draws it is the mean of.

    Examples
    --------
    >>> from sparsecs import Estimate
    >>> Estimate(12.5, method="a closed form")
    12.5 (exact; a closed form)
    >>> Estimate(12.5, 0.25).interval(0.95)
    (12.01000900386..., 12.98999099613...)
    """

    value: float
    error: float = 0.0
    method: str = ""
    slack: float = 0.0
    faces: np.ndarray | None = None
    norms: np.ndarray | None = None
    identifiable: bool | None = None
    violation: float = 0.0
    stopped: str = ""

    def __post_init__(self) -> None:
        if np.isnan(self.value) or not self.error >= 0 or not self.slack >= 0:
            raise ValueError(
                f"A value is a number, its error and slack are at least zero; got {self.value}, {self.error}, {self.slack}."
            )

    @property
    def exact(self) -> bool:
        return self.error == 0 and self.slack == 0

    @property
    def draws(self) -> int:
        held = self.norms if self.faces is None else self.faces
        return 0 if held is None else int(held.size)

    @property
    def by_face(self) -> Estimate | None:
        """The mean of the faces' dimensions alone; None without draws."""
        found = self.faces
        return None if found is None else replace(mean_of(found, "dimension of the face"), faces=found)

    @property
    def by_norm(self) -> Estimate | None:
        """The mean of the squared norms alone; None without draws."""
        found = self.norms
        return None if found is None else replace(mean_of(found, "squared norm of the projection"), norms=found)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Where the true value lies: always for a closed form, with probability ``level`` (Gaussian errors) for a mean."""
        from scipy.special import ndtri

        half = float(ndtri(0.5 + 0.5 * probability(level, "level"))) * self.error if self.error else 0.0
        return self.value - half - self.slack, self.value + half

    def __repr__(self) -> str:
        notes = [self.method] if self.method else []
        if self.exact:
            said, notes = f"{self.value:.10g}", ["exact", *notes]
        elif self.slack:
            said = f"at most {self.value:.6g}, at least {self.value - self.slack:.6g}"
        else:
            said = f"{self.value:.6g} ± {self.error:.2g}"
        if self.draws:
            notes.append(f"{self.draws} draws")
        if self.identifiable is False:
            notes.append("not identifiable: a direction of the cone has no image")
        if self.stopped:
            notes.append(f"stopped early: {self.stopped}")
        return f"{said} ({'; '.join(notes)})" if notes else said


def mean_of(samples: np.ndarray, method: str) -> Estimate:
    """The mean of samples with its standard error."""
    error = float(samples.std(ddof=1) / np.sqrt(samples.size)) if samples.size > 1 else np.inf
    return Estimate(float(samples.mean()), error, method)
