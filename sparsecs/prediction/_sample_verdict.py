"""Whether to trust a predicted number of samples, and why, in words."""

from __future__ import annotations

import numpy as np

from sparsecs.prediction._dimension_draws import Dimension
from sparsecs.prediction._sample_belief import SampleBelief
from sparsecs.prediction._sample_law import SampleLaw

SURE = 0.08  # of ln N after trials: a miss by 15 % is then a matter of two deviations
APART = 0.15  # in ln N between the two laws
THIN = 3.0  # samples in the population for each that is needed


def verdict(
    belief: SampleBelief,
    faces: Dimension,
    law: SampleLaw,
    tosses: tuple[tuple[int, bool], ...],
    level: float,
    most: int,
    outputs: int,
    stopped: str,
) -> tuple[bool, str]:
    """Whether it is trusted, and the sentence that says why."""
    rest = f" It ended early: {stopped}." if stopped else ""
    lost = f" About {1 - belief.share:.0%} of tickets have another solution however many samples there are."
    rest = (lost if belief.share < 1 else "") + rest
    if belief.share <= level:
        return True, (
            f"Never: no number of samples is enough for {level:.0%} of tickets. Gradients do not see some directions in which "
            f"the l1 norm falls.{rest}"
        )
    centre, error = belief.where(level)
    if not np.isfinite(centre):
        return (
            False,
            f"Not trusted: more samples are needed than were looked at, since some weights act on few inputs only.{rest}",
        )
    if centre > np.log(most):
        return False, (
            f"Not trusted: more samples are needed than there are, {most}. Give more gradients, or a sparser ticket.{rest}"
        )
    if not tosses:
        return _by_theory(faces, law, outputs, rest)
    made = f"{len(tosses)} trials, {sum(found for _, found in tosses)} of them successes,"
    if error > SURE:
        return False, (
            f"Not trusted: after {made} ln N is known to ±{error:.2f} only, since success rises slowly. Raise probes.{rest}"
        )
    if np.exp(centre) * THIN > most:
        return False, (
            f"Not trusted: the population has {most} samples, less than {THIN:.0f} times what is needed, so samples overlap. "
            f"Give more gradients.{rest}"
        )
    return True, f"Trusted: {made} agree on ln N to ±{error:.2f}.{rest}"


def _by_theory(faces: Dimension, law: SampleLaw, outputs: int, rest: str) -> tuple[bool, str]:
    """The same where no trial was made."""
    apart = abs(law.centre - faces.centre) if np.isfinite(faces.centre) else np.inf
    if outputs > 1:
        return False, (
            f"Not trusted: theory counts the {outputs} rows of a sample as if they were independent, and tickets in few "
            f"neurons need up to {outputs} times as many samples. Allow trials with probes=40.{rest}"
        )
    if apart > APART:
        return False, (
            f"Not trusted: the covariance law and the leverage law differ by {apart:.2f} in ln N, as they do where gradients are "
            f"rare or heavy-tailed. Allow trials with probes=40.{rest}"
        )
    return (
        True,
        f"Trusted: the covariance law and the leverage law agree to {apart:.2f} in ln N. No trial was made.{rest}",
    )
