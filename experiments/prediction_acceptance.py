"""The predictions on matrices that nobody looked at while ``predict`` was made: other architectures, seeds and sizes.

Measured with 240 trials or a few more each and judged like the panel, once.

    sparsecs run experiments/prediction_acceptance.py
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
    StudentT,
)

CASES = (
    ensemble_case("Gaussian", Gaussian(), 250, 800, 74.9, 4.9, seed=101),
    ensemble_case("lognormal 0.7", LognormalColumns(0.7), 180, 500, 23.6, 7.8, seed=102),
    ensemble_case("lognormal 1.5", LognormalColumns(1.5), 200, 400, 8.4, 6.5, seed=103),
    ensemble_case("Student t 2.5", StudentT(2.5), 150, 450, 42.8, 5.9, seed=104),
    ensemble_case("AR(1) 0.8", Autoregressive(0.8), 160, 600, 43.5, 6.1, seed=105),
    ensemble_case("partial DCT", PartialDCT(), 150, 700, 37.9, 3.1, seed=106),
    ensemble_case("partial Hadamard", PartialHadamard(), 180, 512, 58.5, 5.2, seed=107),
    ensemble_case("Khatri-Rao 6", GaussianKhatriRao(6), 150, 400, 41.3, 5.2, seed=108),
    ensemble_case("Khatri-Rao 3", GaussianKhatriRao(3), 90, 250, 18.0, 7.0, seed=109),
    ensemble_case("Kronecker 12 × 20", GaussianKronecker((12, 20)), 180, 500, 35.7, 10.0, seed=110),
    ensemble_case("Kronecker 5 × 10", GaussianKronecker((5, 10)), 100, 300, 15.5, 8.5, seed=111),
    ensemble_case("circulant", PartialCirculant(), 160, 500, 47.5, 3.4, seed=112),
    ensemble_case("circulant 20", PartialCirculant(20), 160, 400, 21.1, 8.7, seed=113),
    ensemble_case("circulant 9", PartialCirculant(9), 150, 320, 11.3, 7.7, seed=114),
    network_case("30-20-1 tanh Gaussian raw", 220, 28.7, 4.5, seed=115),
    network_case("16-40-1 relu Gaussian unit", 240, 66.8, 6.7, seed=116),
    network_case("25-24-1 relu Gaussian raw", 260, 38.5, 8.1, seed=117),
    network_case("40-12-2 tanh Gaussian unit", 200, 66.0, 6.1, seed=118),
    network_case("15-20-4 relu Gaussian raw", 200, 60.2, 5.7, seed=119),
    network_case("16-16-16-1 tanh Gaussian raw", 220, 27.5, 11.3, seed=120),
    network_case("14-20-20-2 relu Gaussian unit", 240, 52.6, 13.7, seed=121),
    network_case("6-100-1 tanh Gaussian raw", 200, 4.8, 4.3, seed=122),
    network_case("61-12-1 relu digits raw", 260, 25.0, 12.0, seed=124),
    network_case("61-10-10-1 tanh digits raw", 240, 20.0, 11.0, seed=126),
)
SWEEP = {case.label: case.sweep(trials=240, places=16) for case in CASES}
table, report, figure = judged.views(CASES, f"Basis pursuit on {len(CASES)} matrices that were not looked at")
