"""Strategies draw what they promise, shrink to what can be read, and refuse what has no meaning."""

from __future__ import annotations

import sys
from typing import Any

import naive
import numpy as np
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from rooms import python

import sparsecs
from sparsecs import Jacobian, coherence, welch_bound
from sparsecs.testing import (
    coherent_dictionaries,
    equiangular_frames,
    incoherent_dictionaries,
    jacobians,
    matrices,
    sparse_signals,
    supports,
)
from sparsecs.testing._frames import DIFFERENCES, FRAMES

FEW = settings(max_examples=300, database=None, derandomize=True)
FEWER = settings(FEW, max_examples=30)


def cosines(A: np.ndarray) -> np.ndarray:
    """Moduli of the inner products of unit columns, and zeros on the diagonal."""
    unit = A / np.linalg.norm(A, axis=0)
    return np.abs(unit.conj().T @ unit) * (1 - np.eye(A.shape[1]))


def is_drawn(strategy: Any, wanted: Any) -> Any:
    """An example with a property; an error if none is found."""
    return find(strategy, wanted, settings=settings(FEW, phases=[Phase.generate]))


class TestMatrices:
    @given(matrices(rows=(2, 4), columns=(3, 5)))
    def test_sizes_are_those_asked_for_and_numbers_are_finite(self, A: np.ndarray) -> None:
        assert 2 <= A.shape[0] <= 4
        assert 3 <= A.shape[1] <= 5
        assert np.isfinite(A).all()
        assert A.dtype in (np.float64, np.complex128)
        assert A.flags.c_contiguous
        assert A.flags.writeable

    @pytest.mark.parametrize("kind", ["integer", "gaussian", "signs", "low_rank"])
    def test_kinds_are_what_their_names_say(self, kind: str) -> None:
        @given(matrices(kind=kind, complex=False, zero_columns=False, repeated_columns=True))
        def check(A: np.ndarray) -> None:
            if kind == "integer":
                assert np.array_equal(A * 8, np.rint(A * 8))  # multiples by one half come too, up to three times
            if kind == "signs":
                assert set(np.abs(A).ravel()) <= {0.5, 1, 2, 4, 0.25, 8, 0.125}
            if kind == "low_rank" and min(A.shape) > 1:
                assert np.linalg.matrix_rank(A) < min(A.shape)

        check()

    @given(matrices(zero_columns=False, decades=10))
    def test_without_zero_columns_none_is_zero(self, A: np.ndarray) -> None:
        assert A.any(axis=0).all()

    @pytest.mark.parametrize("kind", ["any", "integer", "signs"])
    @pytest.mark.parametrize("zero_columns", [False, True])
    def test_without_repeated_columns_all_directions_differ(self, kind: str, zero_columns: bool) -> None:
        @given(matrices((1, 4), (2, 9), kind, repeated_columns=False, zero_columns=zero_columns))
        def check(A: np.ndarray) -> None:
            live = A[:, A.any(axis=0)]
            assert live.shape[1] == A.shape[1] or zero_columns
            if live.shape[1] > 1:
                assert cosines(live).max() < 1 - 1e-9

        check()

    def test_trouble_is_drawn(self) -> None:
        assert is_drawn(matrices(), lambda A: not A.any(axis=0).all()) is not None
        alike = is_drawn(matrices(kind="gaussian", rows=4, zero_columns=False), lambda A: cosines(A).max() > 1 - 1e-12)
        assert alike.shape[0] == 4
        assert is_drawn(matrices(), np.iscomplexobj) is not None
        assert is_drawn(matrices(), lambda A: not np.iscomplexobj(A)) is not None

    def test_decades_spread_the_columns(self) -> None:
        wide = is_drawn(
            matrices(rows=3, columns=6, kind="signs", zero_columns=False, repeated_columns=True, decades=10),
            lambda A: np.ptp(np.log10(naive.column_norms(A))) > 9,
        )
        assert wide.shape == (3, 6)

        @given(matrices(rows=3, columns=6, kind="signs", complex=False, zero_columns=False, decades=4))
        def check(A: np.ndarray) -> None:
            norms = naive.column_norms(A)
            assert norms.max() / norms.min() <= 1.0001e4 * 64  # a column may be a multiple of another one

        check()

    def test_the_simplest_example_is_the_smallest_matrix_of_zeros(self) -> None:
        assert find(matrices((1, 2), (2, 3)), lambda A: True, settings=FEWER).tolist() == [[0, 0]]
        found = find(matrices((1, 3), (1, 3), "integer", complex=False), np.any, settings=FEWER)
        assert np.count_nonzero(found) == 1
        assert np.abs(found).max() == 1

    @pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
    def test_the_kind_of_numbers_can_be_chosen(self, dtype: type) -> None:
        @settings(max_examples=10)
        @given(matrices(dtype=dtype, decades=3), sparse_signals(5, dtype=dtype))
        def check(A: np.ndarray, x: np.ndarray) -> None:
            assert A.dtype == x.dtype == dtype

        check()

    def test_what_has_no_meaning_is_refused(self) -> None:
        for parts, words in (
            ({"kind": "random"}, "kind must be one of"),
            ({"rows": (3, 2)}, "rows must be at least 3"),
            ({"rows": (1, 2, 3)}, "pair of the smallest"),
            ({"columns": 0}, "columns must be at least 1"),
            ({"rows": 1, "repeated_columns": False}, "one direction"),
            ({"decades": -1}, "decades must be at least 0"),
        ):
            with pytest.raises(ValueError, match=words):
                matrices(**parts)
        for parts in ({"rows": 2.5}, {"dtype": int}, {"dtype": np.float32, "complex": True}):
            with pytest.raises(TypeError):
                matrices(**parts)


