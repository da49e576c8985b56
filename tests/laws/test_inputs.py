"""Every source of inputs gives what it is asked for, from its stream alone, with entries of unit size."""

from __future__ import annotations

import numpy as np
import pytest

from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.networks.inputs.base import Inputs
from sparsecs.networks.inputs.digits import Digits

every = pytest.mark.parametrize(
    "inputs", [cls() for cls in members("sparsecs.networks.inputs", Inputs).values()], ids=repr
)


def shape_of(inputs: Inputs) -> tuple[int, ...]:
    return getattr(inputs, "shape", (7,))


@every
def test_it_gives_as_many_as_were_asked_for(inputs: Inputs) -> None:
    for samples in (1, 5, 300):
        drawn = inputs.draw(samples, shape_of(inputs), stream(0, "inputs"))
        assert drawn.shape == (samples, *shape_of(inputs))
        assert drawn.dtype == np.float64
        assert np.isfinite(drawn).all()


@every
def test_a_draw_depends_on_its_stream_alone_and_may_be_written_to(inputs: Inputs) -> None:
    first = inputs.draw(9, shape_of(inputs), stream(0, "inputs"))
    kept = first.copy()
    first[...] = 0
    assert np.array_equal(inputs.draw(9, shape_of(inputs), stream(0, "inputs")), kept)
    assert not np.array_equal(inputs.draw(9, shape_of(inputs), stream(1, "inputs")), kept)


@every
def test_its_entries_have_mean_zero_and_variance_one(inputs: Inputs) -> None:
    drawn = inputs.draw(1700, shape_of(inputs), stream(0, "inputs"))
    spread = 5 / len(drawn) ** 0.5  # entries of one sample may depend on each other
    assert abs(drawn.mean()) <= spread
    assert abs(drawn.var() - 1) <= 2 * spread


@every
@pytest.mark.parametrize("samples", [0, -1, 2.5])
def test_it_refuses_numbers_of_samples_without_meaning(inputs: Inputs, samples: float) -> None:
    with pytest.raises((TypeError, ValueError), match="samples"):
        inputs.draw(samples, shape_of(inputs), stream(0, "inputs"))


def test_digits_are_drawn_without_replacement_and_no_more_than_there_are() -> None:
    digits = Digits()
    everything = digits.draw(1797, digits.shape, stream(0, "inputs"))
    assert len(np.unique(everything, axis=0)) == 1797
    assert np.allclose(everything.mean(axis=0), 0, atol=1e-12)
    assert np.allclose(everything.std(axis=0), 1, rtol=1e-12)
    with pytest.raises(ValueError, match="no more digits"):
        digits.draw(1798, digits.shape, stream(0, "inputs"))
    with pytest.raises(ValueError, match="61 live pixels"):
        digits.draw(5, (64,), stream(0, "inputs"))
