"""What a newcomer waits for: the import, and the first solve in a fresh process with compiled kernels in the cache."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter

IMPORT = "import sparsecs"
SOLVE = (
    "from sparsecs import *\n"
    "p = plant(Gaussian().draw(100, 200, stream(0, 'A')), Signs(), 10, stream(0, 'x'))\n"
    "assert p.error(answer(p, {}).x) < {}"
)
CASES = {
    "import sparsecs": (IMPORT, 1.0),
    "first OMP": (SOLVE.format("OMP()", 1e-6), 2.0),
    "first NormalizedIHT": (SOLVE.format("NormalizedIHT()", 1e-6), 2.0),
    "first BasisPursuit": (SOLVE.format("BasisPursuit()", 1e-6), 2.0),
    "first ProximalGradient": (SOLVE.format("ProximalGradient()", 0.1), 2.0),
}


def fresh(code: str) -> float:
    """Seconds of a whole Python process, its own start included."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return perf_counter() - start


def main() -> None:
    bare = median(fresh("pass") for _ in range(5))
    print(f"fresh processes, medians of five; Python alone takes {bare:.2f} s of each")
    for name, (code, bar) in CASES.items():
        fresh(code)
        took = median(fresh(code) for _ in range(5))
        print(
            f"{name:<24} {took:6.2f} s   bar {bar:g} s, ratio {bar / took:.1f}: {'reached' if took < bar else 'MISSED'}"
        )


if __name__ == "__main__":
    main()
