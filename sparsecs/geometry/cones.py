r"""Cones whose statistical dimension and Gaussian width are known in closed form.

delta(C) = E |P_C g|^2 = sum over j of j v_j(C), v_j the conic intrinsic volumes; w(C) = E |P_C g| = sum of v_j E chi_j for a cone
with flat faces (Amelunxen, Lotz, McCoy and Tropp 2014). delta(C) + delta(polar of C) = n.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import a_kind_of, positive, whole_number
from sparsecs.core.declaration import Declaration


class Cone(Declaration, ABC):
    """Base of the cones that are known in closed form: they give ``dimension()``, ``width()`` and ``project(g)``."""

    n: int

    @property
    def least(self) -> int:
        """The fewest coordinates it can live in; all but subspaces live in just that many."""
        return self.n

    @abstractmethod
    def dimension(self) -> float:
        """δ = E‖Π(g)‖²."""

    @abstractmethod
    def width(self) -> float | None:
        """E‖Π(g)‖, the Gaussian width of the part within the unit ball; None where there is no closed form."""

    @abstractmethod
    def project(self, g: np.ndarray) -> np.ndarray:
        """The nearest point of the cone to an (n,) array."""


@dataclass(frozen=True)
class Subspace(Cone):
    """A linear subspace of a dimension; its coordinates are the first ones.

    Parameters
    ----------
    d : int
        Its dimension, at least 0.

    Examples
    --------
    >>> from sparsecs import Subspace, statistical_dimension
    >>> statistical_dimension(Subspace(7)).value
    7.0
    """

    d: int = 1

    def __post_init__(self) -> None:
        whole_number(self.d, "d", 0)

    @property
    def least(self) -> int:
        return self.d

    def dimension(self) -> float:
        return float(self.d)

    def width(self) -> float:
        return chi_mean(self.d)

    def project(self, g: np.ndarray) -> np.ndarray:
        return np.where(np.arange(g.size) < self.d, g, 0.0)


@dataclass(frozen=True)
class Orthant(Cone):
    """All vectors of n nonnegative coordinates.

    Parameters
    ----------
    n : int

    Examples
    --------
    >>> from sparsecs import Orthant, statistical_dimension
    >>> statistical_dimension(Orthant(9)).value
    4.5
    """

    n: int = 1

    def __post_init__(self) -> None:
        whole_number(self.n, "n", 1)

    def dimension(self) -> float:
        return self.n / 2

    def width(self) -> float:
        from scipy.stats import binom

        faces = np.arange(self.n + 1)
        return float(binom.pmf(faces, self.n, 0.5) @ chi_means(faces))

    def project(self, g: np.ndarray) -> np.ndarray:
        return np.maximum(g, 0.0)


@dataclass(frozen=True)
class CircularCone(Cone):
    r"""All vectors of n coordinates within an angle of the first axis; π/4 is the second-order cone.

    With β the angle between g and the axis, whose density is in proportion to sin^(n−2) β, the projection has length |g| within
    the cone, |g| cos(β − angle) down to a right angle from its surface, and 0 beyond.

    Parameters
    ----------
    n : int
        At least 2.
    angle : float
        Between 0 and π/2, in radians.

    Examples
    --------
    >>> import math
    >>> from sparsecs import CircularCone, statistical_dimension
    >>> round(statistical_dimension(CircularCone(10, math.pi / 4)).value, 9)
    5.0
    """

    n: int = 2
    angle: float = float(np.pi / 4)

    def __post_init__(self) -> None:
        whole_number(self.n, "n", 2)
        if positive(self.angle, "angle", zero=True) > np.pi / 2:
            raise ValueError(f"angle must be between 0 and pi/2, in radians; got {self.angle}.")

    def dimension(self) -> float:
        return self.n * self._mean(2)

    def width(self) -> float:
        return chi_mean(self.n) * self._mean(1)

    def project(self, g: np.ndarray) -> np.ndarray:
        length = float(np.linalg.norm(g[1:]))
        beta = float(np.arctan2(length, g[0]))
        if beta <= self.angle:
            return g.copy()
        if beta >= self.angle + np.pi / 2:
            return np.zeros(g.size)
        along = np.concatenate([[np.cos(self.angle)], np.sin(self.angle) * g[1:] / length])
        return float(along @ g) * along

    def _mean(self, power: int) -> float:
        """E (|Π g| / |g|)^power."""
        from scipy.integrate import quad

        def shape(beta: float) -> float:
            return float(np.sin(beta) ** (self.n - 2))

        spread = 12 / np.sqrt(self.n)  # the angle keeps to a right one
        cuts = sorted(
            {
                0.0,
                np.pi,
                self.angle,
                min(np.pi, self.angle + np.pi / 2),
                *np.clip([np.pi / 2 - spread, np.pi / 2, np.pi / 2 + spread], 0, np.pi),
            }
        )
        whole = part = 0.0
        for low, high in itertools.pairwise(cuts):
            whole += quad(shape, low, high, epsabs=0, epsrel=1e-12)[0]
            if high <= self.angle:
                part += quad(shape, low, high, epsabs=0, epsrel=1e-12)[0]
            elif high <= self.angle + np.pi / 2:
                part += quad(
                    lambda b: shape(b) * np.cos(b - self.angle) ** power, low, high, epsabs=1e-300, epsrel=1e-12
                )[0]
        return part / whole


@dataclass(frozen=True)
class MonotoneCone(Cone):
    """All vectors of n coordinates that never fall: x_1 ≤ x_2 ≤ … ≤ x_n; δ is the n-th harmonic number.

    Parameters
    ----------
    n : int

    Examples
    --------
    >>> from sparsecs import MonotoneCone, statistical_dimension
    >>> round(statistical_dimension(MonotoneCone(4)).value, 6)
    2.083333
    """

    n: int = 1

    def __post_init__(self) -> None:
        whole_number(self.n, "n", 1)

    def dimension(self) -> float:
        return float((1 / np.arange(1, self.n + 1)).sum())

    def width(self) -> float:
        volumes = np.array([1.0])  # of (1 + s)(2 + s)...(n - 1 + s) / n!, whose coefficients count cycles
        for i in range(1, self.n):
            volumes = np.convolve(volumes, [i / (i + 1), 1 / (i + 1)])
        return float(volumes @ chi_means(np.arange(1, self.n + 1)))

    def project(self, g: np.ndarray) -> np.ndarray:
        means: list[float] = []
        counts: list[int] = []
        for value in g.tolist():
            mean, count = value, 1
            while means and means[-1] >= mean:
                mean = (mean * count + means[-1] * counts[-1]) / (count + counts[-1])
                count += counts.pop()
                means.pop()
            means.append(mean)
            counts.append(count)
        return np.repeat(means, counts)


@dataclass(frozen=True)
class PolarCone(Cone):
    """All vectors at a right angle or more from every vector of a cone in n coordinates.

    Parameters
    ----------
    cone : Cone
    n : int
        The number of coordinates.

    Examples
    --------
    >>> from sparsecs import PolarCone, Subspace, statistical_dimension
    >>> statistical_dimension(PolarCone(Subspace(3), 10)).value
    7.0
    """

    cone: Cone = Orthant()
    n: int = 1

    def __post_init__(self) -> None:
        a_kind_of(self.cone, Cone, "cone", "Orthant(3)")
        whole_number(self.n, "n", self.cone.least)
        if not isinstance(self.cone, Subspace) and self.cone.least != self.n:
            raise ValueError(f"The cone lives in {self.cone.least} coordinates, so n must be that; got {self.n}.")

    def dimension(self) -> float:
        return self.n - self.cone.dimension()

    def width(self) -> None:
        return None

    def project(self, g: np.ndarray) -> np.ndarray:
        return g - self.cone.project(g)


def chi_mean(d: int) -> float:
    """E of the length of a Gaussian vector of d coordinates."""
    return float(chi_means(np.array([d]))[0])


def chi_means(d: np.ndarray) -> np.ndarray:
    """The same for several numbers of coordinates, which need not be whole."""
    from scipy.special import poch

    sizes = np.asarray(d, dtype=np.float64)
    return np.where(sizes > 0, np.sqrt(2.0) * poch(np.maximum(sizes, 1e-300) / 2, 0.5), 0.0)
