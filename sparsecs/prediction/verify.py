"""Hold a prediction against trials that it has not seen."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.checks import a_kind_of, whole_number
from sparsecs.core.randomness import stream
from sparsecs.prediction.prediction import Prediction
from sparsecs.prediction.verification import Verification
from sparsecs.sweeps.progress import progress_bar
from sparsecs.sweeps.tally import Tally

WIDER = 1.2  # than from the 98 % to the 2 % point


def verify(
    prediction: Prediction,
    *,
    repeats: int = 40,
    points: int = 25,
    seconds: float | None = None,
    progress: bool = False,
    seed: int = 1,
) -> Verification:
    """Trials on the matrix of a prediction, across the transition that it predicts, beside what it says of them.

    Parameters
    ----------
    prediction : Prediction
        From ``predict``.
    repeats : int
        Trials at each sparsity.
    points : int
        How many sparsities.
    seconds : float, optional
        When to end. Rounds through all sparsities are made one after the other, so what is there then is still even.
    progress : bool
        Whether to draw a progress bar on standard error.
    seed : int
        Names the trials. None of them is one that the prediction saw, whatever its seed.

    Returns
    -------
    Verification

    Examples
    --------
    >>> from sparsecs import Gaussian, predict, stream, verify
    >>> found = verify(predict(Gaussian().draw(30, 60, stream(0, "A"))), repeats=4, points=6)
    >>> found.solves
    24
    """
    a_kind_of(prediction, Prediction, "prediction", "predict(A)")
    whole_number(repeats, "repeats", 1)
    whole_number(points, "points", 2)
    trials, places = prediction.trials.as_given(), _places(prediction, points)
    counts = {k: Tally() for k in places}
    budget, start = Budget(seconds), perf_counter()
    with budget.watch(), progress_bar(repeats * len(places), 0, progress) as advance:
        for number in range(repeats):
            for k in places:
                if budget.spent():
                    break
                counts[k] += Tally(1, int(trials.toss(k, stream(seed, "verification", k, number))))
                advance(1)
    return Verification(prediction, counts, perf_counter() - start, budget.stopped)


def _places(prediction: Prediction, points: int) -> list[int]:
    """Sparsities from a little before the predicted transition to a little behind it."""
    low, middle, high = (prediction.k(level) for level in (0.98, 0.5, 0.02))
    ends = middle + WIDER * (low - middle), middle + WIDER * (high - middle)
    grid = np.clip(np.linspace(*ends, points).round().astype(int), 1, max(prediction.limit, 1))
    places = np.unique(grid)
    if places.size < 2:  # the whole transition lies within one step
        places = np.unique(np.clip([places[0] - 1, places[0], places[0] + 1], 1, max(prediction.limit, 2)))
    return [int(k) for k in places]
