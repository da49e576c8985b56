r"""The likelihood ratio test of binomial counts against known probabilities.

    G^2 = 2 sum_c [ s_c log(s_c / (N_c p_c)) + (N_c - s_c) log((N_c - s_c) / (N_c (1 - p_c))) ]

Where all counts are expected to be large it is nearly chi^2, with a degree of freedom for each cell. A transition has cells whose
expected count of failures, or of successes, is far below 1. Then the law of G^2 is found by drawing counts, with a seed.
"""

from __future__ import annotations

import numpy as np

from sparsecs.core.randomness import stream

FEW = 5.0  # expected counts below this are small


def deviances(successes: np.ndarray, trials: np.ndarray, log_good: np.ndarray, log_bad: np.ndarray) -> np.ndarray:
    """The part of each cell, along the last axis; infinite where the impossible was seen."""
    failures = trials - successes
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = successes * (np.log(successes / trials) - log_good)
        loss = failures * (np.log(failures / trials) - log_bad)
    return np.maximum(2 * (np.where(successes > 0, gain, 0.0) + np.where(failures > 0, loss, 0.0)), 0.0)


def significance(
    deviance: float, trials: np.ndarray, log_good: np.ndarray, log_bad: np.ndarray, draws: int, seed: int
) -> tuple[float, str]:
    """The p-value of a deviance over all cells, and how it was found."""
    from scipy.special import chdtrc

    good, bad = np.exp(log_good), np.exp(log_bad)
    if not trials.size:
        return 1.0, "no cell can tell"
    if np.isinf(deviance):
        return 0.0, "by a count that the law rules out"
    if min((trials * good).min(), (trials * bad).min()) >= FEW:
        return float(chdtrc(trials.size, deviance)), "by chi^2, since all expected counts are 5 or more"
    rng = stream(seed, "deviance")
    above, done = 0, 0
    while done < draws:
        count = min(draws - done, max(1, 2_000_000 // trials.size))
        drawn = rng.binomial(trials, good, (count, trials.size))
        above += int((_parts(drawn, trials, log_good, log_bad).sum(axis=-1) >= deviance * (1 - 1e-12)).sum())
        done += count
    return (1 + above) / (1 + draws), f"by {draws} simulations of the law, since some expected counts are below 5"


def _parts(drawn: np.ndarray, trials: np.ndarray, log_good: np.ndarray, log_bad: np.ndarray) -> np.ndarray:
    """``deviances`` of many draws, looked up where there are fewer counts than draws."""
    if trials.max() > drawn.shape[0]:
        return deviances(drawn, trials, log_good, log_bad)
    counts = np.minimum(np.arange(trials.max() + 1)[:, None], trials)
    return deviances(counts, trials, log_good, log_bad)[drawn, np.arange(trials.size)]
