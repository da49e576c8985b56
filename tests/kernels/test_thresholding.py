"""All thresholds and projections do what their slow twins do: four kinds of numbers, in and out of place, short and long."""

from __future__ import annotations

import threading
from collections.abc import Callable

import naive_prox
import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from sparsecs.core.randomness import stream
from sparsecs.kernels import block_thresholding, chunks, order
from sparsecs.kernels.block_thresholding import (
    block_hard_threshold,
    block_norms,
    block_soft_threshold,
    keep_largest_blocks,
)
from sparsecs.kernels.projections import project_l1_ball, project_simplex
from sparsecs.kernels.sorted_l1 import sorted_l1_prox
from sparsecs.kernels.thresholding import (
    bounded_soft_threshold,
    firm_threshold,
    hard_threshold,
    keep_largest,
    scad_threshold,
    soft_threshold,
)

KINDS = (np.float32, np.float64, np.complex64, np.complex128)
kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
BARS, N = np.array([0.5, 0.0, 1.25, 3.0]), 17
EACH = np.abs(stream(0, "each").standard_normal(N))
FALLING = np.sort(EACH)[::-1]
MIXED, RISING = np.arange(N) % 4, np.arange(N) // 5
Kernel = Callable[..., np.ndarray]


def scad_twin(x: np.ndarray, gamma: float, step: float) -> np.ndarray:
    return naive_prox.entry_by_entry(x, lambda r: naive_prox.scad_prox(r, 0.6, gamma, step))


CASES: dict[str, tuple[Kernel, Kernel]] = {
    "soft": (lambda x, out=None: soft_threshold(x, 0.75, out), lambda x: naive_prox.soft(x, 0.75)),
    "soft each": (lambda x, out=None: soft_threshold(x, EACH, out), lambda x: naive_prox.soft_each(x, EACH)),
    "hard": (lambda x, out=None: hard_threshold(x, 0.75, out), lambda x: naive_prox.hard(x, 0.75)),
    "firm": (lambda x, out=None: firm_threshold(x, 0.5, 1.5, out), lambda x: naive_prox.firm(x, 0.5, 1.5)),
    "firm that jumps": (lambda x, out=None: firm_threshold(x, 2.0, 0.5, out), lambda x: naive_prox.hard(x, 1.0)),
    "firm that is soft": (lambda x, out=None: firm_threshold(x, 0.75, np.inf, out), lambda x: naive_prox.soft(x, 0.75)),
    "scad": (lambda x, out=None: scad_threshold(x, 0.6, 3.0, 1.0, out), lambda x: scad_twin(x, 3.0, 1.0)),
    "scad that jumps": (lambda x, out=None: scad_threshold(x, 0.6, 2.5, 2.0, out), lambda x: scad_twin(x, 2.5, 2.0)),
    "scad that is hard": (lambda x, out=None: scad_threshold(x, 0.6, 1.5, 4.0, out), lambda x: scad_twin(x, 1.5, 4.0)),
    "keep 0": (lambda x, out=None: keep_largest(x, 0, out), lambda x: naive_prox.keep_blocks(x, 0, np.arange(N))),
    "keep 5": (
        lambda x, out=None: keep_largest(x, 5, out),
        lambda x: naive_prox.keep_blocks(x, 5, np.arange(N)),
    ),
    "keep 99": (lambda x, out=None: keep_largest(x, 99, out), lambda x: x.copy()),
    "l1 ball": (lambda x, out=None: project_l1_ball(x, 2.5, out), lambda x: naive_prox.l1_ball(x, 2.5)),
    "l1 ball around": (lambda x, out=None: project_l1_ball(x, 1e3, out), lambda x: x.copy()),
    "sorted l1": (lambda x, out=None: sorted_l1_prox(x, FALLING, out), lambda x: naive_prox.sorted_l1(x, FALLING)),
}
for name, labels in {"mixed": MIXED, "rising": RISING}.items():
    CASES[f"block soft {name}"] = (
        lambda x, out=None, g=labels: block_soft_threshold(x, BARS, g, out),
        lambda x, g=labels: naive_prox.block_soft(x, BARS, g),
    )
    CASES[f"block hard {name}"] = (
        lambda x, out=None, g=labels: block_hard_threshold(x, BARS, g, out),
        lambda x, g=labels: naive_prox.block_hard(x, BARS, g),
    )
    CASES[f"keep 2 blocks {name}"] = (
        lambda x, out=None, g=labels: keep_largest_blocks(x, 2, g, out),
        lambda x, g=labels: naive_prox.keep_blocks(x, 2, g),
    )
