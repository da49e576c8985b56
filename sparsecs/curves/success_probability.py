r"""How often a Gaussian matrix recovers a sparse signal at finite size, exactly.

    l1            min |x|_1          subject to A x = y
    nonnegative   min sum x          subject to A x = y, x >= 0
    simplex       find x             with A x = y, x >= 0 and sum x known: a measurement beside the m
    orthant       find x             with A x = y, x >= 0
    box           find x             with A x = y, -1 <= x <= 1; k entries of x are not at an end

The null space of a Gaussian matrix lies in no direction rather than another, and so recovery is the chance that a random subspace
misses a cone. ``_face_volumes`` has the law of the first three. For the last two it is Wendel's (1962), of fair coins:

    P = 1 - 2^(1 - n + k) [C(n-k-1, 0) + ... + C(n-k-1, n-m-1)].
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from sparsecs.core.checks import one_of, whole_number
from sparsecs.curves._face_volumes import log_sides

CONES = ("l1", "nonnegative", "simplex", "box", "orthant")
LARGEST = 10**6  # columns: up to here the accuracy was measured


def success_probability(k: Any, m: int, n: int, cone: str = "l1", failure: bool = False) -> Any:
    """The exact probability that a random k-sparse signal is recovered from m Gaussian measurements of n unknowns.

    It holds for any matrix whose null space has no preferred direction, and amplitudes do not matter. Up to n = 2000 it differs
    from arithmetic of 40 digits by less than 1e-12 of its value, and so does the probability of failure; at n = 10⁶ the two,
    found apart, add to 1 within 1e-10. All k of n = 800 take half a second; what was found is remembered.

    Parameters
    ----------
    k : int or array of ints
        Nonzeros, at least 0 and at most n; for the box, entries between its ends. More than m are never recovered: 0, unless m
        measurements and the known sum leave no choice. No nonzeros always are with l1, but not with the box or the orthant.
    m, n : int
        At least 1 and at most n, and at most 10⁶.
    cone : {"l1", "nonnegative", "simplex", "box", "orthant"}
        min ‖x‖₁ subject to A x = y; min 1ᵀx with x ≥ 0; the only x ≥ 0 whose sum is known beside the m measurements; the only
        x in [-1, 1]ⁿ; the only x ≥ 0.
    failure : bool
        On: one less the probability, which keeps its digits where it is as small as 1e-300.

    Returns
    -------
    float or array
        Of the shape of k.

    Raises
    ------
    TypeError, ValueError
        If a size is no whole number, or out of range.

    References
    ----------
    Affentranger and Schneider, "Random projections of regular simplices" (1992); Donoho and Tanner, "Counting faces of randomly
    projected polytopes when the projection radically lowers dimension" (2009), and "Counting the faces of randomly-projected
    hypercubes and orthants, with applications" (2010); Wendel, "A problem in geometric probability" (1962).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import success_probability
    >>> round(success_probability(1, 2, 3), 12), round(float(2 / np.pi * np.arccos(1 / 3)), 12)
    (0.783653104061, 0.783653104061)
    >>> success_probability([30, 38, 46], 100, 200).round(6)
    array([0.982946, 0.590205, 0.06855 ])
    >>> success_probability(10, 100, 200, failure=True)
    7.3013...e-19
    >>> success_probability(2, 4, 8, "box")
    0.1875
    """
    good, bad = np.exp(log_chances(k, m, n, cone))
    chosen = bad if failure else good
    return float(chosen) if chosen.ndim == 0 else chosen


def log_chances(k: Any, m: int, n: int, cone: str) -> np.ndarray:
    """log P and log (1 - P), stacked, for checked sizes; what was found before is remembered."""
    whole_number(
        n, "n", 1, LARGEST, "Beyond, rounding has not been measured; StatisticalDimension().success has no such limit."
    )
    whole_number(m, "m", 1, n, "There are at most as many measurements as unknowns.")
    one_of(cone, "cone", CONES)
    sizes = _sizes(k, n)
    known = _known(int(m), int(n), cone)
    new = np.array(sorted({int(size) for size in sizes.ravel()} - known.keys()), dtype=int)
    if new.size:
        found = np.stack(_both(new, int(m), int(n), cone))
        known.update(zip(new.tolist(), found.T, strict=True))
    pairs = [known[size] for size in sizes.ravel().tolist()]
    return (
        np.reshape(pairs, (*sizes.shape, 2)).transpose(-1, *range(sizes.ndim)) if pairs else np.zeros((2, *sizes.shape))
    )


@lru_cache(maxsize=512)
def _known(m: int, n: int, cone: str) -> dict[int, np.ndarray]:
    """What has been found for a shape of matrix."""
    return {}


def _sizes(k: Any, n: int) -> np.ndarray:
    array = np.asarray(k)
    if array.ndim == 0:
        return np.array(whole_number(k if np.ndim(k) == 0 and not isinstance(k, np.ndarray) else k.item(), "k", 0, n))
    if array.size == 0:
        return array.astype(int)
    if array.dtype.kind not in "iu":
        raise TypeError(
            f"k must hold whole numbers; got an array of dtype {array.dtype}. Use .astype(int) if they are."
        )
    whole_number(int(array.min()), "k", 0, n)
    whole_number(int(array.max()), "k", 0, n, f"There are {n} unknowns.")
    return array.astype(int)


def _both(k: np.ndarray, m: int, n: int, cone: str) -> tuple[np.ndarray, np.ndarray]:
    good, bad = np.full(k.shape, -np.inf), np.zeros(k.shape)
    sure = np.full(k.shape, m == n or (cone == "simplex" and m == n - 1))
    if cone not in ("box", "orthant"):
        sure |= k == 0
    good[sure], bad[sure] = 0.0, -np.inf
    rest = ~sure & (k <= m)
    if rest.any():
        law = _coins if cone in ("box", "orthant") else log_sides
        good[rest], bad[rest] = law(k[rest], m, n, cone)
    return good, bad


def _coins(k: np.ndarray, m: int, n: int, cone: str) -> tuple[np.ndarray, np.ndarray]:
    """log P and log (1 - P) of at least, and of less than, n - m heads in n - k - 1 tosses."""
    from scipy.special import betainc

    some = np.maximum(m - k, 0.5)  # at k = m there are fewer tosses than heads asked for
    with np.errstate(divide="ignore"):
        good = np.where(k < m, np.log(betainc(n - m, some, 0.5)), -np.inf)
        bad = np.where(k < m, np.log(betainc(some, n - m, 0.5)), 0.0)
    return good, bad
