"""A predicted success curve with its band, simpler rules, and the measured rates on top."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of
from sparsecs.plots._style import COLOURS, axes_or_new
from sparsecs.prediction.prediction import Prediction
from sparsecs.prediction.verification import Verification

MARGIN = 1.25  # times what the curve and the rules take up
ENDS = ("rate_lower", "rate_upper")
MEASURED: dict[str, Any] = {"fmt": "o", "color": "black", "ms": 4, "lw": 1, "capsize": 2}


def prediction_band(prediction: Prediction, measured: Verification | None = None, ax: Any = None) -> Any:
    """Predicted success against k: the curve and its 95 % band, what simpler rules say, and measured rates if there are.

    Parameters
    ----------
    prediction : Prediction
        From ``predict``.
    measured : Verification, optional
        From ``verify``: points with 95 % Wilson intervals.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from sparsecs import Gaussian, predict, prediction_band, stream
    >>> prediction_band(predict(Gaussian().draw(30, 60, stream(0, "A")), probes=0)).get_xlabel()
    'k'
    """
    a_kind_of(prediction, Prediction, "prediction", "predict(A)")
    if measured is not None:
        a_kind_of(measured, Verification, "measured", "verify(prediction)")
    ax = axes_or_new(ax)
    rules = {name: k for name, k in prediction.baselines.items() if name != "leverage law"}
    reach = MARGIN * max(prediction.k(0.02), *rules.values(), *(measured.tallies if measured else ()))
    k = np.linspace(0, min(reach, prediction.limit), 300)
    low, high = prediction.interval(k)
    ax.fill_between(k, low, high, color=COLOURS[0], alpha=0.2, lw=0, label="95 % band")
    ax.plot(k, prediction.success(k), color=COLOURS[0], lw=1.8, label=f"predicted, 50 % at {prediction.k50:.1f}")
    for (name, position), style, colour in zip(rules.items(), ("--", ":", "-."), COLOURS[1:], strict=False):
        ax.axvline(position, color=colour, ls=style, lw=1.2, label=f"{name}: {position:.1f}")
    if measured is not None:
        rows = measured.rows
        rate, ends = (np.array([[row[name] for row in rows] for name in names]) for names in (("rate",), ENDS))
        label = f"measured, 50 % at {measured.transition.value:.1f}"
        ax.errorbar([row["k"] for row in rows], rate[0], np.abs(ends - rate), label=label, **MEASURED)
    ax.set(xlabel="k", ylabel="success rate", ylim=(-0.04, 1.04), xlim=(0, None))
    ax.legend(fontsize="small", frameon=False)
    return ax
