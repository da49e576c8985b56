"""The command line, as a newcomer types it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from sparsecs.__main__ import FAMILIES, main
from sparsecs.core.family import members


def call(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize("family", FAMILIES)
def test_list_names_every_member_with_a_line_on_it(family):
    done = call("list", family)
    assert done.exit_code == 0
    lines = done.output.splitlines()
    names = [line.split()[0] for line in lines]
    assert names == list(members(*FAMILIES[family]))
    assert all(len(line.split()) > 2 for line in lines)


def test_list_of_something_unknown_says_what_there_is():
    done = call("list", "planets")
    assert done.exit_code == 2
    assert "solvers" in done.output


@pytest.mark.parametrize("words", [(), ("demo",), ("list",), ("run",)])
def test_help_explains_every_command(words):
    done = call(*words, "--help")
    assert done.exit_code == 0
    assert "Usage" in done.output


def test_python_dash_m_is_the_same_command():
    done = subprocess.run(
        [sys.executable, "-m", "sparsecs", "list", "curves"], capture_output=True, text=True, check=True
    )
    assert done.stdout == call("list", "curves").output


def test_the_demo_runs_draws_and_resumes(tmp_path):
    words = ("demo", "--trials", 2, "--samples", 8, "--workers", 1, "--out", tmp_path)
    done = call(*words)
    assert done.exit_code == 0, done.output
    last = done.output.strip().splitlines()[-1]
    assert "success_curves.png" in last
    assert "success_curves.svg" in last
    for said in (
        "numerical rank",
        "dead columns",
        "collinear",
        "coherence",
        "worst case",
        "OMP",
        "NormalizedIHT",
        "BasisPursuit",
    ):
        assert said in done.output
    assert (tmp_path / "success_curves.png").stat().st_size > 10_000
    assert (tmp_path / "success_curves.svg").read_text().lstrip().startswith("<?xml")
    store = (tmp_path / "trials.jsonl").read_bytes()
    assert call(*words).exit_code == 0
    assert (tmp_path / "trials.jsonl").read_bytes() == store


@pytest.mark.parametrize("samples", [5, 80])
def test_the_demo_takes_few_samples_and_more_rows_than_columns(tmp_path, samples):
    done = call("demo", "--trials", 1, "--samples", samples, "--workers", 1, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert "Control" in done.output or "every signal is found" in done.output


def test_an_error_inside_an_experiment_is_told_with_its_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "typo_experiment.py").write_text("SWEEP = Sweeep()\n")
    done = call("run", "typo_experiment.py")
    assert done.exit_code == 1
    assert "NameError: name 'Sweeep' is not defined, in " in done.output
    assert "typo_experiment.py, line 1" in done.output


def test_an_experiment_named_like_a_library_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "numpy.py").write_text(EXPERIMENT)
    done = call("run", "numpy.py")
    assert done.exit_code == 1
    assert "is named like a module that is there already" in done.output


def test_a_phase_grid_is_drawn_as_a_phase_diagram(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    grid = "phase_grid(30, [0.2, 0.5], [0.1, 0.5])"
    text = f"from sparsecs import *\nSWEEP = Sweep(Recovery(Gaussian(), Signs(), OMP()), {grid}, repeats=2)\n"
    (tmp_path / "plane_experiment.py").write_text(text)
    done = call("run", "plane_experiment.py", "--workers", 1)
    assert done.exit_code == 0, done.output
    assert "ρ = k/m" in (tmp_path / "pictures" / "plane_experiment.svg").read_text()


EXPERIMENT = """
from sparsecs import *
SWEEP = Sweep(Recovery(Gaussian(), Signs(), OMP()), grid(n=20, m=10, k=[1, 2, 6, 9]), repeats=4)
"""


def test_run_computes_an_experiment_and_keeps_its_outcomes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny_experiment.py").write_text(EXPERIMENT)
    done = call("run", "tiny_experiment.py", "--workers", 1)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "pictures" / "tiny_experiment.png").exists()
    lines = [json.loads(line) for line in (tmp_path / "data" / "tiny_experiment.jsonl").read_text().splitlines()]
    assert sum(len(line.get("outcomes", "")) for line in lines) == 16


def test_run_keeps_the_table_of_an_experiment_beside_its_store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = 'def table(diagrams):\n    return [{"label": "a, b", "k50": 2.5}, {"label": "c", "k50": 3}]\n'
    (tmp_path / "tabled_experiment.py").write_text(EXPERIMENT + rows)
    done = call("run", "tabled_experiment.py", "--workers", 1, "--store", "kept/here.jsonl")
    assert done.exit_code == 0, done.output
    assert "Table: kept/here.csv" in done.output
    made_by, *lines = (tmp_path / "kept" / "here.csv").read_text().splitlines()
    assert made_by.startswith("# Made by: sparsecs run tabled_experiment.py")
    assert lines == ["label,k50", '"a, b",2.5', "c,3"]


def test_an_experiment_without_a_sweep_is_told_what_it_must_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "no_sweep_here.py").write_text("ANSWER = 42\n")
    done = call("run", "no_sweep_here.py")
    assert done.exit_code == 1
    assert "has no SWEEP to run" in done.output
    assert not (tmp_path / "data").exists()


def test_an_experiment_that_is_missing_is_named():
    done = call("run", "nowhere.py")
    assert done.exit_code == 2
    assert "nowhere.py" in done.output


def test_a_foreign_file_is_never_taken_for_a_store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny_experiment_two.py").write_text(EXPERIMENT)
    foreign = tmp_path / "letters.txt"
    foreign.write_text("Dear diary,\n")
    done = call("run", "tiny_experiment_two.py", "--store", foreign)
    assert done.exit_code == 1
    assert "is not a store" in done.output
    assert foreign.read_text() == "Dear diary,\n"
