"""Where the house stands, which families it has, and a fresh process to look at it from outside."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

from sparsecs.core.family import members
from sparsecs.curves.base import Curve
from sparsecs.denoisers.base import Denoiser
from sparsecs.guarantees.base import Guarantee
from sparsecs.losses.base import Loss
from sparsecs.networks.inputs.base import Inputs
from sparsecs.networks.layers.base import Layer
from sparsecs.operators.base import Operator
from sparsecs.penalties.base import Penalty
from sparsecs.problems.ensembles.base import Ensemble
from sparsecs.problems.signals.base import Signal
from sparsecs.problems.supports.base import Support
from sparsecs.solvers.base import Solver
from sparsecs.sweeps.trial import Trial

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "sparsecs"

DECLARED = {
    "sparsecs.networks.layers": Layer,
    "sparsecs.networks.inputs": Inputs,
    "sparsecs.denoisers": Denoiser,
    "sparsecs.losses": Loss,
    "sparsecs.penalties": Penalty,
    "sparsecs.curves": Curve,
    "sparsecs.guarantees": Guarantee,
    "sparsecs.problems.ensembles": Ensemble,
    "sparsecs.problems.signals": Signal,
    "sparsecs.problems.supports": Support,
    "sparsecs.solvers": Solver,
    "sparsecs.trials": Trial,
}
FAMILIES = {**DECLARED, "sparsecs.operators": Operator}

MEMBERS = [cls for package, base in FAMILIES.items() for cls in members(package, base).values()]
DECLARATIONS = [
    cls for package, base in DECLARED.items() if base is not Trial for cls in members(package, base).values()
]


def sources(*folders: str) -> list[Path]:
    """The Python files under some folders of the repository, without caches."""
    found = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [file for file in found if "__pycache__" not in file.parts]


def short(file: Path) -> str:
    """A file's place in the repository, as a test's name."""
    return file.relative_to(ROOT).as_posix()


def tree(file: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(file.read_text(encoding="utf-8"))


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a fresh Python process answers, run in the root of the repository."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
