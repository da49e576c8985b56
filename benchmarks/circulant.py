"""The geometry of circular convolutions from their kernels beside the dense matrix, where that can be formed, in one run."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from _timing import row, seconds

from sparsecs import Circulant, KhatriRao, Kronecker, circulant, coherence, stream

LAYERS = [((1, 1, 64), 2000), ((4, 4, 9), 256), ((16, 16, 9), 64)]  # the dense matrix is formed
LARGE = [((1, 1, 64), 100_000), ((16, 16, 9), 1024), ((16, 16, 1024), 1024)]


def kernels(shape: tuple[int, int, int]) -> np.ndarray:
    return stream(0, "kernels", *shape).standard_normal(shape) / np.sqrt(shape[0] * shape[2])


def beside_dense(shape: tuple[int, int, int], size: int) -> None:
    operator = Circulant(kernels(shape), size)
    dense, x = operator.dense(), stream(0, "x").standard_normal(operator.shape[1])
    geometry = circulant(operator)
    values = np.linalg.svd(dense, compute_uv=False)
    assert np.allclose(geometry.singular_values, values, rtol=0, atol=1e-9)
    assert abs(geometry.coherence - coherence(dense)) < 1e-9
    assert np.allclose(operator @ x, dense @ x)
    print(f"{shape[0]} x {shape[1]} kernels of length {shape[2]}, period {size}: {dense.shape[0]} x {dense.shape[1]}")
    print(row("  A @ x", seconds(lambda: operator @ x), seconds(lambda: dense @ x), "dense", 1))
    ours = seconds(lambda: circulant(operator).singular_values, 3)
    print(row("  singular values", ours, seconds(lambda: np.linalg.svd(dense, compute_uv=False), 1), "dense", 100))
    ours = seconds(lambda: circulant(operator).coherence, 3)
    print(row("  coherence", ours, seconds(lambda: coherence(dense), 1), "dense", 10))


def alone(shape: tuple[int, int, int], size: int) -> None:
    print(f"{shape[0]} x {shape[1]} kernels of length {shape[2]}, period {size}:")
    geometry = circulant(kernels(shape), size)
    for name, work in {
        "singular values": lambda: geometry.singular_values,
        "coherence": lambda: geometry.coherence,
        "mean coherence and babel(30)": lambda: (geometry.mean_coherence, geometry.babel(30)),
        "isometry constants of order 2": lambda: geometry.restricted_isometry(2),
        "bounds of order 10": lambda: geometry.restricted_isometry(10, normalize=True),
        "removal of each kernel": geometry.removal_table,
    }.items():
        start = perf_counter()
        found = work()
        print(f"  {name:<32} {perf_counter() - start:8.3f} s")
        if name.startswith("bounds"):
            print("    " + repr(found).replace("\n", "\n    "))


def products() -> None:
    rng = stream(0, "factors")
    for kind, left, right in ((Kronecker, (40, 60), (50, 40)), (KhatriRao, (40, 2400), (50, 2400))):
        operator = kind(rng.standard_normal(left), rng.standard_normal(right))
        dense, x = operator.dense(), rng.standard_normal(operator.shape[1])
        assert np.allclose(operator @ x, dense @ x)
        y = dense @ x
        print(
            f"{kind.__name__} of {left} and {right}: held {operator.nbytes / 1e6:.2f} MB, dense {dense.nbytes / 1e6:.0f} MB"
        )
        print(row("  A @ x", seconds(lambda o=operator, x=x: o @ x), seconds(lambda d=dense, x=x: d @ x), "dense", 1))
        print(
            row(
                "  A.H @ y", seconds(lambda o=operator, y=y: o.H @ y), seconds(lambda d=dense, y=y: d.T @ y), "dense", 1
            )
        )
        norms = seconds(lambda d=dense: np.linalg.norm(d, axis=0), 3)
        print(row("  column norms", seconds(operator.column_norms), norms, "dense", 1))


def main() -> None:
    for shape, size in LAYERS:
        beside_dense(shape, size)
    for shape, size in LARGE:
        alone(shape, size)
    products()


if __name__ == "__main__":
    main()
