"""Bad input is refused in one voice: what was asked, what was got, what to do."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sparsecs.core import checks

NAN, INF = math.nan, math.inf


class TestWholeNumber:
    @pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), np.array(3)])
    def test_whole_numbers_come_back_as_ints(self, value: Any) -> None:
        number = checks.whole_number(value, "k", 1, 5)
        assert number == 3
        assert type(number) is int

    @pytest.mark.parametrize("value", [3.0, "3", None, [3], np.float64(3), np.array([3.0])])
    def test_other_kinds_are_refused_and_quoted(self, value: Any) -> None:
        with pytest.raises(TypeError, match=r"^k must be a whole number; got .*3?.*\.$") as caught:
            checks.whole_number(value, "k")
        assert repr(value) in str(caught.value)

    @pytest.mark.parametrize("value", [True, False, np.True_])
    def test_truth_values_are_not_numbers(self, value: Any) -> None:
        with pytest.raises(
            TypeError, match=rf"^k must be a whole number; got (the truth value |np\.){bool(value)}_?\.$"
        ):
            checks.whole_number(value, "k", 0)

    def test_bounds_are_named(self) -> None:
        with pytest.raises(ValueError, match=r"^k must be at least 1; got 0\.$"):
            checks.whole_number(0, "k", 1)
        with pytest.raises(ValueError, match=r"^k must be between 1 and 5; got 6\. There are 5 rows\.$"):
            checks.whole_number(6, "k", 1, 5, "There are 5 rows.")

    def test_bounds_belong_to_the_range(self) -> None:
        assert [checks.whole_number(value, "k", 1, 2) for value in (1, 2)] == [1, 2]


class TestPositive:
    def test_numbers_come_back_as_floats(self) -> None:
        assert checks.positive(np.float32(0.5), "threshold") == 0.5
        assert type(checks.positive(2, "threshold")) is float
        assert checks.positive(0, "noise", zero=True) == 0.0

    @pytest.mark.parametrize("value", [-1, NAN, INF, -INF, -1e-300])
    def test_negative_and_endless_numbers_are_refused(self, value: float) -> None:
        with pytest.raises(ValueError, match=rf"^noise must be at least zero and finite; got {value}\.$"):
            checks.positive(value, "noise", zero=True)

    def test_zero_is_refused_unless_it_is_asked_for(self) -> None:
        with pytest.raises(ValueError, match=r"^tolerance must be above zero and finite; got 0\.$"):
            checks.positive(0, "tolerance")

    @pytest.mark.parametrize("value", [None, "much", [1, 2], np.ones(2), 1j])
    def test_other_kinds_are_refused(self, value: Any) -> None:
        with pytest.raises(TypeError, match=r"^tolerance must be a number; got "):
            checks.positive(value, "tolerance")


class TestOneOf:
    def test_a_choice_comes_back(self) -> None:
        assert checks.one_of("b", "link", ("a", "b")) == "b"

    @pytest.mark.parametrize("value", ["B", None, 3])
    def test_others_are_refused_with_all_choices(self, value: Any) -> None:
        with pytest.raises(ValueError, match=rf"^link must be one of 'a', 'b'; got {value!r}\.$"):
            checks.one_of(value, "link", ("a", "b"))


class TestNumeric:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
    def test_floating_point_arrays_are_not_copied(self, dtype: type) -> None:
        array = np.ones(3, dtype=dtype)
        assert checks.numeric(array, "A") is array

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            (np.bool_, np.float64),
            (np.int8, np.float64),
            (np.uint64, np.float64),
            (np.float16, np.float32),
            (np.longdouble, np.float64),
            (np.clongdouble, np.complex128),
        ],
    )
    def test_other_numbers_are_converted(self, given: type, kept: type) -> None:
        array = checks.numeric(np.array([0, 1], dtype=given), "A")
        assert array.dtype == kept
        assert array.tolist() == [0, 1]

    def test_lists_become_arrays(self) -> None:
        assert checks.numeric([[1, 2], [3, 4]], "A").tolist() == [[1.0, 2.0], [3.0, 4.0]]

    @pytest.mark.parametrize(
        "value", [["a", "b"], [None, 1], np.array([object()]), np.array(["2020"], "datetime64[Y]")]
    )
    def test_what_is_not_numbers_is_refused_with_its_dtype(self, value: Any) -> None:
        dtype = str(np.asarray(value).dtype).replace("[", r"\[").replace("<", r"\<")
        with pytest.raises(TypeError, match=rf"^A must hold numbers; got an array of dtype {dtype}\.$"):
            checks.numeric(value, "A")

    def test_ragged_lists_are_refused(self) -> None:
        with pytest.raises(TypeError, match=r"^A must be an array of numbers; its rows have different lengths\.$"):
            checks.numeric([[1, 2], [3]], "A")


class TestFinite:
    def test_a_sound_array_comes_back_itself(self) -> None:
        array = np.array([1.0, -1e308, 5e-324])
        assert checks.finite(array, "y") is array

    def test_the_first_bad_entry_is_named_and_all_are_counted(self) -> None:
        with pytest.raises(
            ValueError, match=r"^y must be finite; entry 1 is nan \(2 of 4 are not finite\)\. Remove or"
        ):
            checks.finite(np.array([1.0, NAN, 2.0, INF]), "y")
        with pytest.raises(ValueError, match=r"entry \(1, 0\) is -inf \(1 of 4"):
            checks.finite(np.array([[1.0, 2.0], [-INF, 2.0]]), "A")

    def test_a_complex_entry_is_finite_in_both_parts(self) -> None:
        with pytest.raises(ValueError, match="entry 0 is"):
            checks.finite(np.array([complex(0, NAN)]), "y")


class TestVector:
    def test_a_list_becomes_a_vector(self) -> None:
        assert checks.vector([1, 2], "y", 2).tolist() == [1.0, 2.0]

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (np.ones(3), r"^y has shape \(3,\) but the operator measures 4 values\.$"),
            (np.ones((4, 1)), r"^y has shape \(4, 1\) but the operator measures 4 values\. Use \.ravel\(\)"),
            (np.ones((2, 2)), r"^y has shape \(2, 2\) but the operator measures 4 values\.$"),
            (5.0, r"^y has shape \(\) but the operator measures 4 values\.$"),
        ],
    )
    def test_another_shape_is_refused_with_the_reason(self, value: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            checks.vector(value, "y", 4, "the operator measures 4 values")

    def test_without_a_reason_the_length_is_named(self) -> None:
        with pytest.raises(ValueError, match=r"^y has shape \(3,\) but a vector of 4 entries was asked for\.$"):
            checks.vector(np.ones(3), "y", 4)


class TestIndices:
    def test_positions_and_masks_are_understood(self) -> None:
        assert checks.indices([2, 0], "support", 3).tolist() == [2, 0]
        assert checks.indices(np.array([True, False, True]), "support", 3).tolist() == [0, 2]
        assert checks.indices([], "support", 3).tolist() == []
        assert checks.indices(1, "support", 3).dtype == np.intp

    @pytest.mark.parametrize("value", [[3], [-1], [0, 7]])
    def test_positions_outside_are_refused(self, value: list[int]) -> None:
        message = rf"^support must lie between 0 and 2; got {min(value)} to {max(value)}\.$"
        with pytest.raises(ValueError, match=message):
            checks.indices(value, "support", 3)

    @pytest.mark.parametrize("value", [[0.0], [[0], [1]], [True, False], ["a"], None])
    def test_what_is_no_position_is_refused(self, value: Any) -> None:
        with pytest.raises(TypeError, match=r"^support must be whole numbers or a mask of 3 truth values; got "):
            checks.indices(value, "support", 3)


@pytest.mark.parametrize("value", [np.zeros((50, 50)), "x" * 1000, list(range(1000)), "two\nlines"])
def test_quotes_are_short_and_on_one_line(value: Any) -> None:
    quoted = checks.quote(value)
    assert len(quoted) <= 60
    assert "\n" not in quoted
    assert quoted[:3] == repr(value)[:3]
