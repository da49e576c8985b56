"""``sparsecs inspect``: a matrix in a file, its geometry and its guarantees, as a newcomer types it."""

from __future__ import annotations

import re
import signal
import threading

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from click.testing import CliRunner

from sparsecs.__main__ import main
from sparsecs.core.randomness import stream
from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.restricted_isometry import restricted_isometry
from sparsecs.inspection import inspected

SPIKES_AND_SIGNS = np.hstack([np.eye(4), np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]]) / 2])


def call(*words):
    return CliRunner().invoke(main, ["inspect", *map(str, words)], env={"COLUMNS": "200"})


def value(output, figure):
    """What the table says in the row of a figure: its value and what it is."""
    (row,) = [line.split("│")[2:4] for line in output.splitlines() if line.startswith(f"│ {figure} ")]
    return [entry.strip() for entry in row]


def test_the_exact_figures_of_spikes_and_signs_are_printed_from_every_kind_of_file(tmp_path):
    np.save(tmp_path / "a.npy", SPIKES_AND_SIGNS)
    scipy.sparse.save_npz(tmp_path / "a.npz", scipy.sparse.csr_matrix(SPIKES_AND_SIGNS))
    scipy.io.savemat(tmp_path / "a.mat", {"A": SPIKES_AND_SIGNS})
    np.savetxt(tmp_path / "a.csv", SPIKES_AND_SIGNS, delimiter=",")
    for ending in ("npy", "npz", "mat", "csv"):
        done = call(tmp_path / f"a.{ending}", "--seconds", 300)  # of which it needs one, and a fresh machine compiles
        assert done.exit_code == 0, done.output
        assert value(done.output, "rows × columns (m × n)")[0] == "4 × 8"
        assert value(done.output, "coherence μ")[0] == "0.500000"
        assert value(done.output, "spark") == ["4", "exact"]
        assert value(done.output, "δ, order 3, unit columns") == ["0.707107", "exact"]
        assert value(done.output, "null space constant α, k = 1") == ["0.333333", "exact"]
        assert re.search(r"│ 1 │ NullSpaceProperty +│ BasisPursuit", done.output)
        assert "worst cases" in done.output


def test_little_time_gives_bounds_that_say_so(tmp_path):
    np.save(tmp_path / "a.npy", stream(0, "A").standard_normal((40, 80)))
    done = call(tmp_path / "a.npy", "--seconds", 0, "--orders", 2)
    assert done.exit_code == 0, done.output
    assert "bounds; stopped early" in value(done.output, "null space constant α, k = 2")[1]
    low, high = map(float, value(done.output, "null space constant α, k = 2")[0].split(" to "))
    assert 0 <= low < high <= 1


@pytest.mark.parametrize(
    "matrix",
    [
        np.zeros((3, 4)),
        np.ones((1, 1)),
        np.ones((5, 1)),
        np.eye(3) * 1j,
        np.array([[1.0, 0.0, 2.0, 1e-9]]),
        np.outer(np.arange(1, 4), np.ones(5)),
    ],
)
def test_odd_matrices_have_a_table_too(tmp_path, matrix):
    np.save(tmp_path / "a.npy", matrix)
    done = call(tmp_path / "a.npy", "--seconds", 2, "--orders", 3)
    assert done.exit_code == 0, done.output
    assert "nan" not in done.output.lower()
    assert value(done.output, "numerical rank")[0] == str(np.linalg.matrix_rank(matrix))


def test_pictures_are_drawn_where_they_are_asked_for(tmp_path):
    np.save(tmp_path / "a.npy", SPIKES_AND_SIGNS)
    done = call(tmp_path / "a.npy", "--pictures", tmp_path / "pictures")
    assert done.exit_code == 0, done.output
    assert {file.stem for file in (tmp_path / "pictures").glob("*.png")} == {"gram", "coherence", "isometry"}


def test_errors_are_one_sentence(tmp_path):
    np.savez(tmp_path / "two.npz", A=np.eye(2), B=np.eye(3))
    np.save(tmp_path / "nan.npy", np.array([[1.0, np.nan]]))
    (tmp_path / "letter.doc").write_text("Dear diary")
    for name, said in [("two.npz", "name one of: A, B"), ("nan.npy", "must be finite"), ("letter.doc", "is read from")]:
        done = call(tmp_path / name)
        assert done.exit_code == 1
        assert said in done.output
        assert "Traceback" not in done.output
    assert call(tmp_path / "two.npz", "--name", "B", "--seconds", 1).exit_code == 0
    assert call(tmp_path / "nowhere.npy").exit_code == 2


def test_the_findings_come_one_step_after_the_other():
    steps = [(done, steps) for done, steps, _ in inspected(SPIKES_AND_SIGNS, 5, 2)]
    assert steps == [(i + 1, 8) for i in range(8)]


def interrupted_between(*given, **named):
    raise KeyboardInterrupt


def interrupted_within(*given, **named):
    return Bounds(2, 5, stopped="interrupted from the keyboard")


@pytest.mark.parametrize("search", [interrupted_between, interrupted_within])
def test_ctrl_c_prints_what_was_found_until_then(tmp_path, monkeypatch, search):
    np.save(tmp_path / "a.npy", SPIKES_AND_SIGNS)
    monkeypatch.setattr("sparsecs.inspection.spark", search)
    done = call(tmp_path / "a.npy")
    assert done.exit_code == 0, done.output
    assert "Interrupted from the keyboard" in done.output
    assert value(done.output, "coherence μ")[0] == "0.500000"
    assert re.search(r"│ 1 │ CoherenceBound +│ OMP", done.output)
    assert "null space constant α, k = 1" not in done.output
    assert ("│ spark " in done.output) == (search is interrupted_within)


def test_ctrl_c_ends_a_search_that_is_at_work_and_its_bounds_hold():
    A = stream(0, "A").standard_normal((60, 160))
    restricted_isometry(A, 3, seconds=1)  # compiles: the compiler may swallow the signal
    timer = threading.Timer(1.0, signal.raise_signal, [signal.SIGINT])
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        found = restricted_isometry(A, 12, seconds=60)
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)
    assert "keyboard" in found.L.stopped + found.U.stopped
    assert not found.exact
    assert found.U.upper >= found.U.lower > restricted_isometry(A, 3, seconds=10).U.lower
