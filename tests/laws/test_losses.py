"""Every loss is convex and smooth as it says, and its dual value is a bound that is attained."""

from __future__ import annotations

import naive
import numpy as np
import pytest

from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.losses.base import Loss

every = pytest.mark.parametrize("loss", [cls() for cls in members("sparsecs.losses", Loss).values()], ids=repr)
RNG = stream(0, "losses")
Y, PLACES = RNG.standard_normal(6), list(RNG.standard_normal((8, 6)))


@every
def test_the_gradient_is_the_true_one(loss: Loss) -> None:
    for z in PLACES:
        slope = naive.jacobian_by_differences(lambda at: np.array([loss.value(at, Y)]), z)[0]
        assert np.allclose(loss.gradient(z, Y), slope, rtol=1e-7, atol=1e-8)


@every
def test_it_lies_above_its_tangents_and_below_the_parabola_of_its_smoothness(loss: Loss) -> None:
    for z in PLACES:
        for other in PLACES:
            step = other - z
            tangent = loss.value(z, Y) + float(loss.gradient(z, Y) @ step)
            assert tangent - 1e-12 <= loss.value(other, Y)
            assert loss.value(other, Y) <= tangent + 0.5 * loss.smoothness * float(step @ step) + 1e-12


@every
def test_the_dual_value_bounds_the_loss_from_below_and_meets_it_at_minus_the_gradient(loss: Loss) -> None:
    for z in PLACES:
        for nu in PLACES:
            assert loss.dual_value(nu, Y) - float(nu @ z) <= loss.value(z, Y) + 1e-12
        nu = -loss.gradient(z, Y)
        assert loss.dual_value(nu, Y) - float(nu @ z) == pytest.approx(loss.value(z, Y), abs=1e-12)


@every
def test_the_dual_point_is_the_best_one_along_its_direction(loss: Loss) -> None:
    for direction in (*PLACES, np.zeros(6)):
        for limit in (0.1, 1.0, 100.0):
            best = loss.dual_point(direction, Y, limit)
            rivals = [loss.dual_value(s * direction, Y) for s in np.linspace(0, limit, 301)]
            assert loss.dual_value(best, Y) >= max(rivals) - 1e-13
            share = best @ direction / (direction @ direction or 1)
            assert np.allclose(best, share * direction, atol=1e-14)
            assert -1e-15 <= share <= limit * (1 + 1e-14)
