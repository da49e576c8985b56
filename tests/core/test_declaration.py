"""A declaration's fingerprint names what it does, everywhere and always, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rooms import DECLARATIONS, python

from sparsecs import (
    L1,
    OMP,
    BasisPursuit,
    Gaussian,
    GroupL2,
    Linear,
    Network,
    ProximalGradient,
    RandomNetwork,
    Recovery,
    Signs,
    Tanh,
    rebuild,
)
from sparsecs.core.declaration import Declaration

NETWORK = Network((3,), (Linear(2), Tanh(), Linear(1, bias=False)))
NESTED = Recovery(RandomNetwork(NETWORK, seed=3), Signs(), ProximalGradient(GroupL2(), weight=0.5), noise=0.1)
PRINT_ALL = """
from rooms import DECLARATIONS
from sparsecs import *
print({cls.__name__: cls().fingerprint() for cls in DECLARATIONS}, Recovery(Gaussian(), Signs(), OMP()).fingerprint())
"""


@dataclass(frozen=True)
class Box(Declaration):
    """Holds anything."""

    content: Any = 0


def in_module(cls: type, module: str) -> type:
    """A twin of a class that says it was defined elsewhere."""
    return dataclass(frozen=True)(type(cls.__name__, (cls,), {"__module__": module, "__annotations__": {}}))


def with_revision(cls: type, number: int) -> type:
    return dataclass(frozen=True)(type(cls.__name__, (cls,), {"revision": number, "__annotations__": {}}))


def test_fingerprints_are_the_same_in_every_process() -> None:
    runs = [python("-c", PRINT_ALL, PYTHONHASHSEED=seed, PYTHONPATH="tests") for seed in ("0", "4294967295")]
    assert all(run.returncode == 0 for run in runs), runs[0].stderr
    here = {cls.__name__: cls().fingerprint() for cls in DECLARATIONS}
    expected = f"{here} {Recovery(Gaussian(), Signs(), OMP()).fingerprint()}\n"
    assert [run.stdout for run in runs] == [expected] * 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (OMP(), OMP(tolerance=1e-9)),
        (OMP(), OMP(max_iterations=999)),
        (Recovery(Gaussian(), Signs(), OMP()), Recovery(Gaussian(), Signs(), BasisPursuit())),
        (Recovery(Gaussian(), Signs(), OMP()), Recovery(Gaussian(), Signs(), OMP(max_iterations=7))),
        (Recovery(Gaussian(), Signs(), OMP()), Recovery(Gaussian(), Signs(), OMP(), noise=1e-300)),
        (ProximalGradient(L1()), ProximalGradient(GroupL2())),
        (GroupL2(root_size=True), GroupL2(root_size=False)),
        (NETWORK, Network((4,), NETWORK.layers)),
        (NETWORK, Network((3,), NETWORK.layers[::-1])),
        (RandomNetwork(seed=0), RandomNetwork(seed=None)),
        (Box("1"), Box(1)),
        (Box((1, (2, 3))), Box((1, 2, 3))),
        (Box(None), Box("None")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_another_field_gives_another_fingerprint(one: Declaration, other: Declaration) -> None:
    assert one.fingerprint() != other.fingerprint()


def test_another_revision_gives_another_fingerprint_also_deep_inside() -> None:
    newer = with_revision(Box, 2)
    assert newer(5).fingerprint() != Box(5).fingerprint()
    assert Box((newer(5),)).fingerprint() != Box((Box(5),)).fingerprint()
    assert with_revision(Box, 1)(5).fingerprint() == Box(5).fingerprint()


def test_moving_a_class_to_another_file_keeps_its_fingerprint() -> None:
    moved = in_module(Box, "somewhere.else_entirely")
    assert moved(5).describe() != Box(5).describe()
    assert moved(5).fingerprint() == Box(5).fingerprint()
    assert Box((moved(5),)).fingerprint() == Box((Box(5),)).fingerprint()


def test_renaming_a_class_changes_its_fingerprint() -> None:
    renamed = dataclass(frozen=True)(type("Crate", (Box,), {"__annotations__": {}}))
    assert renamed(5).fingerprint() != Box(5).fingerprint()


def test_numbers_of_numpy_count_as_numbers() -> None:
    assert OMP(tolerance=np.float64(1e-6)).fingerprint() == OMP(tolerance=1e-6).fingerprint()
    assert Box(np.int64(3)).fingerprint() == Box(3).fingerprint()
    assert Box(np.array(3.5)).describe()["content"] == 3.5


@pytest.mark.parametrize(
    ("one", "same"),
    [(OMP(tolerance=1), OMP(tolerance=1.0)), (GroupL2(root_size=1), GroupL2(root_size=True)), (Box(0.0), Box(-0.0))],
    ids=["whole_and_real", "number_and_truth_value", "signed_zeros"],
)
def test_equal_declarations_have_equal_fingerprints(one: Declaration, same: Declaration) -> None:
    assert one == same
    assert one.fingerprint() == same.fingerprint()


@pytest.mark.parametrize("content", [np.zeros(2), {"a": 1}, {1, 2}, b"x", object, 1j, len, Box], ids=repr)
def test_what_cannot_be_written_down_is_refused_by_name(content: Any) -> None:
    with pytest.raises(TypeError, match=r"^Box\.content is .*; a declaration holds numbers, strings, None"):
        Box(content).fingerprint()


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5))
contents = st.recursive(
    scalars, lambda inner: st.one_of(st.builds(Box, inner), st.lists(inner, max_size=3).map(tuple)), max_leaves=6
)


@given(contents)
def test_what_is_written_down_can_be_rebuilt(content: Any) -> None:
    written = json.dumps(Box(content).describe())
    again = rebuild(json.loads(written))
    assert again == Box(content)
    assert again.fingerprint() == Box(content).fingerprint()


def test_a_trial_of_nested_declarations_is_rebuilt() -> None:
    again = rebuild(json.loads(json.dumps(NESTED.describe())))
    assert again == NESTED
    assert hash(again) == hash(NESTED)
    assert repr(again) == repr(NESTED)


@pytest.mark.parametrize(
    "name",
    ["collections.OrderedDict", "sparsecs.solvers.omp.append_column", "sparsecs.solvers.omp.Nobody", "math.pi"],
)
def test_what_is_not_a_declaration_is_not_rebuilt(name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name} is not a declaration of this package, so it cannot be rebuilt"):
        rebuild({"class": name, "revision": 1})


@pytest.mark.parametrize("name", ["sparsecs.solvers.gone.OMP", "no_such_package.OMP", "OMP"])
def test_a_class_whose_file_is_gone_is_refused_with_its_name(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is not a declaration of this package"):
        rebuild({"class": name, "revision": 1})


def test_another_revision_is_not_rebuilt() -> None:
    old = {**OMP().describe(), "revision": 0}
    with pytest.raises(ValueError, match=r"^OMP was written down at revision 0 and is at 1 now\. .* make it anew"):
        rebuild(old)
    with pytest.raises(ValueError, match="OMP was written down at revision 0"):
        rebuild(Recovery(Gaussian(), Signs(), OMP()).describe() | {"solver": old})


def test_rebuilding_checks_the_fields_again() -> None:
    with pytest.raises(ValueError, match="tolerance must be above zero"):
        rebuild({**OMP().describe(), "tolerance": -1.0})


def test_revision_is_a_fact_of_the_class_and_not_a_field() -> None:
    annotation = Declaration.__annotations__["revision"]
    assert annotation == "ClassVar[int]" or annotation == ClassVar[int]
    with pytest.raises(TypeError):
        replace(OMP(), revision=2)
