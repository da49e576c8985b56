"""All solvers meet the same problems, and every one of these problems can be looked at again."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sparsecs import (
    IHT,
    OMP,
    BasisPursuit,
    Cell,
    Digits,
    Gaussian,
    Linear,
    Network,
    Rademacher,
    RandomNetwork,
    Recovery,
    Signs,
    Spikes,
    Store,
    Sweep,
    Tally,
    Tanh,
    answer,
    grid,
    phase_grid,
    run,
)

CELL = Cell.of({"n": 30, "m": 15, "k": 3})
SOLVERS = (OMP(), BasisPursuit(), IHT(), OMP(tolerance=1e-3))


def same(one: object, other: object) -> bool:
    return (
        np.array_equal(one.operator.dense(), other.operator.dense())
        and np.array_equal(one.y, other.y)
        and np.array_equal(one.truth, other.truth)
        and one.sparsity == other.sparsity
    )


@pytest.mark.parametrize(
    "ensemble", [Gaussian(), Rademacher(), RandomNetwork(Network((4,), (Linear(5), Tanh(), Linear(1))))]
)
def test_all_solvers_meet_the_same_problems(ensemble: object) -> None:
    cell = Cell.of({"n": 31, "m": 15, "k": 3})
    problems = [Recovery(ensemble, Signs(), solver).problem(cell, 7, seed=2) for solver in SOLVERS]
    assert all(same(problems[0], problem) for problem in problems)
    assert same(problems[0], Recovery(ensemble, Signs(), OMP(), threshold=0.5).problem(cell, 7, seed=2))


def test_another_number_seed_or_cell_is_another_problem() -> None:
    trial = Recovery(Gaussian(), Spikes(), OMP())
    problems = [trial.problem(CELL, number, seed) for number in range(3) for seed in range(3)]
    problems.append(trial.problem(Cell.of({"n": 30, "m": 15, "k": 4}), 0, 0))
    assert not any(same(one, other) for one, other in itertools.combinations(problems, 2))
    assert len({float(problem.operator.dense()[0, 0]) for problem in problems}) == len(problems)


def test_a_toss_is_the_answer_to_its_problem() -> None:
    trial = Recovery(Gaussian(), Signs(), OMP(), threshold=1e-3)
    hard = Cell.of({"n": 30, "m": 15, "k": 6})
    tossed = [trial.toss(hard, number, seed=1) for number in range(40)]
    problems = [trial.problem(hard, number, seed=1) for number in range(40)]
    by_hand = [np.linalg.norm(answer(p, OMP()).x - p.truth) < 1e-3 * np.linalg.norm(p.truth) for p in problems]
    assert tossed == by_hand
    assert set(tossed) == {True, False}


def test_a_trial_of_a_sweep_can_be_looked_at_again(tmp_path: object) -> None:
    sweep = Sweep(Recovery(Gaussian(), Signs(), OMP()), grid(n=30, m=15, k=[5]), repeats=20, seed=3)
    diagram = run(sweep, tmp_path / "store")
    (found,) = Store(tmp_path / "store").read().values()
    assert found == {number: sweep.trial.toss(sweep.cells[0], number, 3) for number in range(20)}
    assert diagram.tallies[sweep.cells[0]] == Tally(20, sum(found.values()))


@pytest.mark.parametrize("solver", [OMP(), BasisPursuit()], ids=repr)
def test_few_nonzeros_are_always_found_and_too_many_never(solver: object) -> None:
    sweep = Sweep(Recovery(Gaussian(), Spikes(), solver), grid(n=60, m=30, k=[1, 3, 29]), repeats=20)
    assert [tally.successes for tally in run(sweep).tallies.values()] == [20, 20, 0]


def test_noise_is_of_the_size_that_was_asked_for() -> None:
    quiet, noisy = (Recovery(Gaussian(), Signs(), OMP(), noise=noise) for noise in (0.0, 0.3))
    cell = Cell.of({"n": 500, "m": 400, "k": 3})
    added = noisy.problem(cell, 0, 0).y - quiet.problem(cell, 0, 0).y
    assert noisy.problem(cell, 0, 0).noise == 0.3
    assert np.std(added) == pytest.approx(0.3, rel=0.15)
    assert abs(added.mean()) < 4 * 0.3 / 20


def test_noise_makes_a_strict_threshold_fail_and_a_loose_one_pass() -> None:
    strict, loose = (Recovery(Gaussian(), Signs(), OMP(), threshold, noise=0.01) for threshold in (1e-4, 0.3))
    assert not any(strict.toss(CELL, number, 0) for number in range(10))
    assert all(loose.toss(Cell.of({"n": 30, "m": 25, "k": 2}), number, 0) for number in range(10))


def test_a_seeded_network_is_the_same_at_every_toss_and_its_signals_are_not() -> None:
    network = Network((61,), (Linear(3), Tanh(), Linear(2)))
    trial = Recovery(RandomNetwork(network, Digits(), seed=1, distinct=True), Signs(), OMP())
    cell = Cell.of({"n": trial.ensemble.unknowns(20), "m": 20, "k": 2})
    one, other = (trial.problem(cell, number, 0) for number in (0, 1))
    assert np.array_equal(one.operator.dense(), other.operator.dense())
    assert not np.array_equal(one.truth, other.truth)


@pytest.mark.parametrize(
    ("fields", "kind", "message"),
    [
        ({"threshold": 0.0}, ValueError, r"^threshold must be above zero"),
        ({"noise": -1.0}, ValueError, r"^noise must be at least zero"),
        ({"noise": None}, TypeError, r"^noise must be a number"),
        ({"solver": "OMP"}, TypeError, r"solver .*got 'OMP'"),
        ({"solver": OMP}, TypeError, r"solver .*got <class"),
        ({"ensemble": np.eye(3)}, TypeError, r"ensemble .*got array"),
        ({"signal": Gaussian()}, TypeError, r"signal .*got Gaussian\(\)"),
    ],
)
def test_a_trial_of_the_wrong_parts_is_refused_at_once(fields: dict, kind: type, message: str) -> None:
    with pytest.raises(kind, match=message):
        Recovery(**{"ensemble": Gaussian(), "signal": Signs(), "solver": OMP(), **fields})


def test_a_phase_grid_has_the_nearest_cells_once_each() -> None:
    cells = phase_grid(100, [0.1, 0.5, 1.0], [0.01, 0.02, 0.5, 1.0])
    assert len(set(cells)) == len(cells)
    assert {cell["n"] for cell in cells} == {100}
    assert [(cell["m"], cell["k"]) for cell in cells if cell["m"] == 10] == [(10, 1), (10, 5), (10, 10)]
    assert all(1 <= cell["k"] <= cell["m"] <= 100 for cell in cells)
    assert all(type(value) is int for cell in cells for _, value in cell.values)


@pytest.mark.parametrize(("deltas", "rhos"), [([0.0], [0.5]), ([1.1], [0.5]), ([0.5], [-0.1]), ([float("nan")], [0.5])])
def test_a_phase_grid_outside_the_phase_plane_is_refused(deltas: list, rhos: list) -> None:
    with pytest.raises(ValueError, match=r"^delta and rho must be above 0 and at most 1; got "):
        phase_grid(100, deltas, rhos)
