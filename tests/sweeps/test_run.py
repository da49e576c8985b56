"""The same counts come out on any workers and in any order, and nothing that is known is tossed again."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from queue import LifoQueue
from threading import Thread
from typing import Any

import pytest
from coins import Coin, FailingCoin, LoggedCoin, OddCoin

from sparsecs import Cell, Store, Sweep, Tally, grid, run, run_all, stream

CELLS = grid(k=range(1, 10))
SWEEP = Sweep(Coin(), CELLS, repeats=23)
EXPECTED = run(SWEEP).tallies


@pytest.fixture
def coin(tmp_path: Path) -> LoggedCoin:
    return LoggedCoin(log=str(tmp_path / "log"))


class Backwards(Executor):
    """One thread, which always takes what was given to it last."""

    def __init__(self) -> None:
        self.waiting: LifoQueue = LifoQueue()
        self.order: list[Any] = []
        self.worker = Thread(target=self.work)

    def submit(self, work: Any, *arguments: Any) -> Future:  # type: ignore[override]
        future: Future = Future()
        self.order.append(arguments)
        self.waiting.put((len(self.order), future, work, arguments))
        return future

    def work(self) -> None:
        while (item := self.waiting.get())[1] is not None:
            _, future, work, arguments = item
            future.set_result(work(*arguments))

    def __enter__(self) -> Backwards:
        self.worker.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.waiting.put((0, None, None, None))
        self.worker.join()


class AtOnce(Executor):
    """Has done what it is given before it hands back the future, so that many are done together."""

    def submit(self, work: Any, *arguments: Any) -> Future:  # type: ignore[override]
        future: Future = Future()
        try:
            future.set_result(work(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


def counts(sweep: Sweep) -> dict[Cell, Tally]:
    """The slow twin: toss after toss, in a row."""
    return {
        cell: Tally(sweep.repeats, sum(sweep.trial.toss(cell, number, sweep.seed) for number in range(sweep.repeats)))
        for cell in sweep.cells
    }


class TestSameCounts:
    def test_as_tossing_by_hand(self) -> None:
        assert counts(SWEEP) == EXPECTED
        assert 0 < sum(tally.successes for tally in EXPECTED.values()) < SWEEP.tosses

    @pytest.mark.parametrize("stored", [False, True])
    def test_on_threads(self, stored: bool, tmp_path: Path) -> None:
        with ThreadPoolExecutor(4) as pool:
            assert run(SWEEP, tmp_path / "store" if stored else None, pool).tallies == EXPECTED

    def test_on_processes_of_ones_own_and_on_a_pool_given(self, tmp_path: Path, coin: LoggedCoin) -> None:
        sweep = Sweep(coin, CELLS, repeats=23)
        assert run(sweep, tmp_path / "store", workers=2).tallies == EXPECTED
        assert sorted(coin.tosses()) == [(0, k, number) for k in range(1, 10) for number in range(23)]
        assert coin.processes() - {os.getpid()}, "the workers did something"
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            assert run(SWEEP, executor=pool).tallies == EXPECTED

    def test_backwards(self) -> None:
        with Backwards() as executor:
            assert run(SWEEP, executor=executor).tallies == EXPECTED
        assert len(executor.order) > len(CELLS), "the work was given out in pieces"

    def test_with_shuffled_cells(self) -> None:
        shuffled = [CELLS[place] for place in stream(0, "order").permutation(len(CELLS))]
        diagram = run(Sweep(Coin(), shuffled, repeats=23))
        assert diagram.tallies == EXPECTED
        assert list(diagram.tallies) == shuffled

    def test_with_a_progress_bar(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(SWEEP, progress=True).tallies == EXPECTED
        out, err = capsys.readouterr()
        assert out == ""
        assert "207/207" in err

    def test_another_seed_gives_other_counts(self) -> None:
        assert run(Sweep(Coin(), CELLS, repeats=23, seed=1)).tallies != EXPECTED


class TestNothingTwice:
    def test_more_repeats_on_a_finer_grid_toss_only_what_is_missing(self, coin: LoggedCoin, tmp_path: Path) -> None:
        store = tmp_path / "store"
        run(Sweep(coin, grid(k=[2, 4]), repeats=13), store)
        first = coin.tosses()
        run(Sweep(coin, grid(k=[1, 2, 3, 4]), repeats=25), store)
        new = coin.tosses()[len(first) :]
        wanted = {(0, k, number) for k in (1, 2, 3, 4) for number in range(25)}
        assert len(new) == len(set(new))
        assert set(new) == wanted - set(first)

    def test_fewer_repeats_are_the_first_of_many(self, coin: LoggedCoin, tmp_path: Path) -> None:
        run(Sweep(coin, CELLS, repeats=23), tmp_path / "store")
        tossed = coin.tosses()
        fewer = Sweep(coin, CELLS[2:4], repeats=7)
        assert run(fewer, tmp_path / "store").tallies == counts(Sweep(Coin(), CELLS[2:4], repeats=7))
        assert coin.tosses() == tossed

    def test_a_hole_in_what_is_known_is_filled(self, coin: LoggedCoin, tmp_path: Path) -> None:
        store, cell = Store(tmp_path / "store"), CELLS[0]
        known = [coin.toss(cell, number, 0) for number in (5, 6)]
        with store.writer() as writer:
            writer.outcomes(coin, 0, dict(cell.values), 5, known)
        before = len(coin.tosses())
        run(Sweep(coin, [cell], repeats=9), store)
        assert [number for _, _, number in coin.tosses()[before:]] == [0, 1, 2, 3, 4, 7, 8]

    def test_sweeps_that_share_a_cell_toss_it_once(self, coin: LoggedCoin) -> None:
        one, two = Sweep(coin, grid(k=[1, 2, 3]), repeats=20), Sweep(coin, grid(k=[3, 4]), repeats=25)
        diagrams = run_all([one, two, one])
        wanted = [(0, k, number) for k, repeats in ((1, 20), (2, 20), (3, 25), (4, 25)) for number in range(repeats)]
        assert sorted(set(coin.tosses())) == wanted
        assert len(coin.tosses()) == len(wanted)
        assert diagrams[0].tallies == diagrams[2].tallies == counts(Sweep(Coin(), one.cells, 20))
        assert diagrams[1].tallies == counts(Sweep(Coin(), two.cells, 25))

    def test_other_seeds_and_other_trials_share_nothing(self, coin: LoggedCoin, tmp_path: Path) -> None:
        run(Sweep(coin, CELLS[:1], repeats=5), tmp_path / "store")
        run(Sweep(coin, CELLS[:1], repeats=5, seed=1), tmp_path / "store")
        assert coin.tosses() == [(seed, 1, number) for seed in (0, 1) for number in range(5)]
        other = LoggedCoin(centre=4.0, log=coin.log)
        run(Sweep(other, CELLS[:1], repeats=5), tmp_path / "store")
        assert len(coin.tosses()) == 15

    @pytest.mark.parametrize(("k", "same"), [(2, 2.0), (0.0, -0.0)])
    def test_equal_cells_are_one_cell_however_they_are_written(self, k: float, same: float) -> None:
        one, two = Sweep(Coin(), [{"k": k}], repeats=5), Sweep(Coin(), [{"k": same}], repeats=5)
        assert one == two
        first, second = run_all([one, two])
        assert first.tallies == second.tallies
        assert run(one).tallies == run(two).tallies

    def test_equal_trials_are_one_trial_however_they_are_written(self) -> None:
        one, two = Sweep(Coin(centre=3), CELLS, repeats=5), Sweep(Coin(centre=3.0), CELLS, repeats=5)
        assert one == two
        first, second = run_all([one, two])
        assert first.tallies == second.tallies


NOTE = r"This was FailingCoin\(centre=5\.0, slope=1\.0, k=3, number=15\)\.toss\(Cell\.of\({'k': 3}\), number=15, seed=4\)\."


class TestFailures:
    @pytest.mark.parametrize("how", ["here", "threads", "processes"])
    def test_an_error_names_its_toss_and_loses_nothing_that_was_finished(self, how: str, tmp_path: Path) -> None:
        failing = FailingCoin(k=3, number=15)
        sweep = Sweep(failing, grid(k=[1, 2, 3]), repeats=25, seed=4)
        with ThreadPoolExecutor(2) as pool, pytest.raises(ArithmeticError, match="off the table") as caught:
            run(
                sweep,
                tmp_path / "store",
                executor=pool if how == "threads" else None,
                workers=2 if how == "processes" else 1,
            )
        (note,) = caught.value.__notes__
        assert re.fullmatch(NOTE, note)
        known = Store(tmp_path / "store").read()
        finished = {(key[2], number): outcome for key, found in known.items() for number, outcome in found.items()}
        assert finished
        assert ('{"k": 3}', 15) not in finished
        if how == "here":
            assert len(finished) == 60, "all batches before the one that failed"
        for (key, number), outcome in finished.items():
            assert outcome == Coin().toss(Cell.of(json.loads(key)), number, 4)

    @pytest.mark.parametrize("failing", [(1, 0), (2, 12), (3, 24)])
    def test_what_was_done_together_with_a_failure_is_kept(self, failing: tuple[int, int], tmp_path: Path) -> None:
        k, number = failing
        with pytest.raises(ArithmeticError):
            run(Sweep(FailingCoin(k=k, number=number), grid(k=[1, 2, 3]), repeats=25), tmp_path / "store", AtOnce())
        kept = {key[2]: set(found) for key, found in Store(tmp_path / "store").read().items()}
        lost = range(10 * (number // 10), min(10 * (number // 10) + 10, 25))
        expected = {f'{{"k": {cell}}}': set(range(25)) - set(lost if cell == k else ()) for cell in (1, 2, 3)}
        assert kept == expected

    def test_a_trial_that_is_mended_goes_on(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        sweep = Sweep(FailingCoin(k=3, number=15), CELLS, repeats=23)
        with pytest.raises(ArithmeticError):
            run(sweep, tmp_path / "store")
        monkeypatch.setattr(FailingCoin, "toss", Coin.toss)
        assert run(sweep, tmp_path / "store").tallies == EXPECTED

    @pytest.mark.parametrize("side", ["nothing", "not a number", "error", "word"])
    def test_a_toss_that_is_no_truth_value_is_refused_and_not_counted(self, side: str, tmp_path: Path) -> None:
        with pytest.raises(TypeError, match=r"toss .*got "):
            run(Sweep(OddCoin(side), [{"k": 1}], repeats=3), tmp_path / "store")
        assert Store(tmp_path / "store").read() == {}

    @pytest.mark.parametrize("workers", [0, -1, 1.5, True, "all", None])
    def test_a_number_of_workers_that_is_none_is_refused(self, workers: Any) -> None:
        with pytest.raises((ValueError, TypeError), match=r"^workers must be .*; got "):
            run(SWEEP, workers=workers)
