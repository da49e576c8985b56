"""The check of operators passes all of this package, and names the law that a broken one breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import LinearOperator

from sparsecs import Dense, Operator, stream
from sparsecs.testing import check_operator, equiangular_frames, jacobians, matrices

REAL = stream(0, "A").standard_normal((6, 9))
COMPLEX = REAL + 1j * stream(1, "A").standard_normal((6, 9))
LARGE = stream(0, "large").standard_normal((20, 300))


@dataclass(frozen=True, eq=False, repr=False)
class Sound(Operator):
    """A matrix, known by its two products."""

    A: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        return self.A.shape

    @property
    def dtype(self) -> np.dtype:
        return self.A.dtype

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return self.A @ x

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        return self.A.conj().T @ y


def broken(**methods: Any) -> type[Sound]:
    """The sound operator with other methods."""
    return type("Broken", (Sound,), methods)


def one_wrong_entry(self: Sound, y: np.ndarray) -> np.ndarray:
    out = self.A.conj().T @ y
    out[3] += 1e-9 * self.A[2, 3] * y[2]
    return out


def keeps(self: Sound, x: np.ndarray, kept: dict = {}) -> np.ndarray:  # noqa: B006 - that is what is wrong with it
    return kept.setdefault(x.tobytes(), self.A @ x)


def writes(self: Sound, x: np.ndarray) -> np.ndarray:
    out = self.A @ x
    x[0] = 0
    return out


def counts(self: Sound, y: np.ndarray, calls: list = []) -> np.ndarray:  # noqa: B006 - that is what is wrong with it
    calls.append(1)
    return self.A.conj().T @ y * (1 + 1e-12 * len(calls))


def chosen(support: Any) -> np.ndarray:
    array = np.asarray(support)
    return np.flatnonzero(array) if array.dtype == bool else array.astype(int)


BROKEN: dict[str, tuple[type[Sound], np.ndarray, str]] = {
    "a transpose without conjugate": (broken(rmatvec=lambda self, y: self.A.T @ y), COMPLEX, r"adjoint.*conjugate"),
    "a sign": (broken(rmatvec=lambda self, y: -self.A.T @ y), REAL, "rmatvec is the adjoint of matvec"),
    "one entry of 54, by 1e-9": (broken(rmatvec=one_wrong_entry), REAL, "adjoint"),
    "an offset": (broken(matvec=lambda self, x: self.A @ x + 1), REAL, "are linear"),
    "a clipped product": (broken(matvec=lambda self, x: np.clip(self.A @ x, -2, 2)), REAL, "are linear"),
    "single precision": (
        broken(matvec=lambda self, x: (self.A.astype("f") @ x.astype("f")).astype(float)), REAL, "are linear|adjoint",
    ),
    "a kind of its own": (broken(matvec=lambda self, x: (self.A @ x).astype("f")), REAL, "float32.*float64 was expected"),
    "a column instead of a vector": (broken(matvec=lambda self, x: (self.A @ x)[:, None]), REAL, r"\(6, 1\)"),
    "NaN": (broken(matvec=lambda self, x: self.A @ x / (x[0] > 9)), REAL, "not finite|divide"),
    "an answer that is kept": (broken(matvec=keeps), REAL, "overwritten"),
    "an input that is written to": (broken(matvec=writes), REAL, "read-only"),
    "answers that drift": (broken(rmatvec=counts), REAL, "asked again"),
    "real parts": (broken(rmatvec=lambda self, y: self.A.T @ y.real), REAL, "complex vector"),
    "matmat": (broken(matmat=lambda self, X: self.A @ X[:, ::-1]), REAL, r"matmat\(X\) is off"),
    "rmatmat": (broken(rmatmat=lambda self, Y: self.A.T @ Y * 1.001), REAL, r"rmatmat\(X\) is off"),
    "no columns": (broken(matmat=lambda self, X: self.A @ X if X.shape[1] else None), REAL, "without columns|NoneType"),
    "columns in order": (broken(columns=lambda self, S: self.A[:, np.unique(chosen(S))]), REAL, r"columns\(S\)"),
    "columns that wrap round": (broken(columns=lambda self, S: self.A[:, chosen(S) % 9]), REAL, "was accepted"),
    "norms squared": (broken(column_norms=lambda self: np.sum(self.A**2, axis=0)), REAL, "norms of the columns"),
    "norms with a floor": (
        broken(column_norms=lambda self: np.maximum(np.linalg.norm(self.A, axis=0), 1e-12)),
        REAL * (np.arange(9) != 2),
        "column 2 has norm 0",
    ),
    "norms from a Gram matrix": (
        broken(column_norms=lambda self: np.linalg.norm(self.A, axis=0) + 1e-17),
        REAL * 10.0 ** -np.arange(0, 18, 2),
        "column 8 has norm",
    ),
    "complex norms": (broken(column_norms=lambda self: np.linalg.norm(self.A, axis=0) + 0j), COMPLEX, "complex128"),
    "a dense form that is not one": (broken(_dense=lambda self: self.A.T), REAL, r"dense\(\) is an array of shape \(9, 6\)"),
    "a dense form that is shared": (broken(_dense=lambda self: self.A), REAL.copy(), "overwritten"),
    "a Gram matrix of columns": (broken(gram=lambda self: self.A.T @ self.A), REAL, r"gram\(\)"),
    "a Gram matrix without conjugate": (broken(gram=lambda self: self.A @ self.A.T), COMPLEX, r"gram\(\) is off"),
    "sides that are floats": (broken(shape=property(lambda self: (6.0, 9.0))), REAL, "shape is"),
    "whole numbers": (Sound, REAL.astype(int), "dtype is"),
    "factors of any length": (broken(__matmul__=lambda self, x: self.A @ x[:9]), REAL, "was accepted"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_operator_is_found_and_the_law_is_named(name: str) -> None:
    kind, A, words = BROKEN[name]
    with pytest.raises(AssertionError, match=words) as found:
        check_operator(kind(A.copy()))
    assert str(found.value).startswith(("Broken breaks a law: ", "Sound breaks a law: "))
    assert " But " in str(found.value)


@pytest.mark.parametrize("scale", [1.0, 1e-200, 1e200])
def test_a_sound_operator_passes_in_any_units(scale: float) -> None:
    for A in (REAL, COMPLEX, REAL[:1], REAL[:, :1], 0 * REAL, REAL * 10.0 ** -np.arange(9)):
        check_operator(Sound(scale * A))
        check_operator(scale * A)


@given(st.one_of(matrices(decades=8), matrices(dtype=np.float32), matrices(dtype=np.complex64), equiangular_frames()))
def test_every_matrix_passes(A: np.ndarray) -> None:
    check_operator(A)
    check_operator(Sound(A))


@given(jacobians())
def test_every_jacobian_passes(J: Operator) -> None:
    check_operator(J)
    check_operator(J.H)


def test_of_many_columns_a_sample_is_looked_at() -> None:
    calls = []

    def matvec(x: np.ndarray) -> np.ndarray:
        calls.append(1)
        return LARGE @ x.ravel()

    check_operator(
        LinearOperator((20, 300), matvec=matvec, rmatvec=lambda y: LARGE.T @ y.ravel(), dtype=float), columns=10
    )
    assert len(calls) < 120
    wrong = broken(_dense=lambda self: self.A * np.nan, column_norms=lambda self: np.linalg.norm(self.A, axis=0) * 1.01)
    with pytest.raises(AssertionError, match="norms of the columns"):
        check_operator(wrong(LARGE), columns=10)
    check_operator(broken(_dense=lambda self: self.A * np.nan)(LARGE), columns=10)


def test_the_seed_decides_on_what_it_is_tried() -> None:
    def matvec(self: Sound, x: np.ndarray) -> np.ndarray:
        return self.A @ x * (1 + (x[0] > 3))  # few vectors show it

    found = []
    for seed in range(60):
        try:
            check_operator(broken(matvec=matvec)(REAL), seed=seed)
        except AssertionError:
            found.append(seed)
    assert 0 < len(found) < 60


def test_what_is_no_operator_is_refused_as_at_every_door() -> None:
    with pytest.raises(TypeError, match="A is a str"):
        check_operator("A")
    with pytest.raises(ValueError, match="finite"):
        check_operator(np.array([[np.nan]]))
    for parts in ({"columns": 0}, {"roundings": 0.0}):
        with pytest.raises(ValueError, match=next(iter(parts))):
            check_operator(Dense(REAL), **parts)
