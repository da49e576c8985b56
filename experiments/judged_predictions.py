"""How predictions for fixed matrices compare with what sweeps measured: a row for each, the bars, a table and a picture.

miss    ln(predicted / measured)
Brier   mean of (predicted probability - outcome)^2 over all trials, beside the part of it that no prediction avoids
cost    time of a sweep of 1000 trials over that of the prediction, both measured here and now
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np
from predicted_and_measured import Case

from sparsecs import Diagram, Prediction, fit_transition, predict

PROBES, STANDARD = 40, 1000  # trials of a prediction, and of the sweep whose cost it is compared with
BASELINES = {"donoho_tanner": 0, "rank_and_live": 1, "column_norms": 2}  # their places among those of a prediction
GOOD, MEDIAN, CHEAPER = 0.15, 0.05, 20


SHAPES = {1.0: lambda k: k, 0.5: np.sqrt, 0.0: np.log}  # success may be probit in k, in its root or in its logarithm


def measured(diagram: Diagram) -> tuple[float, float]:
    """The measured 50 % point and the standard error of its logarithm.

    Probit fits in k, √k and ln k to the places where a first fit sees a success probability between 0.1 and 0.9, averaged with
    their likelihoods as weights; where they differ, that is part of the error.
    """
    from scipy.special import log_ndtr, ndtr

    ks, trials, hits = (np.array(column, dtype=float) for column in _columns(diagram.along("k")))
    first = fit_transition(ks, trials, hits, "probit")
    inside = np.abs(ndtr(first.slope * (first.value - ks)) - 0.5) <= 0.4
    inside |= inside.sum() < 4
    found = []
    for power, shape in SHAPES.items():
        x = shape(ks[inside])
        fit = fit_transition(x, trials[inside], hits[inside], "probit")
        z = fit.slope * (fit.value - x)
        likely = hits[inside] @ log_ndtr(z) + (trials - hits)[inside] @ log_ndtr(-z)
        centre, error = (
            (fit.value, fit.error) if power == 0 else (np.log(fit.value) / power, fit.error / fit.value / power)
        )
        if np.isfinite([likely, centre, error]).all():
            found.append((likely, centre, error))
    likely, centres, errors = np.array(found).T
    weights = np.exp(likely - likely.max())
    weights /= weights.sum()
    mean = weights @ centres
    return float(np.exp(mean)), float(np.sqrt(weights @ (errors**2 + (centres - mean) ** 2)))


def _columns(points: list[Any]) -> tuple[list[float], list[int], list[int]]:
    return [k for k, _ in points], [t.trials for _, t in points], [t.successes for _, t in points]


@cache
def predicted(case: Case, probes: int = PROBES) -> tuple[Prediction, Prediction, float]:
    """The prediction, theory alone, and the seconds that the prediction took."""
    theory = predict(case.matrix, probes=0)
    start = perf_counter()
    prediction = predict(case.matrix, probes=probes)
    return prediction, theory, perf_counter() - start


@cache
def sweep_seconds(case: Case) -> float:
    """What a sweep of 1000 trials takes, from two trials at each place."""
    cells = case.sweep().cells
    start = perf_counter()
    for cell in cells:
        for number in range(2):
            case.trial.toss(cell, number, 1)
    return (perf_counter() - start) / (2 * len(cells)) * STANDARD


def brier(prediction: Prediction, diagram: Diagram) -> tuple[float, float]:
    """The mean squared error of predicted probabilities over all trials, and an unbiased estimate of the part that stays."""
    ks, trials, successes = (np.array(column, dtype=float) for column in _columns(diagram.along("k")))
    rate, share = successes / trials, trials / trials.sum()
    variance = rate * (1 - rate)
    score = share @ ((prediction.success(ks) - rate) ** 2 + variance)
    return float(score), float(share @ (variance * trials / (trials - 1)))


def row(case: Case, diagram: Diagram, probes: int = PROBES) -> dict[str, Any]:
    """Everything that is said of one matrix."""
    k50, error = measured(diagram)
    prediction, theory, seconds = predicted(case, probes)
    simpler = list(prediction.baselines.values())
    score, floor = brier(prediction, diagram)
    figures = {
        "k50": k50,
        "k50_error": error,
        "predicted": prediction.k50,
        "predicted_error": prediction.error,
        "theory": theory.k50,
        **{name: simpler[place] for name, place in BASELINES.items()},
        "miss": float(np.log(prediction.k50 / k50)),
        "theory_miss": float(np.log(theory.k50 / k50)),
        "brier": score,
        "brier_floor": floor,
        "delocalisation": prediction.diagnostics["delocalisation"],
        "predict_seconds": seconds,
        "sweep_seconds": sweep_seconds(case),
    }
    name = {"label": case.label, "network": case.network, "m": case.m, "n": case.n, "seed": case.matrix_law.seed}
    rounded = {key: float(f"{value:.4g}") for key, value in figures.items()}
    return {**name, "rank": prediction.rank, **rounded, "trusted": prediction.trusted}


def rows(cases: Iterable[Case], diagrams: Mapping[str, Diagram], probes: int = PROBES) -> list[dict[str, Any]]:
    """A row for each case."""
    return [row(case, diagrams[case.label], probes) for case in cases]


def off(found: list[dict[str, Any]], name: str = "predicted") -> np.ndarray:
    """|ln(predicted / measured)| by one of the predictors."""
    return np.array([abs(np.log(max(one[name], 1e-3) / one["k50"])) for one in found])


def text(found: list[dict[str, Any]]) -> str:
    """The rows for reading."""
    width = max(len(one["label"]) for one in found)
    lines = [
        f"{'':<{width}}     measured    predicted  theory  D-T   rank  norms |  miss  Brier (floor)   s  times cheaper"
    ]
    for one in found:
        cheaper = one["sweep_seconds"] / one["predict_seconds"]
        parts = (
            f"{one['label']:<{width}} {one['k50']:6.1f} ±{one['k50_error']:5.1%}",
            f"{one['predicted']:6.1f} ±{one['predicted_error']:4.0%}",
            f"{one['theory']:5.1f} {one['donoho_tanner']:5.1f} {one['rank_and_live']:5.1f} {one['column_norms']:5.1f}  |",
            f"{one['miss']:+5.2f}  {one['brier']:.3f} ({one['brier_floor']:.3f})",
            f"{one['predict_seconds']:5.2f} {cheaper:5.0f}{'' if one['trusted'] else '  not trusted'}",
        )
        lines.append("  ".join(parts))
    return "\n".join(lines)


def bars(found: list[dict[str, Any]]) -> str:
    """What was to be reached, and what was."""
    networks = [one for one in found if one["network"]]
    lines = ["|ln(predicted/measured)|              median  mean  worst"]
    groups = {"all": found, "networks": networks, "other matrices": [one for one in found if not one["network"]]}
    groups |= {
        f"{parity} seeds": [one for one in found if one["seed"] % 2 == odd] for odd, parity in ((1, "odd"), (0, "even"))
    }
    groups["trusted"] = [one for one in found if one["trusted"]]
    for group, members in groups.items():
        for name in ("predicted", "theory", *BASELINES) if group in ("all", "networks") else ("predicted", "theory"):
            errors = off(members, name)
            if errors.size:
                lines.append(
                    f"  {group + ', ' + name:<34} {np.median(errors):6.3f} {errors.mean():6.3f} {errors.max():6.3f}"
                )
    errors, trusted = off(found), np.array([one["trusted"] for one in found])
    noise = np.sqrt(np.mean([one["k50_error"] ** 2 for one in found]))
    cheaper = np.array([one["sweep_seconds"] / one["predict_seconds"] for one in found])
    lines += [
        f"misses above {GOOD}: {(errors > GOOD).sum()}, of them trusted: {(trusted & (errors > GOOD)).sum()}",
        f"good ones: {(errors <= GOOD).sum()}, of them not trusted: {(~trusted & (errors <= GOOD)).sum()}",
        f"error of the measured values themselves: {noise:.3f}",
        f"Brier {np.mean([one['brier'] for one in found]):.4f}, of which no prediction avoids "
        f"{np.mean([one['brier_floor'] for one in found]):.4f}",
        f"a sweep of {STANDARD} trials costs {np.median(cheaper):.0f} times a prediction (median; least {cheaper.min():.0f})",
    ]
    return "\n".join(lines)


def picture(found: list[dict[str, Any]], title: str) -> Any:
    """Predicted against measured, one point a matrix; hollow where the prediction is not trusted."""
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(6.4, 6.0), layout="constrained")
    ends = np.array([min(one["k50"] for one in found) / 1.5, max(one["donoho_tanner"] for one in found) * 1.2])
    ax.plot(ends, ends, color="black", linewidth=1, label="predicted = measured")
    ax.fill_between(ends, ends * np.exp(-GOOD), ends * np.exp(GOOD), color="black", alpha=0.08, linewidth=0)
    all_measured = [one["k50"] for one in found]
    ax.plot(
        all_measured,
        [one["donoho_tanner"] for one in found],
        "x",
        color="grey",
        markersize=4,
        label="Donoho–Tanner, m/n",
    )
    for network, colour, marker, name in ((True, "C0", "o", "networks"), (False, "C1", "s", "other matrices")):
        for trusted in (True, False):
            some = [one for one in found if one["network"] == network and one["trusted"] == trusted]
            label = name + ("" if trusted else ", not trusted")
            x, y = ([one[key] for one in some] for key in ("k50", "predicted"))
            spread = [1.96 * one["k50"] * one["k50_error"] for one in some]
            face = colour if trusted else "white"
            if some:
                ax.errorbar(
                    x, y, xerr=spread, fmt=marker, color=colour, mfc=face, markersize=5, linewidth=0.8, label=label
                )
    ax.set(xscale="log", yscale="log", xlabel="measured k at 50 % success", ylabel="predicted", title=title)
    ax.legend(fontsize="small")
    return ax


def views(cases: tuple[Case, ...], title: str) -> tuple[Callable[[Any], Any], ...]:
    """What an experiment shows of its diagrams: its table, its report and its figure."""

    def table(diagrams: Mapping[str, Diagram]) -> list[dict[str, Any]]:
        return rows(cases, diagrams)

    def report(diagrams: Mapping[str, Diagram]) -> str:
        found = table(diagrams)
        return text(found) + "\n\n" + bars(found)

    def figure(diagrams: Mapping[str, Diagram]) -> Any:
        return picture(table(diagrams), title)

    return table, report, figure
