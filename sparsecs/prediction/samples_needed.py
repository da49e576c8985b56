"""Predict, for an architecture, how many samples make a sparse ticket recoverable.

1. Columns that no number of samples tells apart are set aside.
2. The covariance law: the statistical dimension of the descent cone, seen through the covariance of the gradients, by draws with
   fresh supports, signs and gradients. It knows which tickets no number of samples tells, and how they differ.
3. The leverage law on samples of several sizes. It sees what rows with the same covariance have not: rare and heavy-tailed
   gradients.
4. A few trials by basis pursuit on fresh samples, made where they tell most, update a belief about the curve.

On 24 settings of tanh and ReLU networks with one output (``experiments/samples_needed.py``) the mean error of the number of
samples was 3 % with 40 trials, 4.7 % by the leverage law alone, 4.8 % by the covariance law alone, and 8 % by counting rows as
Gaussian ones. The covariance law is too low where ReLU weights act on few inputs, by up to a quarter.

Nothing as large as the covariance is formed, nor the Jacobian for the covariance law: 90 501 weights took 17 s and 0.9 GB.

What was tried and did not help. Projections of random combinations of few gradients, 1.6 times as many as are needed, are nearer
to the truth than those of many; but one costs as much as a solve and tells about as much as one and a half trials. Several
outputs: a sample has fewer than C useful rows if its C rows, seen by the ticket, have a covariance of low rank. To weigh rows by
the inverse root of that covariance and project again, as Gordon's inequality for dependent rows says, raised the covariance law
from 21 to 28 samples for tickets inside two neurons of a network with four outputs, where 39 are needed, and overshot by a fifth
for spread ones. To count only the covariance that the ticket itself has gave 46. So several outputs are left to trials.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.checks import a_kind_of, indices, positive, probability, whole_number
from sparsecs.core.randomness import stream
from sparsecs.networks.inputs.base import Inputs
from sparsecs.prediction._dimension_draws import Dimension, counted, dimension
from sparsecs.prediction._gradients import gradients
from sparsecs.prediction._sample_belief import SampleBelief
from sparsecs.prediction._sample_case import SampleCase, case
from sparsecs.prediction._sample_law import SampleLaw, sample_law
from sparsecs.prediction._sample_verdict import verdict
from sparsecs.prediction.sample_prediction import SamplePrediction
from sparsecs.problems.ensembles.random_network import RandomNetwork
from sparsecs.problems.supports.base import Support
from sparsecs.problems.supports.column_support import ColumnSupport
from sparsecs.problems.supports.uniform_support import UniformSupport

RULES = (
    "covariance law: statistical dimension",
    "leverage law on fresh samples",
    "counting rows as Gaussian ones (Donoho–Tanner)",
)
AGREED = 0.04  # scale of the error of ln N where the two laws agree
UNKNOWN = 0.25  # the same, where the covariance law has no value, or the leverage law none within reach
SEVERAL = 0.1  # more of it, where a sample has several rows, which depend on each other


def samples_needed(
    source: Any,
    sparsity: int,
    *,
    inputs: Inputs | None = None,
    outputs: int | None = None,
    support: Support | Any = None,
    level: float = 0.5,
    probes: int = 40,
    draws: int = 200,
    accuracy: float = 0.02,
    normalize: bool | None = None,
    seconds: float | None = 60.0,
    seed: int = 0,
) -> SamplePrediction:
    """How many samples make a random ticket with k nonzeros recoverable by ℓ1 minimisation, with its error and a verdict.

    A ticket is a k-sparse change of the weights, y = J x. It is recovered if basis pursuit on the gradients of N samples returns
    it. A sample has a row for each output.

    Parameters
    ----------
    source : Network, RandomNetwork, or anything that ``as_operator`` takes
        Whose gradients. A ``Network`` is drawn once, as ``seed`` says; a ``RandomNetwork`` without a seed is drawn anew for every
        sample, one with a seed once. A matrix (N · outputs, n) holds gradients as rows, sample by sample, and should hold
        several times as many samples as are needed.
    sparsity : int
        k, among the columns that can be told apart.
    inputs : Inputs, optional
        For a ``Network``: what it is fed, by default ``GaussianInputs()``.
    outputs : int, optional
        For a matrix: how many rows one sample has, by default 1.
    support : Support, or positions or a mask of n truth values, optional
        Where nonzeros may lie, by default ``UniformSupport()``: anywhere.
    level : float
        The success probability to reach.
    probes : int
        How many trials to make, each one solve. 0 is theory alone.
    draws : int
        The most projections for the covariance law.
    accuracy : float
        They end as soon as the relative standard error is below.
    normalize : bool, optional
        Whether tickets are sparse in units in which all columns have unit norm. By default as a ``RandomNetwork`` says, else yes.
    seconds : float or None
        When to end; half of it is for the covariance law. Ctrl-C ends it too; what was found until then is used.
    seed : int
        Names the network, if one is drawn, and all draws and trials.

    Returns
    -------
    SamplePrediction

    Raises
    ------
    TypeError, ValueError
        If k is below 1 or above the number of columns that can be told apart, gradients are not finite or all zero, or outputs
        do not fit.
    MemoryError
        If trials need a matrix above a gibibyte.

    References
    ----------
    Amelunxen, Lotz, McCoy and Tropp (2014), Living on the edge: phase transitions in convex programs with random data.

    Examples
    --------
    >>> from sparsecs import Linear, Network, Relu, samples_needed
    >>> network = Network((12,), (Linear(8), Relu(), Linear(1)))
    >>> found = samples_needed(network, 6)
    >>> 23 < found.samples < 32, found.trusted, found.solves
    (True, True, 40)
    >>> samples_needed(network, 6, level=0.95, probes=0).samples > found.samples
    True
    """
    start, budget = perf_counter(), Budget(seconds)
    k, level = whole_number(sparsity, "sparsity", 1), probability(level, "level")
    probes, draws = whole_number(probes, "probes", 0), whole_number(draws, "draws", 2)
    positive(accuracy, "accuracy")
    found = gradients(source, inputs, outputs, seed)
    question = case(found, k, _law(support, found.columns), _units(source, normalize), seed)
    guess = counted(k, question.kept.size, found.outputs)
    half = Budget(None if seconds is None else seconds / 2)
    faces = dimension(question, guess, draws, accuracy, half)
    if half.stopped and half.left() > 0:  # from the keyboard
        budget.stop(half.stopped)
    most = found.most if found.fixed else 10**9
    near = float(np.exp(faces.centre)) if np.isfinite(faces.centre) else guess
    law = sample_law(question.by_leverages, near, max(1, -(-k // found.outputs)), most, budget)
    tosses, belief = _probed(question, _prior(faces, law, found.outputs), probes, most, budget, level)
    told = verdict(belief, faces, law, tosses, level, found.most, found.outputs, budget.stopped)
    values = faces.at(level), law.at(level), guess
    return SamplePrediction(
        gradients=found.words,
        sparsity=k,
        level=level,
        outputs=found.outputs,
        columns=found.columns,
        kept=question.kept.size,
        belief=belief,
        tosses=tosses,
        baselines=dict(zip(RULES, values, strict=True)),
        dimension=faces.mean,
        draws=faces.draws,
        dimension_error=faces.error,
        share=faces.share,
        trusted=told[0],
        verdict=told[1],
        seconds=perf_counter() - start,
    )


def _law(support: Any, size: int) -> Support:
    if support is None:
        return UniformSupport()
    if isinstance(support, Support):
        return support
    if np.ndim(support) != 1:
        a_kind_of(support, Support, "support", "UniformSupport()")
    return ColumnSupport(tuple(indices(support, "support", size).tolist()))


def _units(source: Any, normalize: bool | None) -> bool:
    if isinstance(source, RandomNetwork):
        if normalize is not None and normalize is not source.normalize:
            raise ValueError(
                f"normalize is {normalize}, but the RandomNetwork says {source.normalize}. Leave it out, or change that one."
            )
        return source.normalize
    return normalize is not False


def _prior(faces: Dimension, law: SampleLaw, outputs: int) -> SampleBelief:
    """The mean of both laws in ln N, since their errors had opposite signs; how far they are apart tells how sure that is."""
    both = [law.centre, faces.centre] if np.isfinite(faces.centre) and law.points[-1][1] > 0.5 else [law.centre]
    scale = float(np.hypot(AGREED, 0.5 * (both[0] - both[-1]))) if len(both) > 1 else UNKNOWN
    scale += SEVERAL * (outputs > 1)
    return SampleBelief.prior(float(np.mean(both)), scale, max(law.spread, 0.02), faces.share, law.seen)


def _probed(
    question: SampleCase, belief: SampleBelief, probes: int, most: int, budget: Budget, level: float
) -> tuple[tuple[tuple[int, bool], ...], SampleBelief]:
    """The trials, and what is believed after them; none if no number of samples is enough."""
    tosses: list[tuple[int, bool]] = []
    with budget.watch():
        while len(tosses) < probes and belief.share > level and not budget.spent():
            number = len(tosses)
            wanted = belief.next_samples(stream(question.seed, "samples needed: place", number))
            count = int(np.clip(wanted, 1, most))
            success = question.toss(number, count)
            tosses.append((count, success))
            belief = belief.after(count, success)
    return tuple(tosses), belief
