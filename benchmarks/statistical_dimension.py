"""Seconds a draw of the projection on the image of a descent cone, beside Clarabel through cvxpy on the same draw.

cvxpy compiles the program once, with the draw as a parameter; only later solves count, the first draw of both is thrown away.
The answers of both are compared: the column "apart" is the distance of the squared norms, as a part of |g|².

    python benchmarks/statistical_dimension.py [200 500 1000]
"""

from __future__ import annotations

import sys
import warnings
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from _timing import seconds

from sparsecs import (
    L1,
    Gaussian,
    GroupL2,
    Linear,
    Network,
    Relu,
    linearize,
    statistical_dimension,
    stream,
)
from sparsecs.geometry._cone_projection import ConeImage
from sparsecs.geometry._roots import reduced_root
from sparsecs.geometry.descent_cone import descent_cone

BAR = 10.0  # times quicker than an interior-point method


def roots(n: int) -> dict[str, np.ndarray]:
    """Covariances: independent rows of a Gaussian matrix, neighbours with correlation 0.9, features of a ReLU network."""
    i = np.arange(n)
    width = max(2, round((n - 1) / 22))
    network = Network((20,), (Linear(width), Relu(), Linear(1)))
    inputs = stream(0, "inputs").standard_normal((2 * n, 20))
    features = linearize(network, network.init(stream(0, "theta")), inputs).dense()
    return {
        "Gaussian, 2n rows": Gaussian().draw(2 * n, n, stream(0, "R")).dense(),
        "correlation 0.9": np.linalg.cholesky(0.9 ** np.abs(i[:, None] - i)).T,
        f"ReLU 20-{width}-1, n = {features.shape[1]}": features / np.linalg.norm(features, axis=0),
    }


def program(R: np.ndarray, x: np.ndarray, groups: np.ndarray | None) -> Any:
    """The same in cvxpy."""
    import cvxpy as cp

    d, g, on = cp.Variable(x.size), cp.Parameter(R.shape[0]), np.flatnonzero(x)
    if groups is None:
        growth = np.sign(x[on]) @ d[on] + cp.norm1(d[np.flatnonzero(x == 0)])
    else:
        blocks = cp.reshape(d, (-1, 4), order="C")
        dead = np.flatnonzero(~x.reshape(-1, 4).any(axis=1))
        unit = x.reshape(-1, 4) / np.maximum(np.linalg.norm(x.reshape(-1, 4), axis=1), 1e-300)[:, None]
        growth = unit.ravel() @ d + cp.sum(cp.norm(blocks[dead], axis=1))
    problem = cp.Problem(cp.Minimize(cp.sum_squares(R @ d - g)), [growth <= 0])

    def solve(draw: np.ndarray) -> float:
        g.value = draw
        problem.solve(solver=cp.CLARABEL)
        return float(np.sum((R @ d.value) ** 2))

    return solve


def race(name: str, R: np.ndarray, penalty: Any, x: np.ndarray, groups: np.ndarray | None) -> None:
    start = perf_counter()
    root, _ = reduced_root(R, None, x.size, False)
    image = ConeImage(descent_cone(penalty, x, groups), root)
    prepared = perf_counter() - start
    draws = stream(1, "g").standard_normal((9, root.shape[0]))
    own, norms = [], []
    for g in draws:
        start = perf_counter()
        norms.append(image.project(g).norm)
        own.append(perf_counter() - start)
    solve, theirs, apart = program(root, x, groups), [], []
    for g, norm in list(zip(draws, norms, strict=True))[: 2 if x.size > 600 else 4]:
        start = perf_counter()
        apart.append(abs(solve(g) - norm) / float(g @ g))
        theirs.append(perf_counter() - start)
    ratio = median(theirs[1:]) / median(own[1:])
    print(
        f"  {name:<28} n {x.size:<5} prepared {prepared:6.3f} s  a draw {median(own[1:]) * 1e3:8.2f} ms (worst "
        f"{max(own[1:]) * 1e3:7.2f})  Clarabel {median(theirs[1:]):7.3f} s  ratio {ratio:8.1f}  apart {max(apart):.0e}  "
        f"bar {BAR:g}: {'reached' if ratio >= BAR else 'MISSED'}",
        flush=True,
    )


def main(*sizes: str) -> None:
    warnings.simplefilter("ignore")
    for n in [int(size) for size in sizes] or [200, 500, 1000]:
        for name, R in roots(n).items():
            size = R.shape[1]
            x = np.where(stream(0, "x", size).permutation(size) < size // 20, 1.0, 0.0)
            race(f"l1, {name}", R, L1(), x, None)
            if size % 4 == 0 and name.startswith(("Gaussian", "corr")):
                race(f"groups of 4, {name}", R, GroupL2(), np.repeat(x[: size // 4], 4), np.arange(size) // 4)
        x = np.where(np.arange(n) < n // 20, 1.0, 0.0)
        exact = seconds(lambda x=x: statistical_dimension(L1(), x), 3)
        drawn = seconds(lambda x=x: statistical_dimension(L1(), x, method="draws", draws=200), 3)
        print(f"  no matrix, n {n}: integral {exact * 1e3:.1f} ms, 200 draws {drawn * 1e3:.1f} ms", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
