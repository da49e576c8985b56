"""What is said of a convolution without a kernel or a channel is what the rest of it says."""

from __future__ import annotations

import naive_circulant as naive
import numpy as np
import pytest
from circulant_layers import both, layers
from hypothesis import given
from hypothesis import strategies as st

from sparsecs.core.randomness import stream
from sparsecs.geometry._one_entry_less import extremes_less_one
from sparsecs.geometry.circulant import circulant
from sparsecs.geometry.circulant_geometry import CirculantGeometry


@given(layers(), st.data())
def test_what_is_left_after_a_removal_is_what_the_rest_says(layer: tuple[np.ndarray, int], data: st.DataObject) -> None:
    kernels, size = layer
    outputs, inputs, _ = kernels.shape
    geometry, A = both(layer)
    o, i = data.draw(st.integers(0, outputs - 1)), data.draw(st.integers(0, inputs - 1))
    rows, columns = np.arange(len(A)) // size == o, np.arange(A.shape[1]) // size == i
    zeroed = A.copy()
    zeroed[np.ix_(rows, columns)] = 0
    cases = [(geometry.without(kernel=(o, i)), zeroed)]
    if outputs > 1:
        cases.append((geometry.without(output=o), A[~rows]))
    if inputs > 1:
        cases.append((geometry.without(input=i), A[:, ~columns]))
    for rest, expected in cases:
        values = np.linalg.svd(expected, compute_uv=False)
        assert rest.shape == expected.shape
        assert np.allclose(rest.singular_values, values, rtol=0, atol=1e-9 * max(1e-3, values[0]))
        if np.count_nonzero(expected.any(axis=0)) > 1:
            assert rest.coherence == pytest.approx(naive.likeness(expected).max(), abs=1e-12)
    assert np.array_equal(geometry.operator.kernels, kernels)


@given(layers(), st.data())
def test_an_output_channel_holds_up_the_spectrum_by_no_more_than_its_energy(
    layer: tuple[np.ndarray, int], data: st.DataObject
) -> None:
    kernels, size = layer
    outputs = kernels.shape[0]
    if outputs == 1:
        return
    o = data.draw(st.integers(0, outputs - 1))
    geometry = circulant(kernels, size)
    before, after = geometry.spectrum**2, geometry.without(output=o).spectrum ** 2
    energy = (np.abs(np.fft.fft(kernels[o].astype(complex), size)) ** 2).sum(axis=0)[: len(before)]
    slack = 1e-11 * max(1e-3, before.max())
    assert (after[:, 0] <= before[:, 0] + slack).all()
    assert (before.sum(axis=1) - after.sum(axis=1) == pytest.approx(energy, abs=slack * 100)) or before.max() == 0
    assert (after[:, 0] >= before[:, 0] - energy - slack).all()


@given(layers(), st.sampled_from(["kernel", "output", "input"]), st.integers(1, 2))
def test_the_table_of_removals_is_what_each_removal_says(layer: tuple[np.ndarray, int], by: str, k: int) -> None:
    kernels, size = layer
    geometry, A = both(layer)
    k = min(k, A.shape[1])
    if by != "kernel" and kernels.shape[by == "input"] == 1:
        with pytest.raises(ValueError, match="nothing is left"):
            geometry.removal_table(by, k)
        return
    table = geometry.removal_table(by, k)
    _as_measured(table.before, geometry, k, A)
    places = list(np.ndindex(kernels.shape[:2])) if by == "kernel" else list(range(kernels.shape[by == "input"]))
    assert [row[by] for row in table.rows] == places
    for row, place in zip(table.rows, places, strict=True):
        rest = geometry.without(**{by: place})
        _as_measured(row, rest, min(k, rest.shape[1]), A)
    wide = kernels.astype(complex)
    pieces = wide.reshape(1, -1, kernels.shape[2]) if by == "kernel" else wide if by == "input" else wide.swapaxes(0, 1)
    energies = (np.abs(pieces) ** 2).sum(axis=(0, 2))
    assert [row["energy"] for row in table.rows] == pytest.approx(energies.tolist(), rel=1e-12, abs=0)
    assert sum(row["share"] for row in table.rows) == pytest.approx(1 if energies.any() else 0, abs=1e-12)
    whole = naive.circulant_matrix(pieces, size)
    for j, row in enumerate(table.rows):
        others = [i for i in range(len(energies)) if i != j and energies[i] * energies[j] > 0]
        alike = [
            abs(np.vdot(whole[:, j * size], whole[:, i * size + s])) / np.sqrt(energies[i] * energies[j])
            for i in others
            for s in range(size)
        ]
        assert row["likeness"] == pytest.approx(max(alike, default=0), abs=1e-12)