cases = pytest.mark.parametrize("name", CASES)


def numbers(kind: type, shape: int | tuple[int, ...] = N, name: str = "x") -> np.ndarray:
    rng = stream(0, "numbers", name)
    x = 1.5 * rng.standard_normal(shape)
    if np.issubdtype(kind, np.complexfloating):
        x = x + 1.5j * rng.standard_normal(shape)
    x[::6] = 0
    return x.astype(kind)


def close(found: np.ndarray, expected: np.ndarray, loose: float = 1) -> bool:
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    eps = loose * float(np.finfo(found.dtype).eps)
    return np.allclose(found, expected, rtol=32 * eps, atol=16 * eps)


@cases
@kinds
def test_it_does_what_its_twin_does_in_place_and_out_of_place(name: str, kind: type) -> None:
    fast, slow = CASES[name]
    for draw in ("x", "another", "third"):
        x = numbers(kind, name=draw)
        before, fresh = x.copy(), fast(x)
        assert close(fresh, slow(x), 10)
        assert np.array_equal(fresh == 0, slow(x) == 0)
        assert not np.signbit(fresh.real[fresh == 0]).any(), "-0"
        assert np.array_equal(x, before)
        other = np.full_like(x, np.nan)
        assert fast(x, other) is other
        assert np.array_equal(other, fresh)
        strided = np.full((N, 2), 7, dtype=kind)[:, 0]
        assert fast(x, strided) is strided
        assert np.array_equal(strided, fresh)
        assert np.array_equal(fast(np.repeat(x, 2)[::2]), fresh)
        assert fast(x, x) is x
        assert np.array_equal(x, fresh)


@cases
@kinds
@pytest.mark.parametrize("part", [np.nan, np.inf])
def test_nothing_sick_becomes_zero(name: str, kind: type, part: float) -> None:
    if name == "keep 0" or (part == np.inf and name in ("l1 ball", "l1 ball around", "sorted l1")):
        return
    for value in [part, complex(1, part), complex(part, 1)] if np.issubdtype(kind, np.complexfloating) else [part]:
        x = numbers(kind)
        x[4] = value
        with np.errstate(invalid="ignore"):
            for out in (CASES[name][0](x), CASES[name][0](x, x)):
                assert not np.isfinite(out[4])


@pytest.mark.parametrize(
    "name", [name for name in CASES if "block" not in name and name != "sorted l1" and "each" not in name]
)
@kinds
def test_an_empty_array_is_an_answer(name: str, kind: type) -> None:
    assert CASES[name][0](np.zeros(0, kind)).shape == (0,)


@kinds
def test_whatever_the_layout_entries_are_entries(kind: type) -> None:
    X = numbers(kind, (6, 5))
    for layout in (X, np.asfortranarray(X), X[::-1, ::2], X.T):
        for fast, slow in (CASES["soft"], CASES["hard"], CASES["firm"], CASES["l1 ball"]):
            if fast is not CASES["l1 ball"][0]:
                assert close(fast(layout), slow(layout))
            again = layout.copy(order="K")
            assert np.array_equal(fast(again, again), fast(layout))
    rows = np.arange(6) / 5
    assert close(soft_threshold(X, rows), np.array([naive_prox.soft(row, t) for row, t in zip(X, rows, strict=True)]))
    assert close(
        soft_threshold(X.T, np.abs(X.T).real), naive_prox.soft_each(X.T.ravel(), np.abs(X.T).ravel()).reshape(5, 6)
    )


