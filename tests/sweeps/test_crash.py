"""Workers may die, and so may the whole run: the counts stay the same and nobody is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from coins import Coin, MortalCoin, SlowCoin
from rooms import ROOT

from sparsecs import Store, Sweep, grid, run

CELLS = grid(k=range(1, 7))
PATIENCE = 60  # seconds after which a test that waits for a process gives up

SCRIPT = """
import sys
from coins import SlowCoin
from sparsecs import Sweep, grid, run
if __name__ == "__main__":
    log, store = sys.argv[1:]
    run(Sweep(SlowCoin(log=log), grid(k=range(1, 7)), repeats=30), store, workers=2)
"""


def until(happened: Callable[[], object]) -> bool:
    """Whether it happened before patience ran out."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.02)
    return False


def alive(process: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    try:
        return not state.parent.parent.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def outcomes(store: Path) -> int:
    return sum(len(found) for found in Store(store).read().values())


def test_a_worker_that_dies_loses_no_trial(tmp_path: Path) -> None:
    flag = tmp_path / "died"
    coin = MortalCoin(log=str(tmp_path / "log"), k=3, number=15, flag=str(flag))
    diagram = run(Sweep(coin, CELLS, repeats=30), tmp_path / "store", workers=2)
    assert flag.exists(), "the worker did die"
    assert diagram.tallies == run(Sweep(Coin(), CELLS, repeats=30)).tallies
    assert set(coin.tosses()) == {(0, k, number) for k in range(1, 7) for number in range(30)}
    recorded = [json.loads(line) for line in (tmp_path / "store").read_text().splitlines() if '"outcomes"' in line]
    names = [(r["cell"]["k"], r["first"] + i) for r in recorded for i in range(len(r["outcomes"]))]
    assert len(names) == len(set(names)) == 180, "no toss is written twice"
    assert until(lambda: not any(alive(process) for process in coin.processes() - {os.getpid()}))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_run_that_is_killed_goes_on_where_it_was_and_leaves_no_worker(tmp_path: Path) -> None:
    log, store, script = tmp_path / "log", tmp_path / "store", tmp_path / "script.py"
    script.write_text(SCRIPT)
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environment = {**os.environ, "PYTHONPATH": paths, "SECONDS_A_TOSS": "0.03"}
    process = subprocess.Popen([sys.executable, str(script), str(log), str(store)], cwd=ROOT, env=environment)
    coin = SlowCoin(log=str(log))
    try:
        assert until(lambda: store.exists() and outcomes(store) >= 40 and len(coin.processes()) >= 2)
        process.send_signal(signal.SIGKILL)
        assert process.wait(PATIENCE) == -signal.SIGKILL
        assert until(lambda: not any(alive(worker) for worker in coin.processes())), "a worker outlived the run"
    finally:
        process.kill()
        process.wait(PATIENCE)
        for worker in filter(alive, coin.processes() if log.exists() else ()):
            os.kill(worker, signal.SIGKILL)
    before, done = coin.tosses(), outcomes(store)
    assert 40 <= done < 180
    diagram = run(Sweep(coin, CELLS, repeats=30), store)
    assert len(coin.tosses()) - len(before) == 180 - done
    assert diagram.tallies == run(Sweep(Coin(), CELLS, repeats=30)).tallies


def test_an_interrupt_keeps_what_was_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toss, sweep = Coin.toss, Sweep(Coin(), CELLS, repeats=30)

    def interrupted(self: Coin, cell: object, number: int, seed: int) -> bool:
        if cell["k"] == 2 and number == 15:
            raise KeyboardInterrupt
        return toss(self, cell, number, seed)

    monkeypatch.setattr(Coin, "toss", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(sweep, tmp_path / "store")
    assert outcomes(tmp_path / "store") == 40
    monkeypatch.undo()
    assert run(sweep, tmp_path / "store").tallies == run(sweep).tallies
