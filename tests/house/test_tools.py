"""The tools that read code have nothing to say."""

from __future__ import annotations

import pytest
from rooms import python


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)],
    ids=["ruff_check", "ruff_format", "mypy"],
)
def test_a_reader_of_code_has_no_complaint(command: tuple[str, ...]) -> None:
    run = python("-m", *command)
    assert run.returncode == 0, run.stdout + run.stderr
