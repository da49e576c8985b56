"""The experiment's store is whole, is what the code of today computes, and says what the experiment claims."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from sparsecs import DonohoTanner, Store, run
from sparsecs.core.randomness import stream

ROOT = Path(__file__).parents[2]
STORE = ROOT / "data" / "donoho_tanner_gaussian.jsonl"


@pytest.fixture(scope="module")
def experiment():
    spec = importlib.util.spec_from_file_location("donoho", ROOT / "experiments" / "donoho_tanner_gaussian.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def diagrams(experiment):
    """From the store alone: a toss that is missing there would have to be computed, and is not."""
    before = STORE.read_bytes()
    known = Store(STORE).read()
    fingerprint = experiment.SWEEP.trial.fingerprint()
    for cell in experiment.SWEEP.cells:
        assert set(range(experiment.SWEEP.repeats)) <= set(known[fingerprint, 0, cell.key])
    found = {"experiment": run(experiment.SWEEP, STORE)}
    assert STORE.read_bytes() == before
    return found


def test_the_grid_is_as_fine_as_it_claims(experiment):
    per_column = {}
    for cell in experiment.CELLS:
        assert cell["n"] == 200
        per_column.setdefault(cell["m"], set()).add(cell["k"])
    assert len(per_column) >= 8
    assert all(len(ks) >= 12 for m, ks in per_column.items())
    assert experiment.SWEEP.repeats == 20


def test_the_measured_curve_lies_on_theory_with_its_finite_size_correction(experiment, diagrams):
    rows = experiment.comparison(diagrams)
    assert len(rows) == 9
    for row in rows:
        assert row["lower"] <= row["finite"] <= row["upper"], row
        assert (row["upper"] - row["lower"]) / row["m"] < 0.06  # the intervals say something


def test_a_wrong_theory_would_be_noticed(experiment, diagrams):
    """A curve 10 % too high is refused by most of the nine intervals."""
    rows = experiment.comparison(diagrams)
    assert sum(row["lower"] <= 1.1 * DonohoTanner().k(row["m"], 200) <= row["upper"] for row in rows) <= 3


def test_tosses_in_the_store_come_out_again(experiment):
    known = Store(STORE).read()
    trial = experiment.SWEEP.trial
    rng = stream(0, "which tosses are repeated")
    for cell in rng.choice(np.array(experiment.CELLS, dtype=object), 12, replace=False):
        number = int(rng.integers(20))
        assert trial.toss(cell, number, 0) == known[trial.fingerprint(), 0, cell.key][number]


def test_the_report_and_the_figure_are_made(experiment, diagrams):
    assert "9 of 9" in experiment.report(diagrams)
    assert experiment.figure(diagrams).get_xlabel() == "δ = m/n"
