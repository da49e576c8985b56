"""Whether the main job uses both cores: processor time over wall time, and its wall time on one worker and on two."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from time import perf_counter


def run(workers: int, trials: int) -> tuple[float, float]:
    """Wall seconds, and processor seconds for each of them, of ``sparsecs demo``."""
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = perf_counter()
        command = [
            sys.executable,
            "-m",
            "sparsecs",
            "demo",
            "--trials",
            str(trials),
            "--workers",
            str(workers),
            "--out",
            folder,
        ]
        subprocess.run(command, check=True, capture_output=True)
        wall = perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / wall


def main() -> None:
    one, one_busy = run(1, 20)
    two, two_busy = run(2, 20)
    print(f"sparsecs demo on one worker:  {one:6.1f} s, {one_busy:.2f} cores busy")
    print(f"sparsecs demo on two workers: {two:6.1f} s, {two_busy:.2f} cores busy, {one / two:.2f} times as fast")
    print(f"bar 90 s on two cores, ratio {90 / two:.1f}: {'reached' if two < 90 else 'MISSED'}")


if __name__ == "__main__":
    main()
