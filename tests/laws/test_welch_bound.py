"""The bounds of Welch hold for every frame, and equiangular tight ones meet the first of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsecs.core.randomness import stream
from sparsecs.geometry.coherence import coherence
from sparsecs.geometry.welch_bound import welch_bound


@pytest.mark.parametrize("m", [2, 3, 6])
def test_the_bounds_of_welch_are_met_by_equiangular_tight_frames_and_no_others(m: int) -> None:
    simplex = np.linalg.qr(np.column_stack([np.ones(m + 1), np.eye(m + 1)[:, :m]]))[0][:, 1:].T
    assert coherence(simplex) == pytest.approx(welch_bound(m, m + 1), abs=1e-14)
    moved = simplex + 1e-3 * stream(0, "step").standard_normal(simplex.shape)
    assert coherence(moved) > welch_bound(m, m + 1) + 1e-5
    equiangular = simplex[:, :m]  # equiangular, and no tight frame
    assert coherence(equiangular) > welch_bound(m, m) + 0.1


@given(st.integers(1, 5), st.integers(1, 12), st.integers(1, 4), st.integers(0, 99))
def test_no_frame_lies_below_the_bounds_of_welch(m: int, n: int, order: int, seed: int) -> None:
    rng = stream(seed, "frame")
    for frame in (rng.standard_normal((m, n)), rng.standard_normal((m, n)) + 1j * rng.standard_normal((m, n))):
        best = welch_bound(m, n, order=None)
        assert best >= welch_bound(m, n, order)
        assert n < 2 or coherence(frame) >= best - 1e-14
    assert welch_bound(m, n) == pytest.approx(((n - m) / (m * (n - 1))) ** 0.5 if n > m else 0, abs=1e-15)


def test_mutually_unbiased_bases_meet_the_second_bound_of_welch() -> None:
    """Three bases of C^2: six vectors, mu = 1/sqrt 2 within pairs of bases; the bound of order 2 is met."""
    bases = np.array([[1, 0, 1, 1, 1, 1], [0, 1, 1, -1, 1j, -1j]])
    unit = bases / np.linalg.norm(bases, axis=0)
    fourth = (np.sum(np.abs(unit.conj().T @ unit) ** 4) - 6) / 30
    assert fourth == pytest.approx(welch_bound(2, 6, order=2) ** 4, abs=1e-14)
    assert welch_bound(2, 6, order=2) <= coherence(bases)
