"""What is said of all pairs of columns is what counting says, through every door, within every memory."""

from __future__ import annotations

import naive
import naive_coherence
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from sparsecs.core.randomness import stream
from sparsecs.geometry import _pairs
from sparsecs.geometry.block_coherence import block_coherence
from sparsecs.geometry.coherence import babel, coherence, coherent_pair, mean_coherence
from sparsecs.geometry.coherence_profile import coherence_profile
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.layers.relu import Relu
from sparsecs.networks.layers.tanh import Tanh
from sparsecs.networks.linearize import linearize
from sparsecs.networks.network import Network
from sparsecs.operators.jacobian import Jacobian
from sparsecs.operators.scaled import Scaled
from sparsecs.operators.selected import Selected

DOORS = [np.asarray, scipy.sparse.csr_array, aslinearoperator]


@st.composite
def matrices(draw: st.DrawFn) -> np.ndarray:
    """Small matrices with zero and parallel columns, real or complex, of very different lengths; two live columns at least."""
    m, n = draw(st.integers(1, 5)), draw(st.integers(2, 7))
    entries = st.lists(st.integers(-3, 3), min_size=m * n, max_size=m * n)
    A = np.array(draw(entries), dtype=float).reshape(m, n)
    if draw(st.booleans()):
        A = A + 1j * np.array(draw(entries)).reshape(m, n)
    for _ in range(draw(st.integers(0, 3))):
        A[:, draw(st.integers(0, n - 1))] = A[:, draw(st.integers(0, n - 1))] * draw(st.sampled_from([0, 1, -1, -3]))
    A[0, 0] = A[0, 1] = 1
    return A * 10.0 ** np.array(draw(st.lists(st.integers(-100, 100), min_size=n, max_size=n)))


def gaussian(m: int, n: int, field: str = "real") -> np.ndarray:
    """Columns over ten decades, one of them zero, and two alike."""
    rng = stream(0, "A", m, n)
    A = rng.standard_normal((m, n)) + (1j * rng.standard_normal((m, n)) if field == "complex" else 0)
    A[:, n // 2] = 0
    A[:, -1] = 2 * A[:, 5] + 0.3 * A[:, 6]
    return A * np.logspace(-5, 5, n)


def all_pairs(A: np.ndarray) -> np.ndarray:
    """|cos| of all pairs as a matrix, with NaN for zero columns and on the diagonal."""
    lengths = np.linalg.norm(A, axis=0)
    unit = A / np.where(lengths > 0, lengths, 1)
    products = np.abs(unit.conj().T @ unit)
    products[lengths == 0, :] = products[:, lengths == 0] = np.nan
    np.fill_diagonal(products, np.nan)
    return products


@given(matrices(), st.sampled_from(DOORS))
def test_pairs_are_those_of_counting(A: np.ndarray, door: type) -> None:
    pairs = naive_coherence.pairs(A)
    values = list(pairs.values())
    assert coherence(door(A)) == pytest.approx(max(values), abs=1e-13)
    assert pairs[coherent_pair(door(A))] == pytest.approx(max(values), abs=1e-13)
    assert mean_coherence(door(A)) == pytest.approx(np.mean(values), abs=1e-13)
    profile = coherence_profile(door(A), bins=[0, 1e-9, 0.1234, 0.4567, 0.891, 1.0], quantiles=(0.3, 0.5))
    assert profile.counts.tolist() == naive_coherence.counts(A, profile.edges.tolist())
    assert (profile.mean, profile.largest) == pytest.approx((np.mean(values), max(values)), abs=1e-13)
    assert profile.rms == pytest.approx(np.mean(np.square(values)) ** 0.5, abs=1e-13)
    assert profile.pairs == len(values)
    assert profile.zero_columns == np.count_nonzero(~A.any(axis=0))
    for level, value in profile.quantiles.items():
        assert value == pytest.approx(np.quantile(values, level, method="inverted_cdf"), abs=2.0**-17 + 1e-12)


@given(matrices(), st.sampled_from(DOORS))
def test_the_babel_curve_is_that_of_counting_and_concave(A: np.ndarray, door: type) -> None:
    orders = range(1, np.count_nonzero(A.any(axis=0)))
    curve = babel(door(A), orders)
    assert curve == pytest.approx(np.array([naive.babel(A, s) for s in orders]), abs=1e-12)
    assert curve[0] == coherence(door(A))
    assert (np.diff(curve, prepend=0, n=1) >= 0).all()
    assert (np.diff(curve, n=1) <= curve[0] + 1e-12).all()
    assert (curve <= np.array(orders) * curve[0] + 1e-12).all()
    assert babel(door(A), len(orders)) == pytest.approx(curve[-1], abs=1e-13)
    assert babel(door(A), orders[::-1]).tolist() == curve[::-1].tolist()


@given(matrices(), st.data())
def test_blocks_are_those_of_counting(A: np.ndarray, data: st.DataObject) -> None:
    n = A.shape[1]
    labels = data.draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n))
    live = [j for j in range(n) if labels[j] >= 0 and A[:, j].any()]
    blocks = {f"block {b}": [j for j in range(n) if labels[j] == b] for b in range(3)}
    if len(live) < 2:
        with pytest.raises(ValueError, match=r"no columns|two columns"):
            block_coherence(A, blocks)
        return
    found = block_coherence(A, blocks)
    largest, mean, pairs = naive_coherence.blocks(A, labels, 3)
    assert found.names == ("block 0", "block 1", "block 2")
    assert found.largest == pytest.approx(largest, abs=1e-13)
    assert found.mean == pytest.approx(mean, abs=1e-13)
    assert found.pairs.tolist() == pairs.tolist()
    assert found.zero_columns.tolist() == [sum(not A[:, j].any() for j in block) for block in blocks.values()]
    if min(labels) >= 0:
        by_label = block_coherence(A, np.array(labels))
        assert by_label.names == tuple(str(label) for label in sorted(set(labels)))
        assert by_label.largest.max() == found.largest.max()


