"""The panel covers what it claims, its store is whole and is what the code of today computes, and its judgements are right."""

from __future__ import annotations

import csv
import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr

from sparsecs import Cell, Diagram, Store, Sweep, Tally, fit_transition, run
from sparsecs.core.randomness import stream

ROOT = Path(__file__).parents[2]
STORE, TABLE = ROOT / "data" / "prediction_panel.jsonl", ROOT / "data" / "prediction_panel.csv"
FEW = ("Rademacher, 80 × 200", "Kronecker 8 × 12, 80 × 240", "12-16-3 relu Gaussian unit, m = 120")


@pytest.fixture(scope="module")
def panel():
    sys.path.append(str(ROOT / "experiments"))
    yield importlib.import_module("prediction_panel")
    sys.path.remove(str(ROOT / "experiments"))


@pytest.fixture(scope="module")
def judged(panel):
    return importlib.import_module("judged_predictions")


@pytest.fixture(scope="module")
def few(panel):
    """Some matrices of every kind, and their sweeps from the store alone."""
    cases = [case for case in panel.CASES if case.label in FEW]
    return cases, {case.label: run(panel.SWEEP[case.label], STORE) for case in cases}


def test_the_panel_is_as_wide_as_it_claims(panel):
    networks = [case for case in panel.CASES if case.network]
    assert len(panel.CASES) == len(panel.SWEEP) == 52
    assert len(networks) == 28
    laws = [case.matrix_law.ensemble for case in networks]
    hidden = [case.label.split()[0].split("-")[1:-1] for case in networks]
    assert {len(widths) for widths in hidden} == {1, 2, 3}
    assert {8, 64} <= {int(width) for widths in hidden for width in widths}
    assert {law.network.outputs for law in laws} >= {1, 3, 10}
    words = {word for case in networks for word in case.label.replace(",", "").split()[1:5]}
    assert words >= {"tanh", "relu", "Gaussian", "digits", "raw", "unit"}
    assert len({case.matrix_law.seed for case in panel.CASES}) == len(panel.CASES)
    assert all(100 <= case.n <= 650 for case in panel.CASES)


def test_the_store_is_whole(panel):
    known = Store(STORE).read()
    for label, sweep in panel.SWEEP.items():
        assert sweep.tosses >= 1000, label
        for cell in sweep.cells:
            assert set(range(sweep.repeats)) <= set(known[sweep.trial.fingerprint(), sweep.seed, cell.key]), label


def test_tosses_in_the_store_come_out_again(panel):
    known = Store(STORE).read()
    rng = stream(0, "which tosses are repeated")
    for label in rng.choice(list(panel.SWEEP), 12, replace=False):
        sweep = panel.SWEEP[label]
        cell, number = sweep.cells[rng.integers(len(sweep.cells))], int(rng.integers(sweep.repeats))
        stored = known[sweep.trial.fingerprint(), sweep.seed, cell.key][number]
        assert sweep.trial.toss(cell, number, sweep.seed) == stored, label


@pytest.mark.parametrize("shape", [lambda k: k, np.sqrt, np.log], ids=["k", "root", "logarithm"])
def test_the_measured_point_is_found_whatever_the_curve_is_straight_in(judged, few, shape):
    """A wide curve that is probit in k, √k or ln k, with a few lucky successes far out: none of this moves the half."""
    ks = np.arange(1, 60)
    rates = np.maximum(ndtr((shape(10.0) - shape(ks)) / (shape(20.0) - shape(10.0))), 0.02)
    cells = [Cell.of({"k": int(k), "m": 80, "n": few[0][0].n}) for k in ks]
    tallies = {cell: Tally(1000, round(1000 * rate)) for cell, rate in zip(cells, rates, strict=True)}
    k50, error = judged.measured(Diagram(Sweep(few[0][0].trial, cells, 1000), tallies))
    assert abs(np.log(k50 / 10)) < 0.02
    assert 0.002 < error < 0.03


def test_one_fit_in_k_would_not_do(judged, few):
    ks = np.arange(1, 60)
    hits = (1000 * ndtr(np.log(10 / ks) / np.log(2))).round()
    plain = fit_transition(ks, np.full(ks.size, 1000), hits, "probit").value
    assert abs(np.log(plain / 10)) > 0.05


def test_the_brier_score_is_the_mean_square_of_what_is_wrong(judged, few):
    class Constant:
        success = staticmethod(lambda ks: np.full(len(ks), 0.3))

    cells = [Cell.of({"k": k, "m": 80, "n": few[0][0].n}) for k in (1, 2)]
    diagram = Diagram(Sweep(few[0][0].trial, cells, 4), {cells[0]: Tally(4, 3), cells[1]: Tally(4, 0)})
    score, floor = judged.brier(Constant(), diagram)
    assert score == pytest.approx((3 * 0.49 + 1 * 0.09 + 4 * 0.09) / 8)
    assert floor == pytest.approx((0.75 * 0.25 * 4 / 3) / 2)


def test_a_small_form_is_judged_reported_and_drawn(judged, few):
    cases, diagrams = few
    found = judged.rows(cases, diagrams)
    assert [one["label"] for one in found] == list(FEW)
    for one in found:
        assert abs(one["miss"] - np.log(one["predicted"] / one["k50"])) < 1e-3
        assert one["brier"] > 0.9 * one["brier_floor"] > 0.01
        assert one["predict_seconds"] < one["sweep_seconds"]
        assert abs(one["miss"]) < 0.15 or not one["trusted"], one
    text, bars = judged.text(found), judged.bars(found)
    assert all(label in text for label in FEW)
    assert "networks, donoho_tanner" in bars
    ax = judged.picture(found, "few")
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert len(ax.containers) >= 2


def table():
    with TABLE.open(encoding="utf-8") as file:
        assert file.readline().startswith("# Made by: sparsecs run experiments/prediction_panel.py")
        return list(csv.DictReader(file))


def test_the_kept_table_is_that_of_the_store_and_of_predictions_of_today(panel, judged, few):
    kept = {one["label"]: one for one in table()}
    assert list(kept) == [case.label for case in panel.CASES]
    for one in judged.rows(*few):
        for name in ("k50", "k50_error", "predicted", "theory", "donoho_tanner", "brier"):
            assert float(kept[one["label"]][name]) == pytest.approx(one[name], rel=2e-3), (one["label"], name)
