"""A generator is found by its seed and its name, and by nothing else."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rooms import python

from sparsecs import stream

parts = st.one_of(st.text(max_size=4), st.integers(-10, 10), st.floats(-10, 10, allow_nan=False))
names = st.tuples(st.integers(-5, 5), st.lists(parts, max_size=3))


def head(seed: int, *name: str | int | float) -> tuple[int, ...]:
    return tuple(stream(seed, *name).integers(0, 2**62, 4).tolist())


def written(name: tuple[int, list]) -> str:
    return repr(name)


@given(names, names)
def test_equal_names_give_equal_numbers_and_different_names_different_ones(one: tuple, other: tuple) -> None:
    same = head(one[0], *one[1]) == head(other[0], *other[1])
    assert same == (written(one) == written(other))


def test_the_order_of_use_does_not_matter() -> None:
    first = [head(0, "a", number) for number in range(5)]
    stream(0, "somebody else").normal(size=1000)
    assert [head(0, "a", number) for number in reversed(range(5))] == first[::-1]


def test_each_call_starts_afresh() -> None:
    rng = stream(0, "x")
    taken = rng.normal(size=3)
    assert not np.array_equal(rng.normal(size=3), taken)
    assert np.array_equal(stream(0, "x").normal(size=3), taken)


def test_names_are_not_run_together() -> None:
    near = [("a", "b"), ("ab",), ("a", "", "b"), ("b", "a"), ("a,b",), ('a", "b',), (1, 2), (12,), ("1", "2"), ("1", 2)]
    assert len({head(0, *name) for name in near}) == len(near)


def test_the_seed_is_not_part_of_the_name() -> None:
    near = [(0,), (1,), (0, 0), (0, 1), (1, 0), (0, "0"), (-1,), (10**30,)]
    assert len({head(*name) for name in near}) == len(near)


def test_a_process_of_another_hash_seed_draws_the_same() -> None:
    run = python("-c", "from sparsecs import stream; print(stream(7, 'A', 3, 0.5).random())", PYTHONHASHSEED="123")
    assert float(run.stdout) == stream(7, "A", 3, 0.5).random()


def test_numbers_of_neighbouring_names_are_uncorrelated() -> None:
    draws = np.array([stream(0, "trial", number).standard_normal(2000) for number in range(20)])
    correlations = np.corrcoef(draws)[np.triu_indices(20, 1)]
    assert np.abs(correlations).max() < 4.5 / np.sqrt(2000)
    firsts = np.array([stream(0, "trial", number).random() for number in range(2000)])
    counts = np.histogram(firsts, 20, (0, 1))[0]
    assert ((counts - 100) ** 2 / 100).sum() < 45.3  # 99.93 % point of chi^2 with 19 degrees of freedom


def test_numbers_of_numpy_count_as_numbers() -> None:
    assert head(np.int64(3), "a") == head(3, "a")
    assert head(3, np.float64(0.5)) == head(3, 0.5)
    assert head(3, np.int64(7)) == head(3, 7)


@pytest.mark.parametrize("name", [float("nan"), float("inf"), -float("inf")])
def test_a_name_that_is_no_number_is_refused(name: float) -> None:
    with pytest.raises(ValueError, match=r"nan|inf|JSON compliant"):
        stream(0, "noise", name)


@pytest.mark.parametrize("seed", [0.0, 1.5, "0", None, True, np.bool_(True)])
def test_a_seed_that_is_not_whole_is_refused(seed: object) -> None:
    with pytest.raises(TypeError, match=r"^seed must be a whole number; got "):
        stream(seed, "noise")


def test_pairs_of_streams_never_share_their_first_numbers() -> None:
    firsts = [head(seed, purpose, n) for seed, purpose, n in itertools.product(range(10), ("A", "x"), range(50))]
    assert len(set(firsts)) == len(firsts)
