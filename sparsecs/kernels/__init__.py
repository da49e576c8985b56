"""Free functions on plain arrays, compiled where it pays. No classes, no knowledge of problems or solvers."""

import contextlib

with contextlib.suppress(ImportError):  # a numba that builds its cache otherwise keeps its own way
    from sparsecs.kernels._cache import name_files_by_content

    name_files_by_content("sparsecs")
