"""Where greedy methods succeed and fail on Gaussian matrices with ±1 signals: well inside and well outside their transitions.

The transitions k/m at n = 400, m = 100 lie near .16 for OMP, .21 for HTP and NormalizedIHT and .24 for SubspacePursuit: below
.13 all succeed, above .32 all fail.
"""

from __future__ import annotations

import pytest

from sparsecs import (
    HTP,
    OMP,
    CoSaMP,
    Gaussian,
    NormalizedIHT,
    Recovery,
    Signs,
    Solver,
    SubspacePursuit,
    Sweep,
    grid,
    run,
)

SOLVERS = [OMP(), NormalizedIHT(), HTP(), CoSaMP(), SubspacePursuit()]


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda solver: type(solver).__name__)
def test_success_below_the_transition_and_failure_above_it(solver: Solver) -> None:
    rows = run(Sweep(Recovery(Gaussian(), Signs(), solver), grid(n=400, m=100, k=[11, 33]), repeats=12)).table()
    assert rows[0]["successes"] >= 11
    assert rows[1]["successes"] == 0


def test_the_order_of_the_methods_is_the_known_one() -> None:
    sweeps = {
        type(solver).__name__: Sweep(Recovery(Gaussian(), Signs(), solver), grid(n=400, m=100, k=20), 25)
        for solver in SOLVERS
    }
    successes = {name: run(sweep).table()[0]["successes"] for name, sweep in sweeps.items()}
    assert successes["OMP"] < successes["HTP"] <= successes["SubspacePursuit"]
    assert successes["OMP"] < successes["NormalizedIHT"]
