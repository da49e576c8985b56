"""What the kernels say of a circular convolution is what the whole matrix says."""

from __future__ import annotations

import naive_circulant as naive
import numpy as np
import pytest
from circulant_layers import both, gram, layers
from hypothesis import given
from hypothesis import strategies as st

from sparsecs.core.randomness import stream
from sparsecs.geometry._correlations import Correlations
from sparsecs.geometry.circulant import circulant
from sparsecs.geometry.coherence import babel, coherence
from sparsecs.operators.circulant import Circulant
from sparsecs.operators.dense import Dense
from sparsecs.operators.selected import Selected


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


@given(layers())
def test_the_closest_shift_of_each_pair_of_channels_attains_its_modulus(layer: tuple[np.ndarray, int]) -> None:
    geometry, A = both(layer)
    size, products = layer[1], np.abs(gram(A))
    moduli, shifts = Correlations(layer[0].astype(complex), size).closest
    for i, j in np.ndindex(moduli.shape):
        block = products[i * size : (i + 1) * size, j * size].copy()
        if i == j:
            block[0] = -1
        bar = 1e-12 * geometry.channel_norms[i] * geometry.channel_norms[j]
        assert moduli[i, j] == pytest.approx(block.max(), abs=bar)
        assert block[shifts[i, j]] == pytest.approx(block.max(), abs=bar)
