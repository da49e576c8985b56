"""A missing library is named together with the line that installs it."""

from __future__ import annotations

import json
import sys

import pytest
from rooms import ROOT

from sparsecs import Digits, stream
from sparsecs.core.extras import optional
from sparsecs.networks.inputs import digits


def test_a_library_that_is_there_comes_back_itself() -> None:
    assert optional("json", "learn", "This test") is json


def test_a_missing_library_is_named_with_its_install_line() -> None:
    message = (
        r"^This test: no_such_library is needed and not installed\. "
        r"Install it with: pip install 'sparsecs\[learn\]' \(in a clone: "
    )
    with pytest.raises(ImportError, match=message) as caught:
        optional("no_such_library.inner", "learn", "This test")
    assert isinstance(caught.value.__cause__, ImportError)


def test_the_digits_say_what_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    digits._standardized.cache_clear()
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match=r"^The digits: sklearn is needed.* pip install 'sparsecs\[learn\]'"):
        Digits().draw(4, (61,), stream(0, "inputs"))
    monkeypatch.undo()
    assert Digits().draw(4, (61,), stream(0, "inputs")).shape == (4, 61)


def test_every_extra_that_an_error_names_is_declared() -> None:
    import re
    import tomllib

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    named = {
        extra
        for file in (ROOT / "sparsecs").rglob("*.py")
        for extra in re.findall(r'\boptional\("[\w.]+", "(\w+)"', file.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= set(declared)
