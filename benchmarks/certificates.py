"""Is a support recoverable? The dual certificate beside solving basis pursuit by HiGHS, and beside the same program by HiGHS.

    PYTHONPATH=benchmarks python benchmarks/certificates.py [small|middle|wide ...]

One thread. Gaussian matrices with k below, at and above the weak transition of l1, and far below, where the shortest dual vector
decides at once. The verdicts of all roads are compared before they are timed. The bar is a tenth of the time of HiGHS, and on
the smallest size its time.
"""

from __future__ import annotations

import sys

import numpy as np
from _timing import row, seconds
from scipy.optimize import linprog
from threadpoolctl import threadpool_limits

from sparsecs import dual_certificate, exact_recovery_coefficient, irrepresentable, is_recoverable, stream

SIZES = {
    "small": (50, 200, (3, 9, 12, 16)),
    "middle": (250, 1000, (8, 40, 67, 90)),
    "wide": (100, 2000, (3, 9, 13, 20)),
}
BARS = {"small": 1, "middle": 10, "wide": 10}


def drawn(m: int, n: int, k: int, complex_data: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = stream(0, "certificates", m, n, k)
    A, signs = rng.standard_normal((m, n)) / np.sqrt(m), rng.choice([-1.0, 1.0], k)
    if complex_data:
        A = A + 1j * rng.standard_normal((m, n)) / np.sqrt(m)
    return A, np.sort(rng.choice(n, k, replace=False)), signs


def by_basis_pursuit(A: np.ndarray, support: np.ndarray, signs: np.ndarray) -> bool:
    """Whether HiGHS gives back the signal."""
    n = A.shape[1]
    x = np.zeros(n)
    x[support] = signs
    found = linprog(np.ones(2 * n), A_eq=np.hstack([A, -A]), b_eq=A @ x, method="highs")
    return bool(np.abs(found.x[:n] - found.x[n:] - x).max() < 1e-6)


def by_dual_program(A: np.ndarray, support: np.ndarray, signs: np.ndarray) -> float:
    """min over nu with A_S^T nu = s of the largest |a_j^T nu|, as it is written, by HiGHS."""
    m, n = A.shape
    rest = np.delete(A, support, axis=1)
    found = linprog(
        np.append(np.zeros(m), 1),
        A_ub=np.block([[rest.T, -np.ones((n - support.size, 1))], [-rest.T, -np.ones((n - support.size, 1))]]),
        b_ub=np.zeros(2 * (n - support.size)),
        A_eq=np.hstack([A[:, support].T, np.zeros((support.size, 1))]),
        b_eq=signs,
        bounds=(None, None),
    )
    return float(found.fun)


def compare(name: str) -> None:
    m, n, sparsities = SIZES[name]
    for k in sparsities:
        case = drawn(m, n, k)
        found = dual_certificate(*case, seconds=None)
        print(f"{m} x {n}, k = {k}: {found}")
        verdict = is_recoverable(*case)
        ours = seconds(lambda case=case: is_recoverable(*case), 3)
        whole = seconds(lambda case=case: dual_certificate(*case, seconds=None), 3)
        pursuit = seconds(lambda case=case: by_basis_pursuit(*case), 1)
        if by_basis_pursuit(*case) != verdict:
            print("  basis pursuit gives another verdict")
        print("  " + row("is_recoverable", ours, pursuit, "basis pursuit, HiGHS", BARS[name]))
        if found.method != "least squares":
            least, program = by_dual_program(*case), seconds(lambda case=case: by_dual_program(*case), 1)
            print(f"  least value {found.value:.9f}, HiGHS {least:.9f}")
            print("  " + row("dual_certificate", whole, program, "dual program, HiGHS", BARS[name]))
            turned = drawn(m, n, k, complex_data=True)
            print(f"  complex: {seconds(lambda turned=turned: is_recoverable(*turned), 3) * 1e3:.1f} ms")
    products = seconds(lambda: case[0].T @ (case[0] @ np.ones(n)), 9)
    for verb, args in ((irrepresentable, case), (exact_recovery_coefficient, case[:2])):
        took = seconds(lambda verb=verb, args=args: verb(*args), 9)
        print(
            f"  {verb.__name__}, k = {k}: {took * 1e3:.2f} ms, {took / products:.1f} times a product with A and one with A^T"
        )


def main() -> None:
    with threadpool_limits(1):
        for name in sys.argv[1:] or list(SIZES):
            compare(name)


if __name__ == "__main__":
    main()
