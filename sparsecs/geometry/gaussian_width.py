r"""The Gaussian width of a cone within the unit ball, of the unit ball of a norm, and of the sparse unit vectors.

    w(T) = E max over t in T of <g, t>,      cone C:  w = E |P_C g|,  w^2 <= delta(C) <= w^2 + 1,      norm f:  w = E f*(g)

f* is the dual norm. Seen through R, the ball {R d : f(d) <= 1} has width E f*(R^T g).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.checks import quote, whole_number
from sparsecs.core.randomness import stream
from sparsecs.geometry._cone_at import cone_at
from sparsecs.geometry._cone_draws import gathered, project_closed, project_freely, project_under
from sparsecs.geometry._cone_projection import ConeImage
from sparsecs.geometry._roots import reduced_root
from sparsecs.geometry.cones import Cone, chi_mean, chi_means
from sparsecs.geometry.estimate import Estimate, mean_of
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.l0 import L0
from sparsecs.penalties.l1 import L1


def gaussian_width(
    cone: Penalty | Cone,
    x: Any = None,
    *,
    n: int | None = None,
    sparsity: int | None = None,
    root: Any = None,
    covariance: Any = None,
    groups: Any = None,
    weights: Any = None,
    draws: int = 200,
    seed: int = 0,
    seconds: float | None = 30.0,
) -> Estimate:
    """The Gaussian width of a cone within the unit ball, or of the unit ball of a norm.

    Parameters
    ----------
    cone : Penalty or Cone
        With ``x``: the penalty's descent cone there. Without: the unit ball of a norm in n coordinates, or for ``L0()`` the
        vectors of length one with at most ``sparsity`` nonzeros.
    x : (n,) array, optional
    n : int, optional
        The number of coordinates, for a ball.
    sparsity : int, optional
        For ``L0()``.
    root, covariance : anything that ``as_operator`` takes, optional
        R, or RᵀR: the image under R is meant.
    groups : (n,) array of int, optional
        The group of each coefficient, for penalties that use groups.
    weights : array, optional
        Of the coefficients, or of the groups.
    draws : int
        How many Gaussian vectors are drawn, where there is no closed form.
    seed : int
    seconds : float or None
        How long draws may take; at least two are made.

    Returns
    -------
    Estimate

    Raises
    ------
    ValueError
        If shapes do not fit, or what is needed is not given.

    References
    ----------
    Chandrasekaran, Recht, Parrilo and Willsky (2012), The convex geometry of linear inverse problems.

    Examples
    --------
    >>> from sparsecs import L0, L1, Orthant, gaussian_width
    >>> gaussian_width(L1(), n=100)
    2.74695... (exact; integral of the law of the largest modulus)
    >>> gaussian_width(Orthant(3))
    0.96867... (exact; closed form of Orthant)
    >>> gaussian_width(L0(), n=100, sparsity=5, draws=1000)
    5.18... ± 0.016 (1000 draws)
    """
    whole_number(draws, "draws", 2)
    budget = Budget(seconds)
    if root is not None and covariance is not None:
        raise ValueError("Give root or covariance, not both: covariance is RᵀR.")
    bare = root is None and covariance is None
    if isinstance(cone, Cone) and bare:
        known = cone.width()
        if known is not None:
            return Estimate(known, method=f"closed form of {type(cone).__name__}")
        return _mean(np.sqrt(project_closed(cone, draws, seed, budget).norms), budget)
    if isinstance(cone, Penalty) and x is None:
        return _of_ball(cone, n, sparsity, root, covariance, groups, weights, (draws, seed, budget))
    body, complex_data = cone_at(cone, x, groups, weights)
    if bare:
        found = project_freely(body, draws, seed, budget)
    else:
        R, _ = reduced_root(root, covariance, body.size // (1 + complex_data), complex_data)
        found = gathered(project_under(ConeImage(body, R), draws, stream(seed, "statistical dimension"), budget))
    flat = body.polyhedral and found.faces is not None
    return _mean(chi_means(found.faces) if flat and found.faces is not None else np.sqrt(found.norms), budget)


def _of_ball(
    penalty: Penalty,
    n: int | None,
    sparsity: int | None,
    root: Any,
    covariance: Any,
    groups: Any,
    weights: Any,
    how: tuple[int, int, Budget],
) -> Estimate:
    if n is None:
        raise ValueError(
            "Without x the unit ball of the norm is meant, and then n, the number of coordinates, is needed."
        )
    size, bare = whole_number(n, "n", 1), root is None and covariance is None
    if bare and isinstance(penalty, L0) and sparsity == size:
        return Estimate(chi_mean(size), method="mean length of a Gaussian vector")
    if bare and type(penalty) is L1 and not penalty.bounded and weights is None:
        return Estimate(_largest_modulus(size), method="integral of the law of the largest modulus")
    measure = _support_function(penalty, size, sparsity, groups, weights)
    draws, seed, budget = how
    R = None if bare else reduced_root(root, covariance, size, False)[0]
    rng = stream(seed, "gaussian width")
    found: list[float] = []
    with budget.watch():
        while len(found) < draws and (len(found) < 2 or not budget.spent()):
            found.append(measure(rng.standard_normal(size) if R is None else rng.standard_normal(len(R)) @ R))
    return _mean(np.array(found), budget)


def _support_function(
    penalty: Penalty, size: int, sparsity: int | None, groups: Any, weights: Any
) -> Callable[[np.ndarray], float]:
    """max over the ball of ⟨g, d⟩, as a function of g."""
    if isinstance(penalty, L0):
        k = whole_number(sparsity, "sparsity", 1, size)
        return lambda g: float(np.sqrt(np.sort(g**2)[size - k :].sum()))
    if not penalty.norm:
        raise ValueError(f"The unit ball of a norm was asked for, or L0() with sparsity=; {quote(penalty)} is none.")
    costs = None if weights is None else np.asarray(weights, dtype=np.float64)
    labels = None if groups is None else np.asarray(groups)
    return lambda g: penalty.dual_norm(g, groups=labels, weights=costs)


def _largest_modulus(n: int) -> float:
    """E max |g_i| = ∫ 1 − erf(t/√2)ⁿ dt."""
    from scipy.integrate import quad
    from scipy.special import erfc

    def outside(t: float) -> float:
        return float(-np.expm1(n * np.log1p(-erfc(t / np.sqrt(2))))) if t > 0 else 1.0

    peak = float(np.sqrt(2 * np.log(n + 1)))
    parts = [(0.0, peak / 2), (peak / 2, peak + 1), (peak + 1, peak + 12)]
    return float(sum(quad(outside, *part, epsabs=1e-14, epsrel=1e-12)[0] for part in parts))


def _mean(samples: np.ndarray, budget: Budget) -> Estimate:
    mean = mean_of(samples, "")
    return Estimate(mean.value, mean.error, norms=samples**2, stopped=budget.stopped)