def _as_measured(row: dict, geometry: CirculantGeometry, k: int, A: np.ndarray) -> None:
    """The figures of a row are those of a geometry on its own."""
    size, unit = np.linalg.norm(A, 2), max(1, np.linalg.norm(A, axis=0).max() ** 2)
    assert row["smallest"] == pytest.approx(geometry.singular_values[-1], abs=1e-11 * size)
    assert row["largest"] == pytest.approx(geometry.singular_values[0], abs=1e-11 * size)
    live = np.count_nonzero(geometry.column_norms())
    assert row["coherence"] == (None if live < 2 else pytest.approx(geometry.coherence, abs=1e-12))
    found = geometry.restricted_isometry(k)
    assert row["L"] == pytest.approx(found.L.lower, abs=1e-11 * unit)
    assert row["U"] == pytest.approx(found.U.lower, abs=1e-11 * unit)


def test_a_table_of_removals_looks_at_frequencies_until_none_can_matter() -> None:
    kernels = stream(0, "kernels").standard_normal((3, 3, 5))
    for shape in ((3, 3), (3, 2), (2, 3), (3, 1), (1, 3)):
        geometry = circulant(kernels[: shape[0], : shape[1]], 257)
        for by in ("kernel", "output", "input"):
            if by != "kernel" and shape[by == "input"] == 1:
                continue
            for row in geometry.removal_table(by).rows:
                rest = geometry.without(**{by: row[by]})
                assert row["smallest"] == pytest.approx(rest.singular_values[-1], rel=1e-11, abs=1e-14)
                assert row["largest"] == pytest.approx(rest.singular_values[0], rel=1e-12)


def test_a_table_of_removals_can_be_sorted_and_read() -> None:
    table = circulant(stream(0, "kernels").standard_normal((2, 3, 4)), 9).removal_table()
    energies = [row["energy"] for row in table.rows]
    assert [row["energy"] for row in table.sorted("energy").rows] == sorted(energies)
    assert (table.changes("largest") == [row["largest"] - table.before["largest"] for row in table.rows]).all()
    assert len(repr(table).splitlines()) == 2 + 6
    assert "(1, 2)" in repr(table)
    with pytest.raises(ValueError, match="figure"):
        table.changes("energy")
    with pytest.raises(ValueError, match="'kernel', 'output', 'input'"):
        circulant([1.0], 3).removal_table("layer")
    with pytest.raises(ValueError, match="between 1 and 2"):
        circulant([1.0, 2.0], 3).removal_table(k=3)


def test_the_last_kernel_leaves_nothing_and_the_table_says_so() -> None:
    (row,) = circulant([3.0, 4.0], 5).removal_table().rows
    assert (row["smallest"], row["largest"], row["L"], row["U"], row["coherence"]) == (0, 0, 1, -1, None)
    assert (row["energy"], row["share"], row["likeness"]) == (25, 1, 0)
    assert " -" in repr(circulant([3.0, 4.0], 5).removal_table()).splitlines()[-1]
    assert "nan" not in repr(circulant(np.zeros((2, 1, 3)), 5).removal_table())


def test_what_cannot_be_removed_is_refused_in_words() -> None:
    single, layer = circulant([1.0, 2.0], 4), circulant(np.ones((2, 3, 2)), 4)
    for choice in ({}, {"output": 0, "input": 0}):
        with pytest.raises(ValueError, match="one of output"):
            layer.without(**choice)
    for choice in ({"output": 2}, {"input": -1}, {"kernel": (0, 3)}):
        with pytest.raises(ValueError, match="between 0"):
            layer.without(**choice)
    with pytest.raises(TypeError, match="pair"):
        layer.without(kernel=1)
    for choice in ({"output": 0}, {"input": 0}):
        with pytest.raises(ValueError, match="nothing is left"):
            single.without(**choice)
    assert single.without(kernel=(0, 0)).dead_channels.tolist() == [0]


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 99), st.booleans())
def test_bounds_of_singular_values_with_one_entry_less_hold(rows: int, columns: int, seed: int, whole: bool) -> None:
    rng = stream(seed, "K")
    K = rng.standard_normal((4, rows, columns)) + 1j * rng.standard_normal((4, rows, columns))
    K = np.round(K) if whole else K * 10.0 ** rng.integers(-9, 10, (4, rows, 1))
    ceiling, floor = extremes_less_one(K)
    for p, o, i in np.ndindex(K.shape):
        rest = K[p].copy()
        rest[o, i] = 0
        values, slack = np.linalg.svd(rest, compute_uv=False), 1e-13 * np.linalg.norm(K[p])
        assert values[0] <= ceiling[p, o, i] + slack
        assert values[-1] >= floor[p, o, i] - slack
    assert (ceiling <= np.linalg.norm(K, axis=(1, 2), ord=2)[:, None, None] + np.abs(K) + 1e-12 * np.abs(K).max()).all()
