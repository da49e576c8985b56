"""Free functions on plain arrays, compiled where it pays. No classes, no knowledge of problems or solvers."""

from sparsecs.kernels._cache import name_files_by_content

name_files_by_content("sparsecs")
