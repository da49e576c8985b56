"""What the kernels say of a circular convolution is what the whole matrix says."""

from __future__ import annotations

import naive_circulant as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsecs.core.randomness import stream
from sparsecs.geometry.circulant import circulant
from sparsecs.geometry.circulant_geometry import CirculantGeometry
from sparsecs.geometry.coherence import babel, coherence
from sparsecs.geometry.isometry_bounds import IsometryBounds
from sparsecs.operators.circulant import Circulant
from sparsecs.operators.dense import Dense
from sparsecs.operators.selected import Selected

KINDS = [np.float32, np.float64, np.complex64, np.complex128]


@st.composite
def layers(draw: st.DrawFn, columns: int = 24) -> tuple[np.ndarray, int]:
    """Kernels of up to 3 x 3 channels, of whole numbers or of random ones, with zeros and twins, and a period."""
    outputs, inputs = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    size = draw(st.integers(1, columns // inputs))
    length = draw(st.integers(1, size))
    kind = draw(st.sampled_from(KINDS))
    rng = stream(draw(st.integers(0, 999)), "kernels")
    kernels = rng.standard_normal((outputs, inputs, length)) + 1j * rng.standard_normal((outputs, inputs, length))
    if draw(st.booleans()):
        kernels = np.round(kernels)
    if draw(st.booleans()):
        kernels[:, -1] = kernels[:, 0] * draw(st.sampled_from([0, 1, -2, 1j]))
    if draw(st.booleans()):
        kernels[-1] = 0
    kernels *= 10.0 ** rng.integers(-2, 3, (1, inputs, 1))
    return (kernels if np.dtype(kind).kind == "c" else kernels.real).astype(kind), size


def both(layer: tuple[np.ndarray, int]) -> tuple[CirculantGeometry, np.ndarray]:
    """The geometry, and the whole matrix in double precision."""
    kernels, size = layer
    wide = kernels.astype(np.result_type(kernels.dtype, np.float64))
    return circulant(kernels, size), naive.circulant_matrix(wide, size)


def gram(A: np.ndarray) -> np.ndarray:
    return A.conj().T @ A


@given(layers())
def test_singular_values_and_norms_are_those_of_the_matrix(layer: tuple[np.ndarray, int]) -> None:
    geometry, A = both(layer)
    values = np.linalg.svd(A, compute_uv=False)
    assert geometry.shape == A.shape
    assert geometry.singular_values.shape == values.shape
    assert np.allclose(geometry.singular_values, values, rtol=0, atol=1e-9 * max(1e-3, values[0]))
    assert geometry.multiplicity.sum() == layer[1]
    assert np.allclose(geometry.column_norms(), np.linalg.norm(A, axis=0), rtol=1e-12, atol=0)
    dead = [i for i in range(layer[0].shape[1]) if not layer[0][:, i].any()]
    assert geometry.dead_channels.tolist() == dead


@given(layers(), st.data())
def test_the_products_of_columns_are_those_of_the_matrix(layer: tuple[np.ndarray, int], data: st.DataObject) -> None:
    geometry, A = both(layer)
    size, inputs = layer[1], layer[0].shape[1]
    i, j = data.draw(st.integers(0, inputs - 1)), data.draw(st.integers(0, inputs - 1))
    expected = gram(A)[i * size : (i + 1) * size, j * size]
    bar = 1e-12 * np.linalg.norm(A[:, i * size]) * np.linalg.norm(A[:, j * size])
    assert np.allclose(geometry.autocorrelation(i, j), expected, rtol=0, atol=bar)


@given(layers(), st.data())
def test_coherence_and_babel_are_those_of_the_matrix(layer: tuple[np.ndarray, int], data: st.DataObject) -> None:
    geometry, A = both(layer)
    live = np.count_nonzero(A.any(axis=0))
    if live < 2:
        for ask in (lambda: geometry.coherence, lambda: geometry.mean_coherence, lambda: geometry.babel(1)):
            with pytest.raises(ValueError, match=f"{live} of {A.shape[1]}"):
                ask()
        return
    alike = naive.likeness(A)
    assert geometry.coherence == pytest.approx(alike.max(), abs=1e-12)
    i, j, s = geometry.closest
    one, other = A[:, i * layer[1] + s], A[:, j * layer[1]]
    assert i * layer[1] + s != j * layer[1]
    cosine = abs(np.vdot(one, other)) / (np.linalg.norm(one) * np.linalg.norm(other))
    assert cosine == pytest.approx(geometry.coherence, abs=1e-12)
    assert geometry.mean_coherence == pytest.approx(alike.sum() / (live * (live - 1)), abs=1e-12)
    s = data.draw(st.integers(1, live - 1))
    assert geometry.babel(s) == pytest.approx(naive.babel(A, s), abs=1e-12 * s)
    with pytest.raises(ValueError, match="between 1"):
        geometry.babel(live)


@given(layers())
def test_isometry_constants_of_order_one_two_and_all_are_exact(layer: tuple[np.ndarray, int]) -> None:
    geometry, A = both(layer)
    n = A.shape[1]
    for k in {1, min(2, n), n}:
        found = geometry.restricted_isometry(k)
        lower, upper = naive.isometry(A, k)
        unit = max(1, np.linalg.norm(A, axis=0).max() ** 2)
        assert found.exact
        assert found.L.lower == pytest.approx(lower, abs=1e-9 * unit)
        assert found.U.lower == pytest.approx(upper, abs=1e-9 * unit)
        _attained(found, A, k)


@given(layers(columns=10), st.integers(2, 10), st.sampled_from([0, 100, 2_000_000]))
def test_isometry_bounds_hold_the_constants(layer: tuple[np.ndarray, int], k: int, candidates: int) -> None:
    geometry, A = both(layer)
    k = min(k, A.shape[1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sparsecs.geometry._connected_supports.CANDIDATES", candidates)
        _bounds_hold(geometry, A, k, exact=candidates > 100 or k > len(A))


def _bounds_hold(geometry: CirculantGeometry, A: np.ndarray, k: int, exact: bool) -> None:
    for normalize in (False, True):
        norms = np.linalg.norm(A, axis=0)
        matrix = A / np.where(norms > 0, norms, 1) if normalize else A
        found = geometry.restricted_isometry(k, normalize=normalize)
        unit = max(1, np.linalg.norm(matrix, axis=0).max() ** 2)
        for bounds, constant in zip((found.L, found.U), naive.isometry(matrix, k), strict=True):
            assert bounds.lower <= constant + 1e-11 * unit
            assert constant <= bounds.upper + 1e-11 * unit
            assert bounds.exact or not exact or (k > len(A) and bounds is found.U)
        _attained(found, matrix, k)
        if k > len(A):
            assert (found.L.lower, found.L.upper) == (1, 1)


def _attained(found: IsometryBounds, A: np.ndarray, k: int) -> None:
    """The witnesses are supports of at most k columns on which the lower bounds stand."""
    for bounds, sign in ((found.L, -1), (found.U, 1)):
        support = bounds.witness
        assert len(set(support.tolist())) == support.size <= k
        values = np.linalg.eigvalsh(gram(A[:, support]))
        extreme = 1 - values[0] if sign < 0 else values[-1] - 1
        assert bounds.lower == pytest.approx(extreme, abs=1e-11 * max(1, np.abs(values).max()))


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


@pytest.mark.parametrize("size", [1e-200, 1e-100, 1e100, 1e200])
@pytest.mark.parametrize("spread", [0, 5])
def test_nothing_depends_on_the_units(size: float, spread: int) -> None:
    kernels = stream(0, "kernels").standard_normal((2, 3, 4)) * 10.0 ** np.linspace(-spread, spread, 3)[:, None]
    one, other = circulant(kernels, 9), circulant(kernels * size, 9)
    assert other.coherence == pytest.approx(one.coherence, rel=1e-12)
    assert other.closest == one.closest
    assert other.babel(5) == pytest.approx(one.babel(5), rel=1e-12)
    assert np.allclose(
        other.singular_values / size, one.singular_values, rtol=1e-9, atol=1e-12 * one.singular_values[0]
    )
    assert np.allclose(other.channel_norms / size, one.channel_norms, rtol=1e-12, atol=0)
    assert other.restricted_isometry(2, normalize=True).delta.lower == pytest.approx(one.coherence, rel=1e-12)
    if size > 1e150:
        with pytest.raises(ValueError, match="normalize=True"):
            other.restricted_isometry(2)
    else:
        assert np.isfinite(other.restricted_isometry(3, seconds=1).U.upper)


def test_known_kernels_have_known_constants() -> None:
    n = 12
    difference = circulant([1.0, -1.0], n)
    f = np.arange(n)
    assert np.allclose(difference.singular_values, np.sort(2 * np.abs(np.sin(np.pi * f / n)))[::-1], rtol=0, atol=1e-14)
    assert difference.coherence == pytest.approx(0.5, abs=1e-15)
    assert difference.babel(2) == difference.babel(7) == pytest.approx(1, abs=1e-15)
    run = difference.restricted_isometry(5, normalize=True)  # tridiagonal Toeplitz: 1 + cos(pi / (k + 1))
    assert run.U.lower == pytest.approx(np.cos(np.pi / 6), abs=1e-12)
    assert run.L.lower == pytest.approx(np.cos(np.pi / 6), abs=1e-12)
    assert run.U.witness.tolist() in [np.sort((np.arange(5) + s) % n).tolist() for s in range(n)]
    unit = circulant([0.0, 1.0, 0.0], 7)
    assert unit.coherence < 1e-15
    assert np.allclose(unit.singular_values, 1, rtol=0, atol=1e-14)
    assert unit.restricted_isometry(4).delta.upper == pytest.approx(0, abs=1e-14)


def test_one_delta_a_channel_is_orthogonal_to_its_shifts() -> None:
    geometry = circulant(np.eye(3)[:, :, None], 5)
    assert geometry.coherence == geometry.mean_coherence == geometry.babel(14) == 0
    assert geometry.restricted_isometry(15).delta.upper == pytest.approx(0, abs=1e-14)
    i, j, s = geometry.closest
    assert (i, s) != (j, 0)


def test_the_shape_of_zero_padding_is_a_part_of_a_larger_circulant_and_its_constants_are_no_larger() -> None:
    kernel, n = stream(0, "kernel").standard_normal(4), 6
    T = naive.zero_padded_matrix(kernel, n)
    operator = Circulant(kernel, n + 3)
    assert np.allclose(Selected(operator, range(n)).dense(), T, rtol=0, atol=0)
    assert coherence(T) <= circulant(operator).coherence + 1e-15
    assert babel(T, 4) <= circulant(operator).babel(4) + 1e-15
    for k in (2, 3):
        for exact, bounds in zip(
            naive.isometry(T, k),
            (circulant(operator).restricted_isometry(k).L, circulant(operator).restricted_isometry(k).U),
            strict=True,
        ):
            assert exact <= bounds.upper + 1e-12


@pytest.mark.parametrize(("shape", "size"), [((1, 1, 3), 13), ((2, 2, 2), 8), ((1, 3, 1), 5), ((2, 1, 4), 19)])
@pytest.mark.parametrize("k", [3, 4])
def test_constants_of_short_kernels_in_a_long_period_are_exact(shape: tuple[int, int, int], size: int, k: int) -> None:
    rng = stream(0, "kernels", *shape)
    kernels = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    A = naive.circulant_matrix(kernels, size)
    found = circulant(kernels, size).restricted_isometry(k)
    assert found.exact
    assert (found.L.lower, found.U.lower) == pytest.approx(naive.isometry(A, k), abs=1e-10)
    _attained(found, A, k)
    long = circulant(kernels, 10_000 * size).restricted_isometry(k)  # nothing meets round the back there
    assert (long.L.lower, long.U.lower) == pytest.approx((found.L.lower, found.U.lower), abs=1e-10)


def test_no_time_still_gives_bounds_that_hold() -> None:
    kernels = stream(0, "kernels").standard_normal((2, 2, 4))
    hasty = circulant(kernels, 6).restricted_isometry(4, seconds=0)
    patient = circulant(kernels, 6).restricted_isometry(4)
    assert "0 s" in hasty.L.stopped
    assert "0 s" in hasty.U.stopped
    assert patient.exact
    assert patient.L.stopped == patient.U.stopped == ""
    for one, other in ((hasty.L, patient.L), (hasty.U, patient.U)):
        assert one.lower <= other.lower <= other.upper <= one.upper


@pytest.mark.parametrize("where", ["_extreme_supports.ExtremeSupports._addition", "_connected_supports._canonical"])
def test_a_keyboard_interrupt_leaves_the_bounds_found_so_far(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    if "extreme" in where:
        monkeypatch.setattr("sparsecs.geometry._connected_supports.CANDIDATES", 100)
    monkeypatch.setattr(f"sparsecs.geometry.{where}", interrupted)
    found = circulant(stream(0, "kernels").standard_normal((2, 2, 4)), 6).restricted_isometry(4)
    assert "interrupted" in found.L.stopped
    assert "interrupted" in found.U.stopped
    assert found.L.lower <= found.L.upper
    assert found.U.lower <= found.U.upper


def test_single_precision_kernels_are_measured_in_double_precision() -> None:
    kernels = stream(0, "kernels").standard_normal((2, 2, 5)).astype(np.float32)
    assert circulant(kernels, 8).coherence == circulant(kernels.astype(float), 8).coherence
    assert circulant(kernels, 8).spectrum.dtype == np.float64


def test_kernels_that_are_all_zero_are_reported() -> None:
    geometry = circulant(np.zeros((2, 3, 2)), 4)
    assert geometry.dead_channels.tolist() == [0, 1, 2]
    assert not geometry.singular_values.any()
    with pytest.raises(ValueError, match="0 of 12"):
        _ = geometry.coherence
    for k in (1, 2, 5, 12):
        found = geometry.restricted_isometry(k)
        assert (found.L.lower, found.L.upper) == (1, 1)
        assert (found.U.lower, found.U.upper) == (-1, -1)


def test_the_door_takes_kernels_and_circulants_and_refuses_what_is_not_known_to_be_one() -> None:
    operator = Circulant([1.0, 2.0], 5)
    assert circulant(operator).operator is operator
    assert circulant(operator, 7).shape == (7, 7)
    assert circulant([1, 2]).shape == (2, 2)
    with pytest.raises(TypeError, match="Dense"):
        circulant(Dense(np.eye(3)))


@pytest.mark.parametrize(
    ("kernels", "size", "error", "words"),
    [
        (np.ones((2, 3)), 5, ValueError, r"\(2, 3\).*c_out, c_in"),
        (np.ones((0,)), 5, ValueError, "empty"),
        (np.ones((2, 0, 3)), 5, ValueError, "empty"),
        (np.ones(6), 5, ValueError, "wrap"),
        (np.ones(6), 0, ValueError, "size"),
        (np.ones(2), 2.5, TypeError, "size"),
        ([1, np.nan], 5, ValueError, "finite"),
        (["a"], 5, TypeError, "numbers"),
    ],
)
def test_bad_kernels_are_refused_in_words(kernels: object, size: object, error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        circulant(kernels, size)


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


def test_orders_outside_the_matrix_are_refused() -> None:
    for k in (0, 5):
        with pytest.raises(ValueError, match="between 1 and 4"):
            circulant([1.0, 2.0], 4).restricted_isometry(k)
    with pytest.raises(TypeError, match="whole number"):
        circulant([1.0, 2.0], 4).restricted_isometry(1.5)


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
