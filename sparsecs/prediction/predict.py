"""Predict, for one given matrix or network, how sparse a signal must be to be recovered.

Theory first, then a few trials where it leaves doubt.

1. Columns that cannot be told apart are set aside: zero columns, parallel ones.
2. What is left falls into independent blocks, whose success probabilities multiply.
3. The leverage law gives the success curve from the diagonal of the row space projector. On Jacobians with unit columns and
   Gaussian inputs it is right to a few hundredths; where the null space holds sparse vectors, as that of a Kronecker product or
   a short convolution does, it is too high by up to a factor of four.
4. A few trials, each with a fresh signal, correct it. Each is made where it tells most, and judged by the margin of its own
   support: in a raw Jacobian nearly all of the width of the curve comes from which columns a support happens to hold. They end
   early once the 50 % point is known to 3 %. Sixteen to forty of them take the place of a sweep of a thousand. Other solvers, and
   complex matrices, have no such margins; there trials update a belief about the 50 % point and the width of the curve.

How it did is in ``data/prediction_panel.csv``, from ``experiments/prediction_panel.py``.

What was tried and did not help: the leverage law on the worst subset of columns. The least value over clusters of strongly
correlated columns mended part of the error on deep relu networks (ln error .15 to .04) and little on Kronecker products (.32 to
.26), overshot on short convolutions (to -.53), and took minutes. Judging trials by k alone: right on unit columns, but on raw
Jacobians forty trials left an error of 10 to 20 %.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.checks import a_kind_of, whole_number
from sparsecs.core.randomness import stream
from sparsecs.networks.inputs.base import Inputs
from sparsecs.operators.base import DENSE_LIMIT
from sparsecs.prediction._ground import Ground, ground
from sparsecs.prediction._margin_posterior import SCALE, MarginPosterior
from sparsecs.prediction._margins import Margins
from sparsecs.prediction._posterior import Posterior
from sparsecs.prediction._prior import is_plain_l1, prior
from sparsecs.prediction._question import question
from sparsecs.prediction._summary import summary
from sparsecs.prediction._theory import evened
from sparsecs.prediction._verdict import SPREAD
from sparsecs.prediction.prediction import Prediction
from sparsecs.problems.signals.base import Signal
from sparsecs.problems.signals.signs import Signs
from sparsecs.problems.supports.base import Support
from sparsecs.problems.supports.uniform_support import UniformSupport
from sparsecs.solvers.base import Solver
from sparsecs.solvers.basis_pursuit import BasisPursuit
from sparsecs.sweeps.progress import progress_bar

Belief = Posterior | MarginPosterior
FEW, MANY = 16, 512  # supports that theory is averaged over where trials follow, and where it is all there is
ENOUGH, FEWEST = 0.03, 16  # trials end early once ln k50 is known so well, after so many
# where the null space is concentrated, spreads come out 2 to 3 times those of the law
WIDER_WHERE = (1.3, 2.5), (0.1, 0.9)


def predict(
    A: Any,
    *,
    samples: int | None = None,
    inputs: Inputs | None = None,
    support: Support | None = None,
    signal: Signal | None = None,
    solver: Solver | None = None,
    probes: int = 40,
    normalize: bool | None = None,
    distinct: bool | None = None,
    seconds: float | None = None,
    progress: bool = False,
    seed: int = 0,
) -> Prediction:
    """How often a random k-sparse signal will be recovered through A, for all k, with an uncertainty and a verdict.

    Parameters
    ----------
    A : anything that ``as_operator`` takes, Network or RandomNetwork
        A matrix (m, n), real or complex, as an array, operator or Jacobian; or a network that is linearised at a random
        initialisation first.
    samples : int, optional
        For a network: how many inputs it is linearised on.
    inputs : Inputs, optional
        For a ``Network``: what it is fed, by default ``GaussianInputs()``.
    support : Support, optional
        Where the nonzeros lie, by default ``UniformSupport()``: anywhere.
    signal : Signal, optional
        The nonzeros of the trials, by default ``Signs()``. Basis pursuit does not care; greedy methods find ±1 hardest.
    solver : Solver, optional
        The method that the prediction is for, by default ``BasisPursuit()``. Others start from what was measured for them on
        Gaussian matrices.
    probes : int
        How many trials to make at most, each one solve. 0 is theory alone.
    normalize : bool, optional
        Whether to give all columns unit norm first, so that signals are sparse in normalised units. By default a ``Network`` is
        normalised and a matrix is taken as it is.
    distinct : bool, optional
        Whether to keep only one column of each direction first. By default this is done for a ``Network``, and a matrix is
        taken as it is: supports may then fall on zero or parallel columns, and fail.
    seconds : float, optional
        When to end the trials. Ctrl-C ends them too; what they told until then is kept.
    progress : bool
        Whether to draw a progress bar of the trials on standard error.
    seed : int
        Names the network, if one is drawn, and all trials.

    Returns
    -------
    Prediction

    Raises
    ------
    TypeError, ValueError
        If A holds NaN, is all zero, or a network comes without ``samples``.
    MemoryError
        If neither A nor its m × m Gram matrix fits within a gibibyte, or A does not and trials are asked for.

    Examples
    --------
    >>> from sparsecs import Linear, Network, Tanh, predict
    >>> network = Network((12,), (Linear(8), Tanh(), Linear(1)))
    >>> prediction = predict(network, samples=80)
    >>> 37 < prediction.k50 < 43, prediction.solves <= 40, prediction.trusted
    (True, True, True)
    >>> low, high = prediction.interval(40)
    >>> low < prediction.success(40) < high
    True
    """
    start = perf_counter()
    whole_number(probes, "probes", 0)
    whole_number(seed, "seed")
    support, signal, solver = support or UniformSupport(), signal or Signs(), solver or BasisPursuit()
    a_kind_of(support, Support, "support", "UniformSupport()")
    a_kind_of(signal, Signal, "signal", "Signs()")
    a_kind_of(solver, Solver, "solver", "BasisPursuit()")
    operator, words = question(A, samples, inputs, normalize, distinct, seed)
    found = ground(operator, support, signal, solver, seed, FEW if probes else MANY)
    belief = _belief(found, solver, type(signal).__name__, seed)
    budget = Budget(seconds)
    tosses, belief = _probed(found, belief, 0 if found.certain else probes, budget, progress, seed)
    return summary(found, words, belief, tosses, budget.stopped, perf_counter() - start)


def _belief(known: Ground, solver: Solver, signal: str, seed: int) -> Belief:
    """What is believed before the first trial: for plain ℓ1 on real data by margins, else by sparsity alone."""
    if known.certain or known.complex_data or not is_plain_l1(solver):
        return prior(known.law, known.space.rank, known.kept, known.complex_data, solver, signal)
    rng = stream(seed, "margins")
    margins = Margins.of(evened(known.leverages, known.labels, 2.0), known.labels)
    elsewhere = (
        1.0 if isinstance(known.trials.support, UniformSupport) else 2.0
    )  # the law was held against uniform ones
    wider = float(np.interp(known.delocalisation, *WIDER_WHERE))
    scale = SCALE * elsewhere * max(1.0, known.delocalisation / SPREAD)
    return MarginPosterior.prior(margins, len(known.missing) - 1, lambda: known.trials.order(rng), scale, wider)


def _probed(
    known: Ground, belief: Belief, probes: int, budget: Budget, progress: bool, seed: int
) -> tuple[tuple[tuple[int, bool], ...], Belief]:
    """The trials, where they were made and what they found, and what is believed after them."""
    kept = known.trials.kept
    if probes and kept.nbytes_dense > DENSE_LIMIT:
        raise MemoryError(
            f"Trials on a {kept.shape[0]} x {kept.shape[1]} matrix would take {kept.nbytes_dense / 1e9:.1f} GB, above the limit "
            f"of {DENSE_LIMIT / 1e9:.1f} GB. Use probes=0, which is theory alone, or fewer samples."
        )
    tosses: list[tuple[int, bool]] = []
    with budget.watch(), progress_bar(probes, 0, progress and probes > 0) as advance:
        for number in range(probes):
            if budget.spent() or (number >= FEWEST and number % 4 == 0 and belief.error < ENOUGH):
                break
            k, found, belief = belief.tried(known.trials, len(known.missing) - 1, stream(seed, "probe", number))
            tosses.append((k, found))
            advance(1)
    return tuple(tosses), belief
