"""Diagrams held against the exact law: counts drawn from it are accepted as often as they should be, others are not."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest

from sparsecs import (
    BasisPursuit,
    Diagram,
    DonohoTanner,
    Gaussian,
    Recovery,
    Signs,
    Sweep,
    Tally,
    compare,
    grid,
    k50,
    run,
    stream,
    success_probability,
)
from sparsecs.curves._deviance import deviances, significance
from sparsecs.curves.success_probability import log_chances

ROOT = Path(__file__).parents[2]
REPEATS = 20
TRIAL = Recovery(Gaussian(), Signs(), BasisPursuit())


def drawn(m, n, sizes, seed, cone="l1", shift=0.0):
    """A diagram with counts drawn from the law, moved to the right by a number of nonzeros."""
    cells = grid(k=sizes, m=m, n=n)
    at = np.arange(n + 1)
    tallies = {}
    for cell in cells:
        chance = np.interp(cell["k"] - shift, at, success_probability(at, cell["m"], n, cone))
        tallies[cell] = Tally(REPEATS, int(stream(seed, "draw", *cell.name).binomial(REPEATS, chance)))
    return Diagram(Sweep(TRIAL, cells, repeats=REPEATS), tallies)


@pytest.mark.parametrize("sizes", [range(2, 20), range(8, 12)], ids=["few expected", "many"])
def test_a_true_law_is_refused_as_often_as_the_level_says(sizes):
    k, trials = np.array(sizes), np.full(len(sizes), 100)
    log_good, log_bad = log_chances(k, 25, 50, "l1")
    refused, rounds = 0, 300
    for number in range(rounds):
        hits = stream(1, "true", number).binomial(trials, np.exp(log_good))
        deviance = float(deviances(hits, trials, log_good, log_bad).sum())
        p_value, method = significance(deviance, trials, log_good, log_bad, 199, number)
        refused += p_value <= 0.05
    assert ("chi^2" in method) == (sizes == range(8, 12))
    assert abs(refused - 0.05 * rounds) <= 4 * math.sqrt(0.05 * 0.95 * rounds)


def test_simulation_and_chi2_agree_where_counts_are_large():
    trials = np.full(4, 4000)
    log_good, log_bad = log_chances(np.arange(8, 12), 25, 50, "l1")
    simulated, _ = significance(
        6.0, np.append(trials, 2), *(np.append(v, np.log(0.5)) for v in (log_good, log_bad)), 9999, 0
    )
    with_two_coins = [0.5, 0.25]  # G^2 of the last cell is 0 or 4 log 2, evenly
    from scipy.stats import chi2

    expected = with_two_coins[0] * chi2.sf(6.0, 4) + 0.5 * chi2.sf(6.0 - 4 * math.log(2), 4)
    assert simulated == pytest.approx(expected, abs=0.02)
    exact, method = significance(6.0, trials, log_good, log_bad, 99, 0)
    assert exact == pytest.approx(chi2.sf(6.0, 4), rel=1e-12)
    assert method.startswith("by chi^2")


def test_the_deviance_is_twice_the_gain_in_likelihood():
    from scipy.stats import binom

    successes, trials, chance = np.array([0, 3, 10]), np.array([10, 10, 10]), np.array([0.2, 0.5, 0.9])
    best = binom.logpmf(successes, trials, successes / trials)
    gain = 2 * (best - binom.logpmf(successes, trials, chance))
    assert deviances(successes, trials, np.log(chance), np.log1p(-chance)) == pytest.approx(gain, rel=1e-12)
    with np.errstate(divide="ignore"):
        sure = np.log([1.0]), np.log([0.0])
    assert deviances(np.array([10]), np.array([10]), *sure) == 0
    assert np.isinf(deviances(np.array([9]), np.array([10]), *sure))


@pytest.mark.parametrize("cone", ["l1", "nonnegative", "orthant"])
def test_counts_from_the_law_are_accepted_and_moved_ones_are_not(cone):
    m, n = 30, 50
    middle, sizes = k50(m, n, cone), range(1, m + 1)
    fair = compare(drawn(m, n, sizes, 3, cone), cone=cone, draws=999)
    assert fair.p_value > 0.01
    (row,) = fair.rows
    assert row["lower"] - 1 < row["exact"] == row["theory"] == middle < row["upper"] + 1
    assert row["offset"] == row["measured"] - middle
    assert 0.5 < row["width"] / row["exact_width"] < 2
    moved = compare(drawn(m, n, sizes, 3, cone, shift=2.5), cone=cone, draws=999)
    assert moved.p_value < 0.01
    assert moved.rows[0]["offset"] > 1


def test_the_stored_experiment_follows_the_law_and_not_that_of_nonnegative_signals():
    spec = importlib.util.spec_from_file_location("donoho", ROOT / "experiments" / "donoho_tanner_gaussian.py")
    experiment = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(experiment)
    diagram = run(experiment.SWEEP, ROOT / "data" / "donoho_tanner_gaussian.jsonl")
    found = compare(diagram, confidence=experiment.CONFIDENCE, draws=999)
    assert [row["m"] for row in found.rows] == list(range(20, 200, 20))
    assert found.p_value > 0.01
    assert found.inside == 9
    assert found.freedom == sum(row["cells"] for row in found.rows)
    assert found.deviance == pytest.approx(sum(row["deviance"] for row in found.rows))
    half = Diagram(diagram.sweep, {cell: tally for cell, tally in diagram.tallies.items() if cell["m"] == 100})
    assert compare(half, cone="nonnegative", draws=99).p_value == 0.01


def test_it_prints_as_a_table_and_keeps_the_curve():
    found = compare(drawn([10, 20], 40, range(1, 12), 5), DonohoTanner(), draws=99)
    lines = str(found).splitlines()
    assert len(lines) == 1 + 2 + 2
    assert "DonohoTanner" in lines[-2]
    assert "deviance" in lines[-1]
    assert [row["theory"] for row in found.rows] == [DonohoTanner().k(m, 40) for m in (10, 20)]
    assert [row["exact"] for row in found.rows] == [k50(m, 40) for m in (10, 20)]
    assert "Comparison" in repr(found)
    assert compare(drawn([10, 20], 40, range(1, 12), 5), DonohoTanner(), draws=99) == found


def test_what_the_law_rules_out_has_no_chance():
    cells = grid(k=[3, 6], m=5, n=10)
    diagram = Diagram(Sweep(TRIAL, cells), dict(zip(cells, (Tally(10, 5), Tally(10, 1)), strict=True)))
    found = compare(diagram)
    assert found.p_value == 0
    assert "rules out" in found.method


def test_one_k_alone_sets_no_transition_but_is_tested():
    found = compare(drawn(20, 40, [8], 6), draws=99)
    assert math.isnan(found.rows[0]["measured"])
    assert found.freedom == 1
    assert 0 < found.p_value <= 1
    assert "nan" in str(found)


def test_other_diagrams_are_refused():
    with pytest.raises(TypeError, match="diagram must be a diagram such as run"):
        compare([1, 2])
    with pytest.raises(TypeError, match="curve must be a curve such as DonohoTanner"):
        compare(drawn(10, 20, [3], 1), "l1")
    cells = grid(k=[1, 2], m=5, n=10, noise=[0.1, 0.2])
    with pytest.raises(ValueError, match="these have k, m, n, noise"):
        compare(Diagram(Sweep(TRIAL, cells), dict.fromkeys(cells, Tally(2, 1))))
    empty = grid(k=[1, 2], m=5, n=10)
    with pytest.raises(ValueError, match="holds no trials"):
        compare(Diagram(Sweep(TRIAL, empty), dict.fromkeys(empty, Tally())))
    wide = grid(k=[1, 2], m=12, n=10)
    with pytest.raises(ValueError, match="m must be between 1 and 10"):
        compare(Diagram(Sweep(TRIAL, wide), dict.fromkeys(wide, Tally(2, 1))))
