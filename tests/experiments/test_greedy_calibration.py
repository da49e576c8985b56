"""The calibration of other solvers: its cells surround the transitions, and its table has a row for each point."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from sparsecs import Sweep, run

FILE = Path(__file__).parents[2] / "experiments" / "greedy_calibration.py"
SPEC = importlib.util.spec_from_file_location("greedy_calibration", FILE)
assert SPEC is not None
assert SPEC.loader is not None
calibration = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(calibration)


def test_every_solver_and_signal_is_asked_at_every_delta() -> None:
    assert len(calibration.SWEEP) == 18
    for label, sweep in calibration.SWEEP.items():
        n = int(label.split()[2])
        assert {cell["m"] for cell in sweep.cells} == {round(delta * n) for delta in calibration.DELTAS}
        assert all(1 <= cell["k"] <= cell["m"] for cell in sweep.cells)


def test_the_table_and_the_report_of_a_small_part() -> None:
    whole = calibration.SWEEP["OMP Signs 200"]
    cells = tuple(cell for cell in whole.cells if cell["m"] in (20, 40))
    diagrams = {"OMP Signs 200": run(Sweep(whole.trial, cells, repeats=8))}
    rows = calibration.table(diagrams)
    assert [(row["solver"], row["signal"], row["n"], row["m"]) for row in rows] == [
        ("OMP", "Signs", 200, 20),
        ("OMP", "Signs", 200, 40),
    ]
    assert all(2 < row["k50"] < 12 and row["error"] > 0 for row in rows)
    assert "OMP Signs 200" in calibration.report(diagrams)
