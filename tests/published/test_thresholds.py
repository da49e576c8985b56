"""The weak threshold beside values that others have computed."""

from __future__ import annotations

import pytest
from agreement.exact_probability import found, found_nonnegative, lost, lost_nonnegative

from sparsecs import Curve, DonohoTanner, StatisticalDimension

# Donoho and Tanner (2005, 2009), evaluated to eight digits by three routes: the parametric form of Donoho, Maleki and
# Montanari (2009), the statistical dimension, and the face-counting exponents.
WEAK = {0.1: 0.18942937, 0.5: 0.38568967, 0.9: 0.67816938}
WEAK_NONNEGATIVE = {0.1: 0.24097590, 0.5: 0.55822769, 0.9: 0.90265723}
# Donoho (2006) and Donoho and Tanner (2005): the exponents of lost faces, evaluated to eight digits
STRONG = {0.1: 0.04880193, 0.5: 0.08941644, 0.9: 0.14041643}
SECTIONAL = {0.1: 0.10842796, 0.5: 0.19022155, 0.9: 0.29063939}
STRONG_SIMPLEX = {0.1: 0.06013095, 0.5: 0.13345654, 0.9: 0.26655840}
curves = pytest.mark.parametrize("family", [DonohoTanner, StatisticalDimension])


@curves
@pytest.mark.parametrize("delta", WEAK)
def test_the_weak_threshold_has_its_published_values(family: type[Curve], delta: float) -> None:
    assert family().rho(delta) == pytest.approx(WEAK[delta], abs=1e-8)


@pytest.mark.parametrize("curve", [DonohoTanner(cone="simplex"), StatisticalDimension(nonnegative=True)], ids=repr)
@pytest.mark.parametrize("delta", WEAK_NONNEGATIVE)
def test_the_nonnegative_weak_threshold_has_its_published_values(curve: Curve, delta: float) -> None:
    assert curve.rho(delta) == pytest.approx(WEAK_NONNEGATIVE[delta], abs=1e-8)


@pytest.mark.parametrize(
    ("curve", "values"),
    [
        (DonohoTanner("strong"), STRONG),
        (DonohoTanner("sectional"), SECTIONAL),
        (DonohoTanner("strong", "simplex"), STRONG_SIMPLEX),
    ],
    ids=repr,
)
def test_the_strong_and_sectional_thresholds_have_their_values(curve: Curve, values: dict[float, float]) -> None:
    for delta, rho in values.items():
        assert curve.rho(delta) == pytest.approx(rho, abs=6e-9)


@curves
def test_half_the_measurements_carry_the_sparsity_of_monajemi_and_donoho(family: type[Curve]) -> None:
    # predictPT(1/2, 'R') of the authors' package: k/n, not k/m
    assert 0.5 * family().rho(0.5) == pytest.approx(0.1928448, abs=1e-7)


def test_exact_probabilities_of_small_sizes_are_reproduced() -> None:
    # Affentranger and Schneider (1992); (2/pi) arccos(1/3) and 7/8 follow from elementary geometry
    assert found(1, 2, 3) == pytest.approx(0.7836531040612, abs=1e-12)
    assert found(2, 4, 8) == pytest.approx(0.5157065140, abs=1e-10)
    assert found_nonnegative(1, 2, 4) == pytest.approx(7 / 8, abs=1e-12)


@pytest.mark.parametrize(("k", "m", "n"), [(1, 2, 4), (2, 4, 8), (5, 20, 40)])
def test_exact_probabilities_and_their_complements_add_to_one(k: int, m: int, n: int) -> None:
    assert found(k, m, n) + lost(k, m, n) == pytest.approx(1, abs=1e-12)
    assert found_nonnegative(k, m, n) + lost_nonnegative(k, m, n) == pytest.approx(1, abs=1e-12)
