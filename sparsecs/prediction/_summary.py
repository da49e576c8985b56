"""From what was computed and tried to the carrier that is handed over."""

from __future__ import annotations

from sparsecs.prediction._baselines import baselines
from sparsecs.prediction._ground import Ground
from sparsecs.prediction._margin_posterior import MarginPosterior
from sparsecs.prediction._posterior import Posterior
from sparsecs.prediction._prior import is_plain_l1
from sparsecs.prediction._verdict import verdict
from sparsecs.prediction.prediction import THEORY_ERROR, Prediction


def summary(
    known: Ground,
    words: str,
    belief: Posterior | MarginPosterior,
    tosses: tuple[tuple[int, bool], ...],
    stopped: str,
    seconds: float,
) -> Prediction:
    """The prediction, with its verdict."""
    trials, like_l1 = known.trials, is_plain_l1(known.trials.solver)
    by_theory = known.certain or (like_l1 and not tosses and not known.complex_data)
    error = 0.0 if known.certain else THEORY_ERROR if by_theory else belief.error
    centre = known.law.where(0.5) if by_theory else belief.centre
    trusted, told = (
        _sure(known) if known.certain else verdict(centre, error, known.delocalisation, tosses, like_l1, stopped)
    )
    return Prediction(
        matrix=words,
        shape=trials.operator.shape,
        rank=known.space.rank,
        kept=known.kept,
        support=repr(trials.support),
        signal=repr(trials.signal),
        solver=type(trials.solver).__name__,
        missing=known.missing,
        theory=known.law,
        posterior=None if by_theory else belief,
        tosses=tosses,
        baselines=baselines(trials.operator, known.space.rank, known.kept, known.norms, known.orders, known.law),
        method=_method(known, tosses),
        diagnostics={
            "delocalisation": known.delocalisation,
            "blocks": float(known.blocks),
            "dead": float(trials.reduction.dead),
            "parallel": float(trials.reduction.parallel),
            "error": error,
        },
        trusted=trusted,
        verdict=told,
        seconds=seconds,
        trials=trials,
    )


def _sure(known: Ground) -> tuple[bool, str]:
    if len(known.missing) == 1:
        return True, "Trusted: no column that supports reach can be told from the others, so every support fails."
    return True, "Trusted: the columns that are left are independent, so what misses the lost ones is always found."


def _method(known: Ground, tosses: tuple[tuple[int, bool], ...]) -> str:
    reduction, solver = known.trials.reduction, known.trials.solver
    parts = []
    if reduction.dead or reduction.parallel:
        parts.append(
            f"{reduction.dead} columns are zero and {reduction.parallel} parallel to others; supports that hold one of "
            f"{int(reduction.lost.sum())} lost columns fail."
        )
    if known.blocks > 1:
        parts.append(f"{known.blocks} independent blocks, whose success probabilities multiply.")
    if known.certain:
        return " ".join([*parts, "Exact."])
    source = "the leverage law" if is_plain_l1(solver) else f"what {type(solver).__name__} reaches on Gaussian matrices"
    parts.append(f"Method: {source}" + (f", corrected by {len(tosses)} trials." if tosses else " alone."))
    return " ".join(parts)