class TestSupportsAndSignals:
    @given(st.data(), st.integers(1, 12))
    def test_supports_are_increasing_and_within_range(self, data: st.DataObject, n: int) -> None:
        support = data.draw(supports(n))
        assert 1 <= support.size <= n
        assert (np.diff(support) > 0).all()
        assert 0 <= support[0] <= support[-1] < n
        assert data.draw(supports(n, k=n)).tolist() == list(range(n))
        assert data.draw(supports(n, k=0)).size == 0

    def test_every_support_is_drawn(self) -> None:
        seen = set()

        @settings(max_examples=400)
        @given(supports(5, k=2))
        def check(support: np.ndarray) -> None:
            seen.add(tuple(support.tolist()))

        check()
        assert len(seen) == 10

    def test_they_shrink_to_the_first_places_and_to_ones(self) -> None:
        assert find(supports(9, k=3), lambda support: True, settings=FEWER).tolist() == [0, 1, 2]
        assert find(sparse_signals(5, k=2), lambda x: True, settings=FEWER).tolist() == [1, 1, 0, 0, 0]

    @pytest.mark.parametrize("amplitudes", ["any", "signs", "integer", "gaussian"])
    @pytest.mark.parametrize("complex", [False, True])
    def test_signals_have_as_many_nonzeros_as_asked_for(self, amplitudes: str, complex: bool) -> None:
        @given(sparse_signals(20, (2, 5), amplitudes, complex=complex, decades=6))
        def check(x: np.ndarray) -> None:
            assert x.shape == (20,)
            assert 2 <= np.count_nonzero(x) <= 5
            assert np.iscomplexobj(x) == complex

        check()

    @given(sparse_signals(20, k=4, amplitudes="signs"))
    def test_signs_are_signs(self, x: np.ndarray) -> None:
        assert sorted(np.abs(x))[-5:] == [0, 1, 1, 1, 1]

    def test_what_has_no_meaning_is_refused(self) -> None:
        for make in (lambda: supports(4, k=5), lambda: sparse_signals(4, k=(2, 5)), lambda: supports(0)):
            with pytest.raises(ValueError):
                make()
        with pytest.raises(ValueError, match="amplitudes must be one of"):
            sparse_signals(4, amplitudes="large")


class TestEquiangularFrames:
    @pytest.mark.parametrize("name", FRAMES)
    def test_every_frame_meets_the_bound_of_welch_and_is_tight(self, name: str) -> None:
        m, n, is_complex, make = FRAMES[name]
        A = make()
        assert A.shape == (m, n)
        assert np.iscomplexobj(A) == is_complex
        moduli = np.abs(A.conj().T @ A)[~np.eye(n, dtype=bool)]
        assert np.allclose(naive.column_norms(A), 1, rtol=0, atol=1e-12)
        assert np.abs(moduli - ((n - m) / (m * (n - 1))) ** 0.5).max() < 1e-12
        assert np.allclose(A @ A.conj().T, n / m * np.eye(m), rtol=0, atol=1e-12)

    @pytest.mark.parametrize("size", DIFFERENCES)
    def test_differences_come_equally_often(self, size: tuple[int, int, int]) -> None:
        v, k, repetitions = size
        residues = DIFFERENCES[size]
        differences = [(a - b) % v for a in residues for b in residues if a != b]
        assert len(residues) == k
        assert all(differences.count(d) == repetitions for d in range(1, v))

    @given(equiangular_frames((2, 64)))
    def test_whatever_is_drawn_meets_the_bound_and_has_unit_columns(self, A: np.ndarray) -> None:
        m, n = A.shape
        moduli = cosines(A)[~np.eye(n, dtype=bool)]
        assert np.abs(moduli - welch_bound(m, n)).max() < 1e-12
        assert np.allclose(naive.column_norms(A), 1, rtol=0, atol=1e-12)
        assert coherence(A) == pytest.approx(welch_bound(m, n), abs=1e-12)

    def test_frames_of_every_kind_are_drawn(self) -> None:
        for wanted in ((3, 6), (7, 28), (6, 16), (10, 16), (4, 13), (9, 13), (15, 30)):
            assert is_drawn(equiangular_frames(wanted[1]), lambda A, wanted=wanted: A.shape == wanted).shape == wanted

    def test_real_and_complex_ones_can_be_chosen_and_missing_sizes_are_named(self) -> None:
        for complex in (False, True):
            assert np.iscomplexobj(is_drawn(equiangular_frames(complex=complex), lambda A: True)) == complex
        with pytest.raises(ValueError, match="No equiangular frame with 17 to 17 columns is known here"):
            equiangular_frames(17, complex=True)
        assert find(equiangular_frames((2, 5)), lambda A: True, settings=FEWER).shape == (1, 2)


