"""Many processes that compile into one empty cache at once all get right answers, and so does one that comes afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from numba import float32, float64
from rooms import ROOT

from sparsecs.kernels._cache import _NamedByContent
from sparsecs.kernels._entrywise import soft

PROCESSES = 8
WORK = """
import sys
import numpy as np
from sparsecs import hard_threshold, soft_threshold

KINDS = [np.float64, np.float32]
turn = int(sys.argv[1])
for kind in KINDS[turn % 2:] + KINDS[:turn % 2]:  # processes ask in different orders, so that numbers of files could clash
    x = np.array([3, -0.5, -2, 4], dtype=kind)
    assert soft_threshold(x, 1.0).tolist() == [2, 0, -1, 3], (kind, soft_threshold(x, 1.0))
    assert hard_threshold(x, 1.0).tolist() == [3, 0, -2, 4], (kind, hard_threshold(x, 1.0))
    assert soft_threshold(x, 1.0).dtype == kind
print("right")
"""


def started(cache: Path, turn: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", WORK, str(turn)],
        cwd=ROOT,
        env={**os.environ, "NUMBA_CACHE_DIR": str(cache)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_processes_that_compile_at_once_do_not_mix_up_their_files(tmp_path: Path) -> None:
    together = [started(tmp_path, turn) for turn in range(PROCESSES)]
    for process in [*together, started(tmp_path, 0)]:
        said, complaint = process.communicate(timeout=300)
        assert process.returncode == 0, complaint
        assert said == "right\n"
    assert list(tmp_path.rglob("*.nbi")), "nothing was kept, so nothing was tried"


def test_a_writer_that_is_overtaken_does_not_change_what_another_reads(tmp_path: Path) -> None:
    """Both see an empty index, and the second is done before the first writes its data: so numba's own files get mixed up."""
    slow, quick, reader = (_NamedByContent(str(tmp_path), "function", "stamp") for _ in range(3))
    write = slow._save_data

    def overtaken(name: str, data: str) -> None:
        quick._load_index = dict
        quick.save((float64,), "code for float64")
        write(name, data)

    slow._save_data = overtaken
    slow.save((float32,), "code for float32")
    assert reader.load((float64,)) in (None, "code for float64")
    assert reader.load((float32,)) in (None, "code for float32")
    assert {reader.load((float64,)), reader.load((float32,))} != {None}


def test_the_kernels_of_this_package_use_files_named_by_content() -> None:
    assert type(soft._cache._cache_file) is _NamedByContent
