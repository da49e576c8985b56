"""Cells are named by their values, grids are all combinations, and a sweep is checked before anything is tossed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from coins import Coin

from sparsecs import OMP, Cell, Gaussian, Recovery, Signs, Sweep, grid


def test_the_order_of_names_means_nothing() -> None:
    one, other = Cell.of({"n": 4, "k": 1}), Cell.of({"k": 1, "n": 4})
    assert one == other
    assert hash(one) == hash(other)
    assert (one.key, one.name) == (other.key, other.name) == ('{"k": 1, "n": 4}', ("k", 1, "n", 4))


def test_a_cell_prints_as_the_code_that_makes_it() -> None:
    cell = Cell.of({"delta": 0.1, "n": 10**12})
    assert eval(repr(cell)) == cell


def test_numbers_of_numpy_are_those_of_python() -> None:
    cell = Cell.of({"k": np.int32(3), "delta": np.float64(0.1)})
    assert cell == Cell.of({"k": 3, "delta": 0.1})
    assert cell.key == Cell.of({"k": 3, "delta": 0.1}).key
    assert [type(value) for _, value in cell.values] == [float, int]


@pytest.mark.parametrize("value", ["3", None, True, float("nan"), [3], 1j], ids=repr)
def test_what_is_not_a_number_is_no_coordinate(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^A cell holds finite numbers; k is "):
        Cell.of({"k": value})


def test_a_missing_coordinate_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="The cell has no 'delta'; it has k, n"):
        Cell.of({"n": 4, "k": 1})["delta"]


def test_a_grid_is_all_combinations_in_order() -> None:
    cells = grid(n=4, m=range(1, 3), k=np.array([1, 2]))
    assert [(cell["n"], cell["m"], cell["k"]) for cell in cells] == [(4, 1, 1), (4, 1, 2), (4, 2, 1), (4, 2, 2)]
    assert grid(k=[]) == ()


def test_a_sweep_takes_mappings_and_counts_a_cell_once() -> None:
    sweep = Sweep(Coin(), [{"k": 1}, Cell.of({"k": 2}), {"k": np.int64(1)}], repeats=7)
    assert sweep.cells == (Cell.of({"k": 1}), Cell.of({"k": 2}))
    assert sweep.tosses == 14
    assert hash(sweep) == hash(Sweep(Coin(), grid(k=[1, 2]), repeats=7))


TRIAL = Recovery(Gaussian(), Signs(), OMP())


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((OMP(), grid(k=1)), TypeError, r"^trial must be a trial such as Recovery\(\.\.\.\); got OMP\("),
        ((Coin, grid(k=1)), TypeError, r"^trial must be a trial .*got <class 'coins\.Coin'>"),
        (("Recovery", grid(k=1)), TypeError, r"^trial must be a trial .*got 'Recovery'"),
        ((Coin(), []), ValueError, r"^The sweep has no cells; make some with grid\("),
        ((Coin(), grid(n=1)), ValueError, r"^Coin needs k in every cell; Cell\.of\({'n': 1}\) lacks it\.$"),
        ((TRIAL, [*grid(n=9, m=5, k=2), {"n": 9}]), ValueError, r"^Recovery needs m, k in every cell; .*'n': 9.*lacks"),
        ((Coin(), grid(k=1), 0), ValueError, r"^repeats must be at least 1; got 0\.$"),
        ((Coin(), grid(k=1), 2.5), TypeError, r"^repeats must be a whole number; got 2\.5\.$"),
        ((Coin(), grid(k=1), 2, 0.5), TypeError, r"^seed must be a whole number; got 0\.5\.$"),
        ((Coin(), {"k": 1}), TypeError, r"^cells must .*; got {'k': 1}"),
        ((Coin(), 5), TypeError, r"^cells must .*; got 5"),
    ],
)
def test_a_sweep_that_cannot_be_run_is_refused_before_it_is(arguments: tuple, kind: type, message: str) -> None:
    with pytest.raises(kind, match=message):
        Sweep(*arguments)
