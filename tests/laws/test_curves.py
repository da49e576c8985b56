"""Every curve keeps to the facts it declares, can be turned round, and says where it comes from."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsecs.core.family import members
from sparsecs.curves.bah_tanner import BahTanner
from sparsecs.curves.base import Curve
from sparsecs.curves.blanchard_cartis_tanner import BlanchardCartisTanner
from sparsecs.curves.donoho_tanner import DonohoTanner
from sparsecs.curves.information_limit import InformationLimit
from sparsecs.curves.statistical_dimension import StatisticalDimension
from sparsecs.curves.wainwright_support import WainwrightSupport
from sparsecs.testing._laws import Law, keep
from sparsecs.testing.check_curve import LAWS

FOUND = members("sparsecs.curves", Curve).values()
SIGNED = [cls() for cls in FOUND]
NONNEGATIVE = [
    cls(nonnegative=True) for cls in FOUND if "nonnegative" in {field.name for field in dataclasses.fields(cls)}
]
OTHERS: list[Curve] = [
    *(DonohoTanner(kind, cone) for cone in ("crosspolytope", "simplex") for kind in ("weak", "sectional", "strong")),
    DonohoTanner(cone="hypercube"),
    BlanchardCartisTanner("foucart-lai"),
    BahTanner(order=4.0),
    InformationLimit("strong"),
    *(InformationLimit(snr=snr) for snr in (0.01, 1.0, 3.0, 14.0, 1e4)),
    *(WainwrightSupport(n, theta) for n, theta in ((6, 1.0), (10**6, 0.7), (10**15, 3.0))),
]
CURVES = list(dict.fromkeys([*SIGNED, *NONNEGATIVE, *OTHERS]))
every = pytest.mark.parametrize("curve", CURVES, ids=repr)
DELTAS = np.concatenate([np.logspace(-200, -2, 45), np.linspace(0.02, 0.98, 25), 1 - np.logspace(-2, -12, 11), [1.0]])
OUTSIDE = [0.0, -0.1, 1.0000001, 2.0, np.nan, np.inf, -np.inf]


@every
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_it_keeps_the_law(curve: Curve, law: Law) -> None:
    keep([law], curve, repr(curve))


@every
def test_rho_of_delta_is_the_rho_that_was_asked_for(curve: Curve) -> None:
    @given(st.floats(0.002, 1))
    def check(part: float) -> None:
        low = max(curve.start, curve.rho(curve.smallest))
        rho = curve.limit if part == 1 else low + part * (curve.limit - low)
        assert curve.rho(curve.delta(rho)) == pytest.approx(rho, rel=1e4 * curve.accuracy)

    if curve.rises:
        check()


@every
@pytest.mark.parametrize("outside", OUTSIDE)
def test_values_outside_the_domain_are_refused_by_name(curve: Curve, outside: float) -> None:
    for ask, name in ((curve.rho, "delta"), (curve.delta, "rho")):
        for values in (outside, [0.5, outside], np.array([[outside]])):
            with pytest.raises(ValueError, match=f"{name} must be above 0 and at most 1"):
                ask(values)


@pytest.mark.parametrize("curve", NONNEGATIVE, ids=repr)
def test_nonnegative_signals_are_easier(curve: Curve) -> None:
    signed = dataclasses.replace(curve, nonnegative=False)
    inside = DELTAS[DELTAS < 1]
    assert (curve.rho(inside) > signed.rho(inside)).all()


FINITE = [curve for curve in CURVES if isinstance(curve, StatisticalDimension)]
finite = pytest.mark.parametrize("curve", FINITE, ids=repr)


@finite
def test_success_falls_with_the_nonzeros_and_rises_with_the_measurements(curve: StatisticalDimension) -> None:
    def falls(ask: Callable[[Any], float], values: Any) -> None:
        chances = np.array([ask(value) for value in values])
        assert ((chances >= 0) & (chances <= 1)).all()
        assert (np.diff(chances) <= 1e-15).all()
        assert chances[0] > 0.999
        assert chances[-1] < 0.001

    falls(lambda k: curve.success(k, 100, 200), np.linspace(1, 100, 60))
    falls(lambda m: curve.success(30, m, 200), np.linspace(199, 31, 60))


@finite
def test_at_the_finite_sparsity_success_is_an_even_bet_and_it_tends_to_the_curve(curve: StatisticalDimension) -> None:
    for m, n in ((20, 50), (100, 200), (400, 2000)):
        assert curve.success(curve.finite_sparsity(m, n), m, n) == pytest.approx(0.5, abs=1e-8)
    assert curve.finite_sparsity(500_000, 1_000_000) == pytest.approx(curve.k(500_000, 1_000_000), rel=1e-5)
    assert curve.success(200, 200, 200) == 1


@finite
def test_success_refuses_sizes_without_meaning(curve: StatisticalDimension) -> None:
    for k, m, n in ((0, 10, 20), (11, 10, 20), (5, 21, 20), (float("nan"), 10, 20)):
        with pytest.raises(ValueError, match="0 < k <= m <= n"):
            curve.success(k, m, n)
    for m, n in ((20, 20), (0, 20), (1, 1)):
        with pytest.raises(ValueError):
            curve.finite_sparsity(m, n)
