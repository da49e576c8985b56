"""What is asked of theorems, in any form and units, and the table of all they promise."""

from __future__ import annotations

import time

import numpy as np
import pytest
import scipy.sparse
from naive_guarantees import DEAD, FRAMES, TWINS
from scipy.sparse.linalg import aslinearoperator

from sparsecs import (
    BabelBound,
    Bounds,
    ExactRecoveryCondition,
    FuchsCondition,
    Guarantee,
    GuaranteeTable,
    IrrepresentableCondition,
    IsometryForOMP,
    KhatriRao,
    Kronecker,
    NullSpaceProperty,
    guaranteed_sparsity,
)
from sparsecs.core.family import members
from sparsecs.core.randomness import stream

THEOREMS = [cls() for cls in members("sparsecs.guarantees", Guarantee).values()]
UNIFORM = [theorem for theorem in THEOREMS if theorem.uniform and theorem.about == "recovery"]
theorems = pytest.mark.parametrize("theorem", THEOREMS, ids=repr)
uniform = pytest.mark.parametrize("theorem", UNIFORM, ids=repr)

frames = pytest.mark.parametrize("name", FRAMES)


# --- units, order, doors, bad input ---------------------------------------------------------------------------------


@uniform
@pytest.mark.parametrize("size", [1e-200, 1e-9, 1e200])
def test_nothing_depends_on_units_order_or_phases(theorem: Guarantee, size: float) -> None:
    A = FRAMES["uneven"]
    turned = (A * np.exp(1j * np.arange(7)))[:, ::-1]
    expected = theorem.sparsity(A)
    assert theorem.sparsity(A * size) == expected
    if theorem is not None and not isinstance(theorem, NullSpaceProperty):
        assert theorem.sparsity(turned * size) == expected


@uniform
def test_every_door_leads_to_one_answer(theorem: Guarantee) -> None:
    A = FRAMES["spikes and signs"]
    doors = [scipy.sparse.csr_array, aslinearoperator, np.ndarray.tolist, np.float32]
    assert {theorem.sparsity(door(A)) for door in doors} == {theorem.sparsity(A)}


@uniform
def test_zero_and_parallel_columns_are_promised_nothing_and_one_column_all(theorem: Guarantee) -> None:
    assert theorem.sparsity(DEAD) == 0
    assert theorem.premise(DEAD, 1).holds is False
    assert theorem.sparsity(TWINS) == 0
    assert theorem.sparsity(np.zeros((3, 4))) == 0
    assert theorem.sparsity(FRAMES["one column"]) == 1
    assert theorem.sparsity(np.eye(5)) == 5


@theorems
def test_what_does_not_fit_is_refused(theorem: Guarantee) -> None:
    A = np.eye(3)
    with pytest.raises(ValueError, match=r"give .*="):
        theorem.premise(A)
    with pytest.raises(ValueError, match="finite"):
        theorem.premise(np.full((2, 2), np.nan), 1, support=[0], signs=[1])
    with pytest.raises(ValueError, match="between 1 and 3"):
        theorem.premise(A, 4)
    with pytest.raises(ValueError, match="signal= alone"):
        theorem.premise(A, signal=[1, 0, 0], support=[0])
    with pytest.raises(ValueError, match="support is empty"):
        theorem.premise(A, signal=[0, 0, 0])
    with pytest.raises(ValueError, match="size of the support"):
        theorem.premise(A, 2, signal=[1, 0, 0])
    with pytest.raises(ValueError, match="must not be zero"):
        theorem.premise(A, support=[0, 1], signs=[1, 0])
    with pytest.raises(ValueError, match="solver must be one of"):
        theorem.premise(A, 1, solver="AMP")
    if "weight" not in theorem.needs:
        with pytest.raises(ValueError, match="without noise"):
            theorem.premise(A, signal=[1, 0, 0], noise=0.1)
    if not theorem.uniform:
        with pytest.raises(ValueError, match="one support at a time"):
            theorem.sparsity(A)


def test_supports_and_signs_come_in_any_form() -> None:
    A = stream(0, "A").standard_normal((6, 9))
    x = np.zeros(9)
    x[[2, 7]] = [-3, 1e-310]
    mask = x != 0
    ways = [
        {"signal": x},
        {"support": [2, 7], "signs": [-1, 1]},
        {"support": [7, 2], "signs": [5, -2]},
        {"support": mask, "signs": [-1, 1 + 0j]},
    ]
    values = [FuchsCondition().premise(A, **way).value.upper for way in ways]
    assert values == pytest.approx([values[0]] * 4, rel=1e-9)
    assert ExactRecoveryCondition().premise(A, support=mask).value.upper >= values[0] - 1e-9


