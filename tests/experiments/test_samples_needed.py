"""The store of measured numbers of samples is whole, comes out again, and says what the experiment claims."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from sparsecs import RandomNetwork, Store, run_all
from sparsecs.core.randomness import stream

ROOT = Path(__file__).parents[2]
STORE = ROOT / "data" / "samples_needed.jsonl"
OTHER = ROOT / "data" / "samples_needed_acceptance.jsonl"
BAR = 0.05  # mean relative error


@pytest.fixture(scope="module")
def experiment() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("needed", ROOT / "experiments" / "samples_needed.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["needed"] = module  # a dataclass looks its module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["needed"]


@pytest.fixture(scope="module")
def diagrams(experiment: ModuleType) -> dict[str, Any]:
    """From the store alone: a toss that is missing there would have to be computed, and is not."""
    known = Store(STORE).read()
    for sweep in experiment.SWEEP.values():
        for cell in sweep.cells:
            assert set(range(sweep.repeats)) <= set(known[sweep.trial.fingerprint(), 0, cell.key])
    found = run_all(tuple(experiment.SWEEP.values()), STORE)
    return dict(zip(experiment.SWEEP, found, strict=True))


def test_the_panel_is_as_wide_as_it_claims(experiment: ModuleType) -> None:
    shapes = {setting[:2] for setting in experiment.SETTINGS.values()}
    assert len(shapes) == 12
    assert {len(widths) - 2 for widths, _ in shapes} == {1, 2, 3}
    others = {(widths, seed) for widths, _, _, seed in experiment.ACCEPTANCE.values()}
    assert not others & {(widths, seed) for widths, _, _, seed in experiment.SETTINGS.values()}


def test_the_prediction_meets_the_bar(experiment: ModuleType, diagrams: dict[str, Any]) -> None:
    rows = experiment.comparison(diagrams)
    told = experiment.summary(rows)
    assert told["predicted"]["mean"] <= BAR
    assert told["predicted"]["worst"] <= 0.15
    assert told["predicted"]["mean"] < told["covariance"]["mean"] < told["counting"]["mean"]
    for row in rows:
        assert abs(row["ln_predicted"]) < 4 * np.hypot(row["error"], row["measured_error"]), row


def test_so_it_does_on_architectures_that_nobody_looked_at(experiment: ModuleType) -> None:
    before = OTHER.read_bytes()
    sweeps = {label: experiment.sweep(*setting) for label, setting in experiment.ACCEPTANCE.items()}
    found = dict(zip(sweeps, run_all(tuple(sweeps.values()), OTHER), strict=True))
    assert OTHER.read_bytes() == before
    rows = experiment.comparison(found, experiment.ACCEPTANCE)
    assert experiment.summary(rows)["predicted"]["mean"] <= BAR
    trusted = [row for row in rows if row["trusted"]]
    assert len(trusted) >= 9
    assert experiment.summary(trusted)["predicted"]["worst"] <= 0.05
    assert all(row["trusted"] or abs(row["ln_predicted"]) > 0.03 for row in rows)  # no good one is flagged


def test_tosses_in_the_store_come_out_again(experiment: ModuleType) -> None:
    known, rng = Store(STORE).read(), stream(0, "which tosses are repeated")
    for label in ("20-8-1 tanh k=8", "10-12-12-1 relu k=15"):
        sweep = experiment.SWEEP[label]
        for cell in rng.choice(np.array(sweep.cells, dtype=object), 4, replace=False):
            number = int(rng.integers(sweep.repeats))
            assert sweep.trial.toss(cell, number, 0) == known[sweep.trial.fingerprint(), 0, cell.key][number]


def test_a_stored_prediction_comes_out_again(experiment: ModuleType) -> None:
    label = "20-8-1 relu k=8"
    stored = json.loads(experiment.PREDICTED.read_text())[label]
    fresh = experiment.prediction(*experiment.SETTINGS[label])
    for name in ("predicted", "covariance", "leverage", "counting"):
        assert fresh[name] == pytest.approx(stored[name], rel=1e-6)


def test_the_network_measured_is_the_one_predicted(experiment: ModuleType) -> None:
    from sparsecs.prediction._gradients import gradients

    network = experiment.network((5, 4, 1), "tanh")
    told = gradients(RandomNetwork(network, seed=7), None, None, 0)
    assert np.array_equal(told.theta, experiment._parameters(network, 7)[0])


def test_the_report_and_the_figure_are_made(experiment: ModuleType, diagrams: dict[str, Any]) -> None:
    assert "mean |error|" in experiment.report(diagrams)
    assert experiment.figure(diagrams).get_xlabel() == "samples needed, measured"
