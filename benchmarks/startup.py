"""What a newcomer waits for: the import, and the first solve in a fresh process with compiled kernels in the cache."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter

from sparsecs import Solver
from sparsecs.core.family import members

SOLVE = (
    "from sparsecs import *\n"
    "p = plant(Gaussian().draw(100, 200, stream(0, 'A')), Signs(), 10, stream(0, 'x'))\n"
    "s = {}()\n"
    "pairs = [j // 2 for j in range(200)] if isinstance(s, GroupLasso) else None\n"
    "assert solve(p.operator, p.y, s, sparsity=None if pairs else 10, groups=pairs).x.shape == (200,)"
)


def cases() -> dict[str, tuple[str, float]]:
    """What is run, and the most seconds it should take."""
    solvers = members("sparsecs.solvers", Solver)
    return {"import sparsecs": ("import sparsecs", 1.0)} | {
        f"first {name}": (SOLVE.format(name), 2.0) for name in solvers
    }


def fresh(code: str) -> float:
    """Seconds of a whole Python process, its own start included."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return perf_counter() - start


def main() -> None:
    bare = median(fresh("pass") for _ in range(5))
    print(f"fresh processes, medians of three; Python alone takes {bare:.2f} s of each")
    for name, (code, bar) in cases().items():
        fresh(code)
        took = median(fresh(code) for _ in range(3))
        print(
            f"{name:<24} {took:6.2f} s   bar {bar:g} s, ratio {bar / took:.1f}: {'reached' if took < bar else 'MISSED'}"
        )


if __name__ == "__main__":
    main()