@kinds
def test_of_a_matrix_whole_rows_are_kept_and_blocks_are_made_of_rows(kind: type) -> None:
    X, labels = numbers(kind, (6, 3)), np.array([0, 2, 0, 1, 1, 2])
    for g in (labels, np.sort(labels)):
        assert close(keep_largest(X, 2), naive_prox.keep_blocks(X, 2, np.arange(6)))
        assert close(keep_largest_blocks(X, 2, g), naive_prox.keep_blocks(X, 2, g))
        assert close(block_soft_threshold(X, BARS, g), naive_prox.block_soft(X, BARS, g), 10)
        assert close(block_hard_threshold(X, BARS, g), naive_prox.block_hard(X, BARS, g))
        assert np.allclose(block_norms(X, g, 4), [naive_prox.length(X[g == i]) for i in range(4)], rtol=1e-13)
    assert close(keep_largest(np.asfortranarray(X), 2), keep_largest(X, 2))


@kinds
def test_norms_and_moduli_are_right_over_the_whole_range(kind: type) -> None:
    info, x = (
        np.finfo(kind),
        np.abs(numbers(kind).real) + kind(0.25) * (1j if np.issubdtype(kind, np.complexfloating) else 1),
    )
    eps = float(info.eps)
    for power in (info.minexp + 30, info.minexp // 2, info.maxexp // 2, info.maxexp - 6):
        size = kind(2.0**power)
        for g in (MIXED, RISING):
            expected = np.array([naive_prox.length(x[g == i]) for i in range(4)])
            assert np.allclose(
                block_norms(x.astype(kind) * size, g, 4) / 2.0**power, expected, rtol=1e-6 if eps > 1e-8 else 1e-13
            )
        for fast in (lambda x, s: soft_threshold(x, 0.75 * s), lambda x, s: block_soft_threshold(x, BARS * s, RISING)):
            assert np.allclose(
                fast(x.astype(kind) * size, 2.0**power) / size, fast(x.astype(kind), 1.0), rtol=64 * eps, atol=0
            )


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_the_bounds_of_a_bounded_threshold_hold(kind: type) -> None:
    x = numbers(kind)
    expected = np.clip(naive_prox.soft(x, 0.4), -0.5, 1.25)
    assert close(bounded_soft_threshold(x, 0.4, -0.5, 1.25), expected)
    assert np.array_equal(bounded_soft_threshold(x, 0.4, 0.0, np.inf), np.maximum(soft_threshold(x, 0.4), 0))
    with pytest.raises(TypeError, match="no order"):
        bounded_soft_threshold(x + 0j, 0.4, 0.0, 1.0)


@pytest.mark.parametrize("kind", [np.float64, np.complex64])
@pytest.mark.parametrize("k", [1, 40, 3000, 9000, 19_999])
def test_the_kth_largest_of_many_is_found_through_a_sample(kind: type, k: int) -> None:
    spread, few = numbers(kind, 20_000), (numbers(kind, 20_000).real.round() + 0).astype(kind)
    sparse = np.where(np.arange(20_000) % 50 == 0, spread, kind(0))
    for x in (spread, few, sparse, np.sort(np.abs(spread)).astype(kind), np.full(20_000, kind(2))):
        sizes = np.sort(order_sizes(x))[::-1]
        bar, kept, equal = order.cut(x, k)
        assert bar == sizes[k - 1]
        assert kept == k - np.count_nonzero(sizes > bar)
        assert equal == np.count_nonzero(sizes == bar)
        out = keep_largest(x, k)
        best = np.argsort(-order_sizes(x), kind="stable")[:k]
        assert np.array_equal(out, np.where(np.isin(np.arange(20_000), best), x, 0))


def order_sizes(x: np.ndarray) -> np.ndarray:
    """Moduli as the kernels round them: the way of a single kept entry tells."""
    if not np.iscomplexobj(x):
        return np.abs(x)
    top, low = np.maximum(abs(x.real), abs(x.imag)), np.minimum(abs(x.real), abs(x.imag))
    ratio = np.divide(low, top, out=np.zeros_like(low), where=top > 0)
    return top * np.sqrt(1 + ratio * ratio)


@pytest.mark.parametrize("name", [name for name in CASES if name != "sorted l1" and "each" not in name])
def test_long_arrays_in_pieces_give_what_one_thread_gives(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    big, group = numbers(np.float64, 600_000), np.arange(600_000) // 7
    calls = {
        "block soft rising": lambda x, out: block_soft_threshold(x, np.full(group[-1] + 1, 2.0), group, out),
        "block hard rising": lambda x, out: block_hard_threshold(x, 4.0, group, out),
        "keep 2 blocks rising": lambda x, out: keep_largest_blocks(x, 2000, group, out),
        "block soft mixed": lambda x, out: block_soft_threshold(x, np.full(5, 900.0), np.arange(x.size) % 5, out),
        "block hard mixed": lambda x, out: block_hard_threshold(x, 900.0, np.arange(x.size) % 5, out),
        "keep 2 blocks mixed": lambda x, out: keep_largest_blocks(x, 2, np.arange(x.size) % 5, out),
        "keep 5": lambda x, out: keep_largest(x, 30_000, out),
        "l1 ball": lambda x, out: project_l1_ball(x, 1e4, out),
    }
    work = calls.get(name, CASES[name][0])
    found = []
    for threads in (1, 3):
        monkeypatch.setattr(chunks, "threads_allowed", lambda threads=threads: threads)
        found += [work(big, None), work(big.copy(), big.copy())]
        within = big.copy()
        found.append(work(within, within))
    assert all(np.array_equal(out, found[0]) for out in found[1:])
    assert len(chunks.pieces(big.nbytes, big.size)) == 3


def test_one_thread_where_one_is_asked_for() -> None:
    with threadpool_limits(limits=1):
        assert chunks.threads_allowed() == 1
    found: list[int] = []
    worker = threading.Thread(target=lambda: found.append(chunks.threads_allowed()))
    worker.start()
    worker.join()
    assert found == [1]


def test_an_error_in_a_piece_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        chunks.in_parallel(divmod, [(1, 1), (1, 0)])


def test_pieces_cut_no_block() -> None:
    labels = np.repeat([0, 3, 4], [400_000, 5, 500_000])
    parts = block_thresholding._cut_between_blocks(labels, 16 * chunks.LONG)
    assert parts[0][0] == 0
    assert parts[-1][1] == labels.size
    assert all(labels[b - 1] != labels[b] for _, b in parts[:-1])


@pytest.mark.parametrize(
    "ask",
    [
        lambda x: soft_threshold(x, -1.0),
        lambda x: soft_threshold(x, np.nan),
        lambda x: soft_threshold(x, np.full(3, -1.0)),
        lambda x: hard_threshold(x, 1.0, np.zeros(4)),
        lambda x: firm_threshold(x, -1.0, 2.0),
        lambda x: scad_threshold(x, 1.0, 0.5),
        lambda x: bounded_soft_threshold(x, 1.0, 2.0, 1.0),
        lambda x: block_soft_threshold(x, np.ones(2), np.array([0, 1, 2])),
        lambda x: block_soft_threshold(x, np.ones(2), np.array([0, -1, 1])),
        lambda x: block_soft_threshold(x, np.ones(2), np.array([0, 1])),
        lambda x: block_norms(x, np.array([0, 1, 5]), 2),
        lambda x: project_l1_ball(x, -1.0),
        lambda x: project_simplex(x, np.nan),
        lambda x: sorted_l1_prox(x, np.array([1.0, 2.0, 3.0])),
        lambda x: sorted_l1_prox(x, np.ones(2)),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(ask: Callable[[np.ndarray], object]) -> None:
    with pytest.raises(ValueError, match=r"must|give"):
        ask(np.array([1.0, 2.0, 3.0]))
