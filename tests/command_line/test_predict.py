"""``sparsecs predict``: a matrix in a file or a network in a word, as a newcomer types it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from click.testing import CliRunner

from sparsecs import Digits, Linear, Network, Relu, Tanh, predict
from sparsecs.__main__ import main
from sparsecs.core.randomness import stream
from sparsecs.prediction_report import architecture


def call(*words):
    return CliRunner().invoke(main, ["predict", *map(str, words)], env={"COLUMNS": "200"})


def k50(output):
    return float(re.search(r"│ +50% │ +([\d.]+) │", output)[1])


def test_a_matrix_is_predicted_verified_and_drawn(tmp_path):
    A = stream(0, "A").standard_normal((30, 60))
    np.save(tmp_path / "A.npy", A)
    done = call(tmp_path / "A.npy", "--verify", "--picture", tmp_path / "picture")
    assert done.exit_code == 0, done.output
    assert "Dense 30 × 60: 30 × 60, rank 30, 60 distinct directions." in done.output
    assert k50(done.output) == pytest.approx(predict(A).k50, abs=0.06)
    for words in ("leverage law", "Donoho–Tanner, m/n", "Trusted", "Trials that the prediction has not seen", "Brier"):
        assert words in done.output
    assert (tmp_path / "picture.png").stat().st_size > 10_000
    assert (tmp_path / "picture.svg").exists()


def test_a_network_on_the_digits_loses_its_dead_pixels():
    done = call("--network", "64-4-2", "--samples", 20, "--probes", 5)
    assert done.exit_code == 0, done.output
    assert "Pixels 0, 32, 39 are the same in all digits and are dropped." in done.output
    assert "Jacobian of a 61-4-2 network with tanh on 20 samples of Digits()" in done.output
    network = Network((61,), (Linear(4), Tanh(), Linear(2)))
    assert k50(done.output) == pytest.approx(predict(network, samples=20, inputs=Digits(), probes=5).k50, abs=0.06)


@pytest.mark.parametrize(
    "options",
    [
        ("--solver", "omp"),
        ("--support", "neurons"),
        ("--support", "layers", "--activation", "relu"),
        ("--raw", "--all"),
        ("--probes", 0),
        ("--seconds", 0),
    ],
)
def test_options_are_heard(options):
    done = call("--network", "6-5-1", "--data", "gaussian", "--samples", 20, "--probes", 6, *options)
    assert done.exit_code == 0, done.output
    if "omp" in options:
        assert "Predicted for OMP" in done.output
    if "neurons" in options:
        assert "NeuronSupport" in done.output
    if 0 in options:
        assert "and 0 solves" in done.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Give a matrix file or --network"),
        (("--network", "64"), "such as 64-32-10"),
        (("--network", "64-x-2"), "such as 64-32-10"),
        (("--network", "64-0-2"), "at least 1"),
        (("--network", "20-4-2"), "Use 64-"),
        (("--network", "5-4-2", "--data", "gaussian", "--solver", "OPM"), "Did you mean OMP"),
        (("nowhere.npy",), "does not exist"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(words, told):
    done = call(*words)
    assert done.exit_code != 0
    assert told in done.output
    assert "Traceback" not in done.output


def test_both_a_matrix_and_a_network_are_one_too_many(tmp_path):
    np.save(tmp_path / "A.npy", np.eye(3))
    assert "not both" in call(tmp_path / "A.npy", "--network", "5-4-2").output


def test_an_architecture_has_activations_between_its_layers():
    assert architecture("61-3-2", "relu", Digits()) == Network((61,), (Linear(3), Relu(), Linear(2)))
