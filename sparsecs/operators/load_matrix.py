"""A matrix from a file: NumPy's .npy and .npz, SciPy's sparse .npz, Matlab's .mat, and text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator

TEXT = (".csv", ".txt", ".tsv")
KINDS = (".npy", ".npz", ".mat", *TEXT)


def load_matrix(path: str | os.PathLike[str], name: str | None = None) -> Operator:
    """The matrix that a file holds, as an operator.

    Parameters
    ----------
    path : str or path
        ``.npy``; ``.npz`` with a SciPy sparse matrix or with arrays; ``.mat`` up to version 7, dense or sparse; ``.csv``,
        ``.txt`` and ``.tsv`` with a row of the matrix a line, between commas, semicolons, tabs or spaces, after any number
        of comment lines that begin with # and at most one line of headings.
    name : str, optional
        Which of the file's variables, for ``.npz`` and ``.mat`` files that hold several matrices.

    Raises
    ------
    ValueError
        If the file's kind is unknown, or it holds no matrix, or several and none is named.
    OSError
        If it cannot be read.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import numpy as np
    >>> from sparsecs import load_matrix
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.save(pathlib.Path(folder) / "A.npy", np.eye(3))
    ...     load_matrix(pathlib.Path(folder) / "A.npy")
    <Dense 3 x 3, float64>
    """
    file = Path(path)
    kind = file.suffix.lower()
    if kind not in KINDS:
        raise ValueError(f"{file} ends in {kind or 'nothing'}; a matrix is read from {', '.join(KINDS)}.")
    if not file.is_file():
        raise FileNotFoundError(f"{file} is not a file that can be read.")
    found = _from_text(file) if kind in TEXT else _chosen(_variables(file, kind), name, file)
    if getattr(found, "ndim", 2) != 2:
        raise ValueError(f"{file} holds an array of shape {found.shape}; a matrix has two axes.")
    return as_operator(found)


def _variables(file: Path, kind: str) -> dict[str, Any]:
    """The file's variables by name."""
    try:
        if kind == ".mat":
            from scipy.io import loadmat

            return {key: value for key, value in loadmat(file).items() if not key.startswith("__")}
        held = np.load(file, allow_pickle=False)
        if kind == ".npy":
            return {"": held}
        with held:
            if "format" not in held.files:
                return {key: held[key] for key in held.files}
    except NotImplementedError:
        raise ValueError(f"{file} is a Matlab file of version 7.3; save it with -v7, or as .npy.") from None
    except (ValueError, EOFError) as error:
        raise ValueError(f"{file} cannot be read as {kind}: {error}") from None
    except OSError:
        raise
    except Exception as error:  # the readers of foreign formats raise many kinds
        raise ValueError(f"{file} cannot be read as {kind}: {type(error).__name__}: {error}") from None
    from scipy.sparse import load_npz

    return {"": load_npz(file)}


def _chosen(variables: dict[str, Any], name: str | None, file: Path) -> Any:
    if name is not None and "" not in variables:
        if name not in variables:
            raise ValueError(f"{file} has no variable {name!r}; it has: {', '.join(variables) or 'none'}.")
        return variables[name]
    matrices = {key: value for key, value in variables.items() if getattr(value, "ndim", 0) == 2 and _numbers(value)}
    if len(matrices) == 1 or "" in variables:
        return next(iter(matrices.values() if matrices else variables.values()))
    if not matrices:
        raise ValueError(f"{file} holds no matrix of numbers; its variables are: {', '.join(variables) or 'none'}.")
    raise ValueError(f"{file} holds several matrices; name one of: {', '.join(matrices)}.")


def _numbers(value: Any) -> bool:
    return np.dtype(value.dtype).kind in "buifc" and 0 not in value.shape


def _from_text(file: Path) -> np.ndarray:
    lines = [line.split("#")[0].strip() for line in file.read_text(encoding="utf-8-sig", errors="replace").splitlines()]
    rows = [_fields(line) for line in lines if line]
    if rows and not _is_number(rows[0][0]):
        rows = rows[1:]
    if not rows:
        raise ValueError(f"{file} holds no numbers.")
    lengths = {len(row) for row in rows}
    if len(lengths) > 1:
        raise ValueError(f"The rows of {file} have different lengths: {min(lengths)} to {max(lengths)} entries.")
    for number, row in enumerate(rows, 1):
        for entry in row:
            if not _is_number(entry):
                raise ValueError(f"Row {number} of {file} holds {entry!r}, which is no number.")
    values = np.array([[complex(entry) for entry in row] for row in rows])
    return values if values.imag.any() else values.real


def _fields(line: str) -> list[str]:
    for mark in (";", "\t", ","):
        if mark in line:
            return [entry.strip() for entry in line.strip(mark).split(mark)]
    return line.split()


def _is_number(entry: str) -> bool:
    try:
        complex(entry)
    except ValueError:
        return False
    return True
