"""The matrix-free Jacobian of a 64-300-100-10 network on 500 samples beside the dense matrix, in one run."""

from __future__ import annotations

import tracemalloc

import numpy as np
from _timing import row, seconds

from sparsecs import Linear, Network, Relu, Tanh, linearize, stream

NETWORK = Network((64,), (Linear(300), Relu(), Linear(100), Tanh(), Linear(10)))


def main() -> None:
    theta = NETWORK.init(stream(0, "theta"))
    inputs = stream(0, "inputs").standard_normal((500, 64))
    tracemalloc.start()
    J = linearize(NETWORK, theta, inputs)
    x, y = np.ones(J.shape[1]), np.ones(J.shape[0])
    _ = J.H @ y, J @ x
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(
        f"Jacobian {J.shape[0]} x {J.shape[1]}: held {J.nbytes / 1e6:.1f} MB, peak with products {peak / 1e6:.1f} MB,"
    )
    print(f"  dense {J.nbytes_dense / 1e9:.2f} GB; memory ratio {J.nbytes_dense / peak:.0f} (bar: under 64 MB)")
    dense = J.dense(limit=4 * 10**9)
    assert np.allclose(J.H @ y, dense.T @ y)
    assert np.allclose(J @ x, dense @ x)
    print(row("A.H @ y", seconds(lambda: J.H @ y), seconds(lambda: dense.T @ y, 3), "dense", 20))
    print(row("A @ x", seconds(lambda: J @ x), seconds(lambda: dense @ x, 3), "dense", 20))
    norms = seconds(J.column_norms), seconds(lambda: np.linalg.norm(dense, axis=0), 1)
    print(row("A.column_norms()", *norms, "dense", 1))
    print(row("A.gram(), the tangent kernel", seconds(J.gram, 1), seconds(lambda: dense @ dense.T, 1), "dense", 1))
    operations = 2 * 500 * sum(a * b for a, b in ((65, 300), (301, 100), (101, 10))) + 2 * 5000 * 410
    speed = operations / seconds(lambda: J.H @ y) / 1e9
    print(f"A.H @ y needs {operations / 1e6:.0f} million operations: {speed:.0f} GFLOP/s reached")


if __name__ == "__main__":
    main()
