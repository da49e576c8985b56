"""Whether to trust a prediction, and why, in words."""

from __future__ import annotations

SURE = 0.08  # of ln k50: sharper than that after the trials, and a miss by 15 % is a matter of two deviations
SPREAD = 2.0  # times the delocalisation of a random null space: above it the leverage law was off by up to a factor
TIGHT = 10.0  # above it, sparse vectors in the null space make success fall slowly, and few trials do not tell where
FEW = 1.5  # below so many nonzeros there is no transition to speak of


def verdict(
    k50: float, error: float, delocalisation: float, tosses: tuple[tuple[int, bool], ...], like_l1: bool, stopped: str
) -> tuple[bool, str]:
    """Whether the prediction is trusted, and the sentence that says why.

    Examples
    --------
    >>> from sparsecs.prediction._verdict import verdict
    >>> verdict(20.0, 0.12, 1.0, (), True, "")[1]
    'Trusted: the null space is spread like a random one (1.0), where the leverage law was right to a tenth. No trial was made.'
    """
    rest = f" The trials ended early: {stopped}." if stopped else ""
    if not tosses:
        if not like_l1:
            return False, f"Not trusted: theory is for l1 minimisation, and no trial was made with this solver.{rest}"
        if delocalisation > SPREAD:
            return False, (
                f"Not trusted: the null space is concentrated ({delocalisation:.1f} where a random one has 1), and the leverage "
                f"law sees only its diagonal. Allow trials with probes=40.{rest}"
            )
        return True, (
            f"Trusted: the null space is spread like a random one ({delocalisation:.1f}), where the leverage law was right to a "
            f"tenth. No trial was made.{rest}"
        )
    made = f"{len(tosses)} trials, {sum(found for _, found in tosses)} of them successes,"
    if k50 < FEW:
        return (
            False,
            f"Not trusted: {made} say that hardly a single nonzero is recovered, so there is no transition.{rest}",
        )
    if error > SURE:
        return False, (
            f"Not trusted: after {made} ln k50 is known to ±{error:.2f} only, since success falls slowly with k. Raise "
            f"probes, or sweep.{rest}"
        )
    if delocalisation > TIGHT:
        return False, (
            f"Not trusted: the null space holds sparse vectors (delocalisation {delocalisation:.1f} where a random one has 1). "
            f"{made} say ±{error:.2f} in ln k50, but success may not fall like a probit curve. Sweep.{rest}"
        )
    return True, f"Trusted: {made} agree on ln k50 to ±{error:.2f}.{rest}"
