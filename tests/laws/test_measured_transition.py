"""Measured transitions: their table, the curves made of it, and the values known from elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from sparsecs import MeasuredTransition, StatisticalDimension
from sparsecs.curves.measured_transition import TABLE, _rising, rows
from sparsecs.testing import check_curve

PAIRS = sorted({(row["solver"], row["signal"]) for row in rows()})
ELSEWHERE = {  # rho at n = 400, delta = .25, with a standard error where one is known
    ("OMP", "Signs"): (0.158, 0.003),
    ("SubspacePursuit", "Signs"): (0.236, 0.004),
    ("NormalizedIHT", "Signs"): (0.216, 0.004),
    ("HTP", "Signs"): (0.211, 0.003),
    ("OMP", "Spikes"): (0.294, 0.006),
    ("SubspacePursuit", "Spikes"): (0.318, 0.006),
    ("NormalizedIHT", "Spikes"): (0.279, 0.006),
    ("HTP", "Spikes"): (0.299, 0.006),
}


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_it_keeps_the_laws_of_curves(pair: tuple[str, str]) -> None:
    check_curve(MeasuredTransition(*pair))


def test_the_table_says_where_it_comes_from_and_holds_what_it_should() -> None:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    assert "experiments/greedy_calibration.py" in "".join(line for line in lines if line.startswith("#"))
    assert {solver for solver, _ in PAIRS} == {"OMP", "SubspacePursuit", "HTP", "NormalizedIHT", "AMP"}
    for row in rows():
        assert 0 < row["k50"] <= row["m"] <= row["n"]
        assert 0 < row["error"] < row["k50"]
        assert row["trials"] >= 12


@pytest.mark.parametrize("pair", ELSEWHERE, ids=" ".join)
def test_it_agrees_with_what_was_measured_elsewhere(pair: tuple[str, str]) -> None:
    value, error = ELSEWHERE[pair]
    curve = MeasuredTransition(*pair, n=400)
    slack = 0.015  # a line between delta = .2 and .3, and levels of neighbours that fall
    assert abs(curve.rho(0.25) - value) <= 3 * np.hypot(curve.error(0.25), error) + slack


@pytest.mark.parametrize("signal", ["Signs", "Spikes"])
def test_message_passing_does_what_theory_says(signal: str) -> None:
    curve = MeasuredTransition("AMP", signal)
    for m in (40, 80, 110, 140):
        theory = StatisticalDimension().k(m, 200)
        assert abs(curve.k(m, 200) - theory) <= 4 * m * curve.error(m / 200) + 0.1 * theory


def test_gaussian_coefficients_are_easier_than_signs_for_greedy_solvers() -> None:
    for solver in ("OMP", "HTP", "SubspacePursuit"):
        delta = np.array([0.2, 0.4, 0.7])
        assert (MeasuredTransition(solver, "Spikes").rho(delta) > MeasuredTransition(solver, "Signs").rho(delta)).all()


def test_the_number_of_columns_counts_between_the_measured_sizes_only() -> None:
    curve = MeasuredTransition("OMP", "Signs")
    at = [curve.at(n).rho(0.5) for n in (50, 200, 280, 400, 10_000)]
    assert at[0] == at[1]
    assert at[1] > at[2] > at[3]
    assert at[3] == at[4] == curve.rho(0.5)


def test_outside_the_range_rho_is_level_and_no_error_is_told() -> None:
    curve = MeasuredTransition("OMP", "Signs")
    assert curve.rho(0.001) == curve.rho(0.05) == curve.start
    assert curve.rho(1.0) == curve.rho(0.95) == curve.limit
    for delta in (0.01, 0.99, [0.5, 0.01]):
        with pytest.raises(ValueError, match="not measured"):
            curve.error(delta)
    assert curve.error(np.array([0.1, 0.5])).shape == (2,)


def test_what_was_not_measured_is_refused_with_what_was() -> None:
    for pair in (("Lasso", "Signs"), ("OMP", "Cauchy")):
        with pytest.raises(ValueError, match="OMP with Signs"):
            MeasuredTransition(*pair)
    with pytest.raises(ValueError, match="n must be"):
        MeasuredTransition(n=0)


def test_falling_neighbours_are_pooled_by_weight() -> None:
    found = _rising(np.array([1.0, 3.0, 2.0, 5.0, 4.0, 3.0]), np.array([1.0, 1.0, 3.0, 1.0, 1.0, 1.0]))
    assert found == pytest.approx([1.0, 2.25, 2.25, 4.0, 4.0, 4.0])
