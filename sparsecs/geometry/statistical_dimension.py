r"""The statistical dimension of a cone: how many Gaussian measurements it takes to tell its vectors from zero.

    delta(C) = E |P_C g|^2 = E dist^2(g, polar of C),      g standard Gaussian

If C is the descent cone of a penalty at x, m measurements with independent Gaussian rows recover x by minimising the penalty
about as soon as m > delta(C); with rows of covariance Sigma as soon as m > delta(Sigma^{1/2} C) (Amelunxen, Lotz, McCoy and
Tropp 2014). With no matrix the figure is exact, by an integral. Under a matrix it is the mean over draws of g, each a convex
program that an own solver answers. On a cone with flat faces |P g|^2 is chi-squared, given the face; so the dimension of the
face has the same mean and a variance smaller by 2 delta, and is what is reported.
"""

from __future__ import annotations

from typing import Any

from sparsecs.core.budget import Budget
from sparsecs.core.checks import one_of, whole_number
from sparsecs.core.randomness import stream
from sparsecs.geometry._cone_at import cone_at
from sparsecs.geometry._cone_draws import gathered, project_closed, project_freely, project_under, reported
from sparsecs.geometry._cone_projection import ConeImage
from sparsecs.geometry._null_directions import unseen_direction
from sparsecs.geometry._ray_integral import bound, exact_dimension, kinds_of
from sparsecs.geometry._roots import reduced_root
from sparsecs.geometry.cones import Cone
from sparsecs.geometry.descent_cone import DescentCone
from sparsecs.geometry.estimate import Estimate
from sparsecs.penalties.base import Penalty

METHODS = ("auto", "exact", "bound", "draws")
FEW = 8  # draws before anybody asks for directions that are not seen
MANY_KINDS = 24  # different prices for which the integral is still quicker than draws
INTEGRAL, BOUND = (
    "integral over the ray of subdifferentials",
    "the least mean distance to a multiple of the subdifferential",
)


def statistical_dimension(
    cone: Penalty | Cone,
    x: Any = None,
    *,
    root: Any = None,
    covariance: Any = None,
    groups: Any = None,
    weights: Any = None,
    draws: int = 200,
    seed: int = 0,
    method: str = "auto",
    seconds: float | None = 30.0,
) -> Estimate:
    """The statistical dimension of a cone, or of the descent cone of a penalty at a signal, seen through a matrix.

    Parameters
    ----------
    cone : Penalty or Cone
        ``L1()``, with bounds if you like, or ``GroupL2()``, whose descent cone at x is meant; or a cone such as ``Orthant(10)``.
    x : (n,) array, optional
        The signal, for a penalty; only its signs and zeros matter, or the directions of its groups. If it is complex, each
        coordinate counts as two real ones.
    root : anything that ``as_operator`` takes, optional
        R, of any number of rows and n columns: the cone's image under R is meant. Only RᵀR matters.
    covariance : anything that ``as_operator`` takes, optional
        RᵀR itself, n × n, instead of ``root``.
    groups : (n,) array of int, optional
        The group of each coefficient, for GroupL2.
    weights : array, optional
        Of the coefficients, or of the groups.
    draws : int
        How many Gaussian vectors are projected, where there is no closed form.
    seed : int
    method : str
        "exact": a closed form, or the integral over the ray. "bound": the usual upper bound, and how far above it may be.
        "draws": random draws. "auto": exact if that is known and quick, else draws.
    seconds : float or None
        How long draws may take; at least two are made.

    Returns
    -------
    Estimate
        With ``identifiable=False`` if a direction of the cone has no image under R: then x is not the only solution, whatever
        the number of measurements.

    Raises
    ------
    ValueError
        If shapes do not fit, numbers are not finite, or the method does not exist for that cone.

    References
    ----------
    Amelunxen, Lotz, McCoy and Tropp (2014), Living on the edge: phase transitions in convex programs with random data.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import L1, statistical_dimension
    >>> x = np.zeros(200)
    >>> x[:40] = 1
    >>> statistical_dimension(L1(), x)
    101.5892636 (exact; integral over the ray of subdifferentials)
    >>> statistical_dimension(L1(), x, root=np.diag(np.linspace(1, 2, 200)), draws=100).by_face
    124.68 ± 0.7 (dimension of the face; 100 draws)
    """
    one_of(method, "method", METHODS)
    whole_number(draws, "draws", 2)
    budget = Budget(seconds)
    if root is not None and covariance is not None:
        raise ValueError("Give root or covariance, not both: covariance is RᵀR.")
    if isinstance(cone, Cone) and root is None and covariance is None:
        return _of_closed(cone, draws, seed, method, budget)
    body, complex_data = cone_at(cone, x, groups, weights)
    if root is None and covariance is None:
        return _of_rays(body, draws, seed, method, budget)
    if method in ("exact", "bound"):
        raise ValueError(f'Under a matrix there is no method={method!r}; use "draws" or "auto".')
    return _under_matrix(body, root, covariance, complex_data, (draws, seed, budget))


def _of_closed(cone: Cone, draws: int, seed: int, method: str, budget: Budget) -> Estimate:
    if method != "draws":
        return Estimate(cone.dimension(), method=f"closed form of {type(cone).__name__}")
    found = project_closed(cone, draws, seed, budget)
    return reported(found, None, budget)


def _of_rays(cone: DescentCone, draws: int, seed: int, method: str, budget: Budget) -> Estimate:
    kinds = kinds_of(cone)
    if not cone.pull.any() and not cone.linear.any():  # nothing pulls: what has a price stays at zero
        spare = sum(kind.number for kind in kinds if kind.q == 0)
        return Estimate(cone.free.size + spare / 2, method="nothing but coordinates without a price moves")
    known = cone.pull.any() and all(kind.q >= 0 for kind in kinds)
    if method == "exact" and not known:
        raise ValueError('With coefficients at bounds other than zero there is no closed form; use method="draws".')
    if method == "bound" and not known:
        raise ValueError('With coefficients at bounds other than zero there is no closed bound; use method="draws".')
    if method == "bound":
        value, slack = bound(cone)
        return Estimate(value, method=BOUND, slack=slack)
    if method == "exact" or (method == "auto" and known and len(kinds) <= MANY_KINDS):
        return Estimate(exact_dimension(cone), method=INTEGRAL)
    return reported(project_freely(cone, draws, seed, budget), None, budget)


def _under_matrix(
    cone: DescentCone, root: Any, covariance: Any, complex_data: bool, how: tuple[int, int, Budget]
) -> Estimate:
    size = cone.size // 2 if complex_data else cone.size
    R, null = reduced_root(root, covariance, size, complex_data)
    image, (draws, seed, budget) = ConeImage(cone, R), how
    rng = stream(seed, "statistical dimension")
    found = project_under(image, min(draws, FEW), rng, budget)
    identifiable: bool | None = null.shape[1] == 0 or any(one.certain for one in found)
    if not identifiable:
        unseen = unseen_direction(cone, R, null, budget.left())
        if (unseen.falls or image.open) and cone.two_sided and cone.pull.any():
            return Estimate(float(R.shape[0]), method="the image is the whole range of the matrix", identifiable=False)
        identifiable = False if unseen.direction is not None else True if unseen.decided else None
    return reported(gathered(project_under(image, draws, rng, budget, found)), identifiable, budget)
