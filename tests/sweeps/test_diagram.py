"""A diagram tells what was counted: as a table, along an axis, and by its transition."""

from __future__ import annotations

import pytest
from coins import Coin

from sparsecs import Cell, Diagram, Sweep, Tally, fit_transition, grid, run

TWO = run(Sweep(Coin(), grid(n=[10, 20], k=[6, 2, 4]), repeats=30))
ONE = run(Sweep(Coin(), grid(k=range(1, 10)), repeats=30))


def test_the_table_has_a_row_for_each_cell_in_the_order_of_the_sweep() -> None:
    table = TWO.table()
    assert [(row["n"], row["k"]) for row in table] == [(10, 6), (10, 2), (10, 4), (20, 6), (20, 2), (20, 4)]
    for row in table:
        tally = TWO.tallies[Cell.of({"n": row["n"], "k": row["k"]})]
        assert (row["trials"], row["successes"], row["rate"]) == (30, tally.successes, tally.successes / 30)
        assert (row["low"], row["high"]) == tally.interval()
    assert set(table[0]) == {"n", "k", "trials", "successes", "rate", "low", "high"}


def test_the_confidence_of_the_table_is_that_of_its_intervals() -> None:
    for row, wide in zip(TWO.table(0.5), TWO.table(0.99), strict=True):
        tally = Tally(row["trials"], row["successes"])
        assert (row["low"], row["high"]) == tally.interval(0.5)
        assert (wide["low"], wide["high"]) == tally.interval(0.99)


def test_along_an_axis_positions_are_in_order() -> None:
    found = TWO.along("k", n=20)
    assert [position for position, _ in found] == [2, 4, 6]
    assert [tally for _, tally in found] == [TWO.tallies[Cell.of({"n": 20, "k": k})] for k in (2, 4, 6)]


def test_cells_that_differ_in_another_axis_are_refused_with_what_to_do() -> None:
    with pytest.raises(
        ValueError, match=r"^The cells differ in 'n' too, .* along 'k'; name one value, for example n=\d"
    ):
        TWO.along("k")
    tallies = {Cell.of({"m": m, "k": m // 2}): Tally(5, 3) for m in (4, 8)}  # no k twice, and yet no line along k
    with pytest.raises(ValueError, match="differ in 'm' too"):
        Diagram(Sweep(Coin(), list(tallies), repeats=5), tallies).along("k")


def test_a_value_that_no_cell_has_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^No cell of the sweep has {'n': 30}"):
        TWO.along("k", n=30)


@pytest.mark.parametrize(
    "ask", [lambda: TWO.along("q", n=10), lambda: TWO.along("k", q=3), lambda: TWO.transition("q")]
)
def test_an_axis_that_is_not_there_is_refused_with_those_that_are(ask: object) -> None:
    with pytest.raises((KeyError, ValueError), match=r"no 'q'; it has k, n"):
        ask()


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_the_transition_is_that_of_the_counts_along_the_axis(link: str) -> None:
    hits = [tally.successes for _, tally in ONE.along("k")]
    assert ONE.transition("k", link, 0.9) == fit_transition(range(1, 10), [30] * 9, hits, link, 0.9)
    assert 4 < ONE.transition("k").value < 6


def test_the_transition_of_a_slice_uses_that_slice() -> None:
    tallies = {Cell.of({"m": m, "k": k}): Tally(20, 20 if k < m else 0) for m in (3, 6) for k in range(1, 9)}
    diagram = Diagram(Sweep(Coin(), list(tallies), repeats=20), tallies)
    assert diagram.transition("k", m=3).value == pytest.approx(2.5, abs=0.1)
    assert diagram.transition("k", m=6).value == pytest.approx(5.5, abs=0.1)


def test_a_transition_needs_two_places() -> None:
    with pytest.raises(ValueError, match="two places or more"):
        run(Sweep(Coin(), grid(k=[3]), repeats=5)).transition("k")