class TestDictionaries:
    @given(coherent_dictionaries())
    def test_coherent_ones_have_unit_columns_two_of_which_are_alike_and_none_the_same(self, A: np.ndarray) -> None:
        assert np.allclose(naive.column_norms(A), 1, rtol=0, atol=1e-12)
        assert 0.9 <= cosines(A).max() < 1

    @given(coherent_dictionaries(rows=(20, 40), columns=(2, 100)))
    def test_large_ones_too(self, A: np.ndarray) -> None:
        assert 0.9 <= cosines(A).max() < 1

    @given(incoherent_dictionaries())
    def test_incoherent_ones_have_unit_columns_no_two_of_which_are_alike(self, A: np.ndarray) -> None:
        assert np.allclose(naive.column_norms(A), 1, rtol=0, atol=1e-12)
        assert cosines(A).max() <= A.shape[0] ** -0.5 + 1e-12

    def test_flat_square_and_tall_ones_and_many_bases_are_drawn(self) -> None:
        for wanted in ((4, 8), (4, 3), (5, 5), (5, 30), (7, 21)):
            found = is_drawn(incoherent_dictionaries(wanted[0]), lambda A, wanted=wanted: A.shape == wanted)
            assert found.shape == wanted

    @pytest.mark.parametrize("draw", [coherent_dictionaries, incoherent_dictionaries])
    def test_real_and_complex_ones_can_be_chosen(self, draw: Any) -> None:
        assert is_drawn(draw(complex=True), np.iscomplexobj) is not None

        @settings(max_examples=10)
        @given(draw(complex=False))
        def check(A: np.ndarray) -> None:
            assert not np.iscomplexobj(A)

        check()
        with pytest.raises(ValueError, match="rows must be at least 2"):
            draw(rows=1)


class TestJacobians:
    @given(jacobians())
    def test_they_are_operators_of_networks(self, J: Jacobian) -> None:
        assert isinstance(J, Jacobian)
        assert 1 <= len(J.layer_slices) <= 3
        assert np.isfinite(J.dense()).all()

    @given(jacobians(samples=(2, 3), outputs=2, depth=3, dtype=np.float32))
    def test_sizes_and_precision_can_be_chosen(self, J: Jacobian) -> None:
        assert J.shape[0] in (4, 6)
        assert len(J.layer_slices) == 3
        assert J.dtype == np.float32

    def test_zero_columns_are_drawn(self) -> None:
        assert is_drawn(jacobians(), lambda J: (J.column_norms() == 0).any()) is not None


def test_the_room_comes_when_it_is_asked_for_and_brings_hypothesis_with_the_first_strategy() -> None:
    code = (
        "import sys, sparsecs\n"
        "print('sparsecs.testing' in sys.modules, 'testing' in dir(sparsecs), 'estimators' in dir(sparsecs))\n"
        "sparsecs.testing.check_operator([[1.0, 2.0]])\n"
        "print('hypothesis' in sys.modules)\n"
        "sparsecs.testing.matrices()\n"
        "print('hypothesis' in sys.modules)\n"
    )
    run = python("-c", code)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["False", "True", "True", "False", "True"]


def test_a_name_that_is_not_there_is_refused_and_rooms_are_not_on_the_face() -> None:
    with pytest.raises(AttributeError, match="no attribute 'tested'"):
        _ = sparsecs.tested
    assert not {"testing", "estimators"} & set(sparsecs.__all__)
    assert set(sparsecs.__all__) <= set(dir(sparsecs))


def test_without_hypothesis_strategies_say_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis.strategies", None)
    with pytest.raises(ImportError, match=r"Strategies: hypothesis is needed.*sparsecs\[testing\]"):
        matrices()