def test_the_lasso_is_told_by_the_figure_that_fails() -> None:
    A = np.column_stack([np.eye(3), [0.3, 0.4, 0.866]])
    theorem, x = IrrepresentableCondition(), [2.0, -1.0, 0, 0]
    assert theorem.premise(A, signal=x, weight=0.1, noise=0.0)
    assert "noise ‖P a_j‖ / λ" in theorem.premise(A, signal=x, weight=0.1, noise=0.2).reason
    assert "of |x_i|" in theorem.premise(A, signal=x, weight=1.5).reason
    assert theorem.premise(A[:, [0, 0, 1]], signal=[1, 1, 0], weight=0.1).holds is False
    scaled = theorem.premise(A * 1e-100, signal=np.array(x) * 1e100, weight=1e-101, noise=0.01)
    assert scaled.value.upper == pytest.approx(theorem.premise(A, signal=x, weight=0.1, noise=0.01).value.upper)


def test_products_know_their_factors() -> None:
    half = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8]])
    named = {type(theorem).__name__: theorem for theorem in THEOREMS}
    pair, every = named["KhatriRaoBound"], named["KroneckerBound"]
    assert pair.premise(KhatriRao(half, half), 2).value.upper == pytest.approx(0.64, abs=1e-8)
    assert every.premise(Kronecker(half, np.eye(3)), 2).value.upper == pytest.approx(0.8, abs=1e-8)
    assert pair.premise(half, 2).holds is False
    assert "no KhatriRao" in pair.premise(half, 2).value.method
    assert IsometryForOMP().sparsity(KhatriRao(half, half)) >= 1


# --- the table ------------------------------------------------------------------------------------------------------


@frames
def test_the_table_says_what_each_theorem_says(name: str) -> None:
    A = FRAMES[name]
    table = guaranteed_sparsity(A, seconds=20)
    ks = [row["k"] for row in table.rows]
    assert ks == sorted(ks, reverse=True)
    told = {(row["theorem"], solver): row["k"] for row in table.rows for solver in row["solvers"] or (None,)}
    assert told == {(type(t).__name__, s): t.sparsity(A, s) for t in UNIFORM for s in t.solvers or (None,)}
    assert table.best.get("OMP", 0) == max(k for (_, solver), k in told.items() if solver == "OMP")
    assert [set(row) for row in table.table()] == [
        {"k", "theorem", "for", "what kept it from more", "reference"}
    ] * len(ks)
    lines = str(table).splitlines()
    assert len({line.index(row["reference"]) for line, row in zip(lines[4:], table.rows, strict=False)}) == 1
    assert "worst" in str(table)
    assert table.stopped == ""


def test_the_table_ends_in_time_and_holds_what_is_read_off() -> None:
    A = stream(0, "A").standard_normal((40, 80))
    table = guaranteed_sparsity(A, seconds=0)
    assert len(table.rows) >= len(UNIFORM)
    assert table.stopped
    assert table.best["OMP"] == BabelBound().sparsity(A, "OMP")
    assert any(row["open"] and "is spent" in row["limit"] for row in table.rows)


def test_the_keyboard_ends_the_table_and_not_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sparsecs.guarantees._measured.restricted_isometry", pressed)
    table = guaranteed_sparsity(FRAMES["uneven"])
    assert isinstance(table, GuaranteeTable)
    assert "keyboard" in table.stopped
    assert "CoherenceBound" in str(table)


def test_a_search_that_the_keyboard_ended_ends_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def ended(*_: object, **__: object) -> Bounds:
        calls.append(1)
        return Bounds(0.0, 1.0, stopped="interrupted from the keyboard")

    monkeypatch.setattr("sparsecs.guarantees._measured.null_space_constant", ended)
    monkeypatch.setattr("sparsecs.guarantees._measured.restricted_isometry", ended)
    assert "keyboard" in guaranteed_sparsity(FRAMES["spikes and signs"]).stopped
    assert len(calls) == 1


def test_no_more_than_was_asked_for_is_asked() -> None:
    table = guaranteed_sparsity(np.eye(6), kmax=2)
    assert {row["k"] for row in table.rows} == {2}
    assert {row["limit"] for row in table.rows} == {"no more was asked for"}
    with pytest.raises(ValueError, match="kmax"):
        guaranteed_sparsity(np.eye(6), kmax=0)


def test_a_slow_search_leaves_time_to_the_other_theorems(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, seconds: float, **__: object) -> Bounds:
        time.sleep(seconds)
        return Bounds(0.0, 1.0, stopped="it is slow")

    monkeypatch.setattr("sparsecs.guarantees._measured.null_space_constant", slow)
    start = time.perf_counter()
    table = guaranteed_sparsity(stream(0, "A").standard_normal((6, 10)), seconds=2.0)
    assert time.perf_counter() - start < 6
    assert {row["theorem"] for row in table.rows if row["open"]} == {"NullSpaceProperty"}
