"""Bounds on restricted isometry constants of Gaussian matrices beside values computed by others."""

from __future__ import annotations

import pytest

from sparsecs import BahTanner, BlanchardCartisTanner


def test_the_bounds_at_half_the_measurements() -> None:
    # Blanchard, Cartis and Tanner (2011); Bah and Tanner (2010): their equations, evaluated independently
    assert BlanchardCartisTanner().L(0.5, 0.1) == pytest.approx(0.89239555, abs=6e-9)
    assert BlanchardCartisTanner().U(0.5, 0.1) == pytest.approx(2.50343907, abs=6e-9)
    assert BahTanner().L(0.5, 0.1) == pytest.approx(0.88878844, abs=6e-9)
    assert BahTanner().U(0.5, 0.1) == pytest.approx(2.44551585, abs=6e-9)


def test_the_condition_of_foucart_and_lai_asks_for_317_measurements_a_nonzero() -> None:
    # Blanchard, Cartis and Tanner (2011) on the condition of Foucart and Lai: k < m / 317 is the most
    assert int(1 / BlanchardCartisTanner("foucart-lai").limit) == 317