@pytest.mark.parametrize("field", ["real", "complex"])
@pytest.mark.parametrize("road", ["held", "tiles", "adjoint", "sparse", "one thread"])
def test_every_road_leads_to_one_answer(road: str, field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    n = 150 if road == "adjoint" else 700
    A = gaussian(40, n, field)
    given_ = A
    memory = {"tiles": 300_000, "adjoint": 80_000}.get(road, 2**28) * (2 if field == "complex" else 1)
    if road == "adjoint":
        given_ = aslinearoperator(A)
    if road == "sparse":
        A[stream(0, "mask").random(A.shape) < 0.9] = 0
        given_ = scipy.sparse.csr_array(A)
        monkeypatch.setattr(_pairs, "SCARCE", 0.5)
    if road == "one thread":
        monkeypatch.setattr(_pairs, "threads_allowed", lambda: 1)
    truth = all_pairs(A)
    taken = _pairs.Pairs(given_, memory)
    assert (taken.adjoint, taken.sparse, taken.held is None) == (
        road == "adjoint",
        road == "sparse",
        road in ("tiles", "adjoint"),
    )
    i, j = coherent_pair(given_, memory=memory)
    assert i < j
    assert truth[i, j] == pytest.approx(np.nanmax(truth), abs=1e-14)
    assert coherence(given_, memory=memory) == pytest.approx(np.nanmax(truth), abs=1e-14)
    assert mean_coherence(given_, memory=memory) == pytest.approx(np.nanmean(truth), abs=1e-14)
    ordered = -np.sort(-np.nan_to_num(truth), axis=1)
    sums = np.cumsum(ordered, axis=1).max(axis=0)
    for orders in ([1, 5, 3], [2, n - 50]):
        assert babel(given_, orders, memory=memory) == pytest.approx(sums[np.array(orders) - 1], rel=1e-12)
    edges = 1.001 * np.linspace(0, 1, 30) ** 1.1  # no value lies on an edge but 0
    profile = coherence_profile(given_, bins=edges, memory=memory + 2 * 24 * 2**16)
    upper = truth[np.triu_indices(n, 1)]
    upper = np.minimum(upper[~np.isnan(upper)], 1)
    assert profile.pairs == upper.size
    assert profile.counts.tolist() == np.histogram(upper, edges)[0].tolist()
    assert profile.mean == pytest.approx(upper.mean(), abs=1e-14)
    labels = np.arange(n) % 3
    found = block_coherence(given_, labels, memory=memory)
    for a in range(3):
        for b in range(3):
            assert found.largest[a, b] == pytest.approx(np.nanmax(truth[a::3, b::3]), abs=1e-14)
            assert found.mean[a, b] == pytest.approx(np.nanmean(truth[a::3, b::3]), abs=1e-14)


def jacobian(layer: type) -> Jacobian:
    network = Network((6,), (Linear(20), layer(), Linear(8), layer(), Linear(3)))
    return linearize(network, network.init(stream(0, "theta")), stream(0, "inputs").standard_normal((10, 6)))


@pytest.mark.parametrize("layer", [Tanh, Relu])
def test_a_jacobian_is_what_its_matrix_is(layer: type) -> None:
    J = jacobian(layer)
    dense = J.dense()
    for one in (J, Selected(J, np.arange(J.shape[1])[::-1]), Scaled(J, np.linspace(1, 9, J.shape[1]))):
        assert coherence(one) == pytest.approx(coherence(dense), abs=1e-14)
        assert babel(one, [1, 4]) == pytest.approx(babel(dense, [1, 4]), abs=1e-13)
        assert mean_coherence(one) == pytest.approx(mean_coherence(dense), abs=1e-14)
    layers, cut = block_coherence(J), block_coherence(dense, list(J.layer_slices.values()))
    assert layers.names == tuple(J.layer_slices)
    assert cut.names == ("0:140", "140:308", "308:335")
    assert layers.largest == pytest.approx(cut.largest, abs=1e-14)
    assert "0 Linear" in repr(layers)


def test_a_jacobian_of_many_outputs_is_measured_by_products_with_its_adjoint() -> None:
    network = Network((30,), (Linear(8), Tanh(), Linear(30)))
    J = linearize(network, network.init(stream(0, "theta")), stream(0, "inputs").standard_normal((20, 30)))
    dense = J.dense()
    assert _pairs.Pairs(J, 2**28).adjoint
    assert not _pairs.Pairs(dense, 2**28).adjoint
    for one in (J, Scaled(J, np.linspace(1, 9, J.shape[1])), Selected(J, np.arange(J.shape[1])[::-1])):
        assert coherence(one) == pytest.approx(coherence(dense), abs=1e-14)
        assert babel(one, [1, 4]) == pytest.approx(babel(dense, [1, 4]), abs=1e-13)
        assert coherence_profile(one).counts.sum() == coherence_profile(dense).pairs
    assert block_coherence(J).mean == pytest.approx(
        block_coherence(dense, list(J.layer_slices.values())).mean, abs=1e-14
    )


def test_single_precision_only_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The most alike pair is no more alike than others by less than single precision can tell."""
    A = stream(0, "A").standard_normal((30, 1200))
    for k, (i, j) in enumerate([(3, 900), (700, 1100), (1000, 1001), (10, 20)]):
        A[:, j] = A[:, i] + (1e-2 + 1e-10 * abs(k - 2)) * (
            A[:, 50] - A[:, i] * (A[:, i] @ A[:, 50]) / (A[:, i] @ A[:, i])
        )
        A[:, j] *= np.linalg.norm(A[:, i]) ** k
    truth = all_pairs(A)
    for memory in (2**28, 2**20):
        i, j = coherent_pair(A, memory=memory)
        assert coherence(A, memory=memory) == pytest.approx(np.nanmax(truth), abs=3e-16)
        assert truth[i, j] >= np.nanmax(truth) - 3e-16


def test_rounding_in_single_precision_is_within_what_is_allowed_for() -> None:
    from sparsecs.geometry.coherence import _rounding

    for field in ("real", "complex"):
        A = gaussian(200, 600, field)
        single = _pairs.Pairs(A, 2**28, single=True)
        assert single.single
        worst = max(
            float(
                np.abs(_pairs.moduli(single.rows(s, s + 64), single.rows(0, 64)) - single.exact(s, 0, (64, 64))).max()
            )
            for s in (100, 400)
        )
        assert 0 < worst <= _rounding(single)


@pytest.mark.parametrize("size", [1e-308, 1e-200, 1e200, 1e308])
@pytest.mark.parametrize("door", DOORS)
def test_nothing_depends_on_the_units(door: type, size: float) -> None:
    A = np.array([[3, 1, 0, 2], [4, -1, 0, 1j], [1j, 2, 0, 1]]) / 8
    assert coherence(door(A * size)) == pytest.approx(coherence(A), abs=1e-14)
    assert babel(door(A * size), 2) == pytest.approx(babel(A, 2), abs=1e-14)
    assert coherence_profile(door(A * size)).zero_columns == 1


@pytest.mark.parametrize("ask", [coherence, coherent_pair, mean_coherence, coherence_profile, lambda A: babel(A, 1)])
def test_what_cannot_be_answered_is_refused_in_words(ask: object) -> None:
    with pytest.raises(ValueError, match="1 of 3 are not zero"):
        ask(np.array([[0, 1, 0], [0, 2, 0]]))
    with pytest.raises(ValueError, match="1 of 1"):
        ask(np.ones((3, 1)))
    with pytest.raises(ValueError, match="finite"):
        ask(np.array([[1, np.nan]]))
    for broken in (np.nan, np.inf):
        bad = LinearOperator((2, 3), matvec=lambda x: np.full(2, broken), rmatvec=lambda y: np.full(3, broken))  # noqa: B023
        with pytest.raises(ValueError, match="not finite"):
            ask(bad)


def test_too_little_memory_is_said_and_enough_is_kept_to() -> None:
    import tracemalloc

    A = stream(0, "A").standard_normal((300, 3000))
    with pytest.raises(MemoryError, match="memory=1000 bytes are too few"):
        coherence(A, memory=1000)
    for ask in (coherence, mean_coherence, coherence_profile, lambda A, memory: babel(A, 3, memory)):
        for memory in (5 * 2**20, 20 * 2**20):
            tracemalloc.start()
            ask(A, memory=memory)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak <= memory


def test_orders_and_blocks_are_checked() -> None:
    A = np.eye(3)
    for wrong in (0, 3, [1, 3]):
        with pytest.raises(ValueError, match="s must be"):
            babel(A, wrong)
    with pytest.raises(TypeError, match="whole number"):
        babel(A, 1.5)
    assert babel(A, []).shape == (0,)
    with pytest.raises(ValueError, match="no layers"):
        block_coherence(A)
    with pytest.raises(ValueError, match="already in a block"):
        block_coherence(A, [slice(0, 2), slice(1, 3)])
    with pytest.raises(ValueError, match="3 columns"):
        block_coherence(A, [0, 1])
    with pytest.raises(ValueError, match="no columns"):
        block_coherence(A, {"a": slice(0, 0)})
    with pytest.raises(ValueError, match="increasing"):
        coherence_profile(A, bins=[0.5, 0.5])
    with pytest.raises(ValueError, match="between 0 and 1"):
        coherence_profile(A, quantiles=[1.5])


def test_a_bin_holds_its_left_edge() -> None:
    A = np.array([[1.0, 3.0], [0.0, 4.0]])  # the cosine is 0.6, within a fine cell
    assert coherence_profile(A, bins=[0.0, 0.6, 1.0]).counts.tolist() == [0, 1]
    assert coherence_profile(A, bins=[0.0, 0.3, 0.6]).counts.tolist() == [0, 1]
    assert coherence_profile(np.eye(2), bins=2).counts.tolist() == [1, 0]


def test_pairs_outside_all_bins_are_counted_in_none() -> None:
    profile = coherence_profile(np.array([[1.0, 0.0, 3.0], [0.0, 2.0, 4.0]]), bins=[0.1, 0.7])
    assert profile.counts.tolist() == [1]
    assert profile.pairs == 3
