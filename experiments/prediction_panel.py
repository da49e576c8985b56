"""Where does basis pursuit stop finding sparse signals? 52 matrices, measured and predicted, and the predictions judged.

24 matrices from the ensembles and 28 Jacobians of networks: of depth 1 to 3 and width 8 to 64, tanh and relu, on Gaussian inputs
and on the digits, with one output and several, as they are and with unit columns.

Two constants of ``predict``, the scale of its prior and how much wider spreads are where the null space is concentrated, were
chosen by looking at these matrices. The clean figures are those of prediction_acceptance.py, where nobody had looked. Odd and
even seeds are reported apart as well, so that whoever changes a constant can look at one half and report the other.

    sparsecs run experiments/prediction_panel.py
"""

from __future__ import annotations

import judged_predictions as judged
from predicted_and_measured import ensemble_case, network_case

from sparsecs import (
    Autoregressive,
    Gaussian,
    GaussianKhatriRao,
    GaussianKronecker,
    LognormalColumns,
    PartialCirculant,
    PartialDCT,
    PartialHadamard,
    Rademacher,
    SpikedCovariance,
    StudentT,
)

CASES = (
    ensemble_case("Gaussian", Gaussian(), 100, 250, 35.0, 4.0, seed=1),
    ensemble_case("Gaussian", Gaussian(), 60, 300, 14.6, 2.3, seed=2),
    ensemble_case("Rademacher", Rademacher(), 80, 200, 28.3, 3.9, seed=3),
    ensemble_case("lognormal 0.5", LognormalColumns(0.5), 100, 250, 20.4, 6.3, seed=4),
    ensemble_case("lognormal 1", LognormalColumns(1.0), 100, 250, 9.1, 5.2, seed=5),
    ensemble_case("lognormal 2", LognormalColumns(2.0), 120, 300, 3.6, 3.5, seed=6),
    ensemble_case("Student t 3", StudentT(3.0), 80, 200, 26.0, 3.3, seed=7),
    ensemble_case("Student t 2.1", StudentT(2.1), 60, 200, 14.4, 2.3, seed=8),
    ensemble_case("AR(1) 0.5", Autoregressive(0.5), 80, 200, 26.5, 3.4, seed=9),
    ensemble_case("AR(1) 0.95", Autoregressive(0.95), 100, 300, 30.5, 2.8, seed=10),
    ensemble_case("AR(1) -0.8", Autoregressive(-0.8), 80, 200, 27.2, 4.0, seed=11),
    ensemble_case("partial DCT", PartialDCT(), 80, 200, 27.7, 3.4, seed=12),
    ensemble_case("partial DCT", PartialDCT(), 60, 300, 15.0, 2.1, seed=13),
    ensemble_case("partial Hadamard", PartialHadamard(), 64, 256, 17.1, 2.3, seed=14),
    ensemble_case("partial Hadamard", PartialHadamard(), 120, 256, 44.6, 4.4, seed=15),
    ensemble_case("spiked 3", SpikedCovariance(3, 100.0), 80, 200, 27.8, 3.5, seed=16),
    ensemble_case("Khatri-Rao 4", GaussianKhatriRao(4), 80, 200, 21.4, 4.3, seed=17),
    ensemble_case("Khatri-Rao 8", GaussianKhatriRao(8), 96, 300, 22.2, 3.6, seed=18),
    ensemble_case("Kronecker 8 × 12", GaussianKronecker((8, 12)), 80, 240, 14.3, 5.1, seed=19),
    ensemble_case("Kronecker 10 × 20", GaussianKronecker((10, 20)), 120, 400, 18.6, 7.2, seed=20),
    ensemble_case("circulant", PartialCirculant(), 80, 200, 27.6, 4.2, seed=21),
    ensemble_case("circulant 40", PartialCirculant(40), 80, 200, 23.6, 5.7, seed=22),
    ensemble_case("circulant 12", PartialCirculant(12), 100, 240, 6.4, 5.3, seed=23),
    ensemble_case("circulant 6", PartialCirculant(6), 120, 240, 7.5, 6.6, seed=24),
    network_case("20-16-1 tanh Gaussian raw", 150, 9.9, 7.8, seed=25),
    network_case("20-16-1 tanh Gaussian unit", 150, 49.9, 6.2, seed=26),
    network_case("20-16-1 relu Gaussian raw", 150, 14.4, 9.1, seed=27),
    network_case("20-16-1 relu Gaussian unit", 150, 49.9, 3.7, seed=28),
    network_case("12-24-1 tanh Gaussian raw", 120, 3.7, 5.8, seed=29),
    network_case("5-64-1 relu Gaussian unit", 150, 28.9, 9.2, seed=30),
    network_case("5-64-1 tanh Gaussian raw", 120, 3.7, 5.7, seed=31),
    network_case("10-32-1 relu Gaussian raw", 140, 7.8, 7.7, seed=32),
    network_case("12-12-12-1 tanh Gaussian raw", 130, 17.1, 10.1, seed=33),
    network_case("12-12-12-1 relu Gaussian raw", 130, 11.5, 8.1, seed=34),
    network_case("12-12-12-1 relu Gaussian unit", 130, 33.5, 7.7, seed=35),
    network_case("10-10-10-10-1 tanh Gaussian unit", 140, 33.9, 6.0, seed=36),
    network_case("10-10-10-10-1 relu Gaussian raw", 140, 10.9, 7.1, seed=37),
    network_case("12-16-3 tanh Gaussian raw", 120, 35.1, 5.6, seed=38),
    network_case("12-16-3 relu Gaussian unit", 120, 40.7, 5.0, seed=39),
    network_case("10-16-5 tanh Gaussian raw", 125, 33.6, 8.1, seed=40),
    network_case("8-32-2 relu Gaussian raw", 140, 21.8, 6.2, seed=41),
    network_case("8-12-12-4 tanh Gaussian raw", 120, 15.8, 11.9, seed=42),
    network_case("61-8-1 tanh digits raw", 150, 8.8, 8.5, seed=43),
    network_case("61-8-1 relu digits unit", 150, 32.9, 13.9, seed=44),
    network_case("61-8-1 relu digits raw", 200, 22.1, 12.2, seed=45),
    network_case("61-8-10 tanh digits raw", 200, 15.8, 10.5, seed=46),
    network_case("61-8-10 relu digits unit", 200, 8.6, 5.1, seed=47),
    network_case("61-8-3 relu digits raw", 180, 20.3, 12.9, seed=48, most=1000),
    network_case("61-8-8-1 tanh digits unit", 160, 24.7, 11.5, seed=49),
    network_case("61-8-8-1 relu digits raw", 200, 13.5, 11.2, seed=50, most=1000),
    network_case("61-8-8-8-1 tanh digits raw", 160, 11.2, 8.3, seed=51, most=1000),
    network_case("61-8-8-4 tanh digits raw", 180, 21.6, 13.7, seed=52, most=1000),
)
SWEEP = {case.label: case.sweep() for case in CASES}
table, report, figure = judged.views(CASES, f"Basis pursuit on {len(CASES)} matrices")
