"""A matrix comes out of a file as it went in, and a file that holds none is told so."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.io
import scipy.sparse

from sparsecs.core.randomness import stream
from sparsecs.operators.load_matrix import load_matrix

REAL = stream(0, "matrix").standard_normal((3, 5)).round(6)
COMPLEX = REAL + 1j * stream(1, "matrix").standard_normal((3, 5)).round(6)
THIN = scipy.sparse.csr_array(np.where(np.abs(REAL) > 1, REAL, 0))


@pytest.mark.parametrize("matrix", [REAL, COMPLEX, REAL.astype(np.float32), (10 * REAL).astype(int)])
def test_numpy_and_matlab_files_give_back_what_was_saved(tmp_path, matrix):
    np.save(tmp_path / "a.npy", matrix)
    np.savez(tmp_path / "a.npz", A=matrix, label=np.array("not a matrix"), size=np.array([3, 5]))
    scipy.io.savemat(tmp_path / "a.mat", {"A": matrix, "title": "words"})
    for ending in ("npy", "npz", "mat"):
        found = load_matrix(tmp_path / f"a.{ending}")
        assert np.array_equal(found.dense(), matrix), ending


def test_sparse_files_stay_sparse(tmp_path):
    scipy.sparse.save_npz(tmp_path / "a.npz", scipy.sparse.csc_matrix(THIN))
    scipy.io.savemat(tmp_path / "a.mat", {"A": scipy.sparse.csc_matrix(THIN)})
    for ending in ("npz", "mat"):
        found = load_matrix(tmp_path / f"a.{ending}")
        assert type(found).__name__ == "Sparse"
        assert np.array_equal(found.dense(), THIN.toarray())


@pytest.mark.parametrize("mark", [",", ";", "\t", " ", ", "])
@pytest.mark.parametrize("matrix", [REAL, COMPLEX])
def test_text_is_read_with_every_usual_mark_and_headings(tmp_path, mark, matrix):
    lines = [mark.join(str(entry) for entry in row) for row in matrix.tolist()]
    for number, head in enumerate([[], ["# about it"], [mark.join("abcde")], ["", "# about it", mark.join("abcde")]]):
        file = tmp_path / f"{number}.csv"
        file.write_text("\n".join([*head, *lines]) + "\n")
        assert np.array_equal(load_matrix(file).dense(), matrix)


def test_of_several_matrices_one_has_to_be_named(tmp_path):
    np.savez(tmp_path / "two.npz", A=REAL, B=COMPLEX)
    scipy.io.savemat(tmp_path / "two.mat", {"A": REAL, "B": COMPLEX})
    for ending in ("npz", "mat"):
        with pytest.raises(ValueError, match="several matrices; name one of: A, B"):
            load_matrix(tmp_path / f"two.{ending}")
        assert np.array_equal(load_matrix(tmp_path / f"two.{ending}", "B").dense(), COMPLEX)
        with pytest.raises(ValueError, match="no variable 'C'; it has: A, B"):
            load_matrix(tmp_path / f"two.{ending}", "C")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "1,2\n3\n", "different lengths: 1 to 2"),
        ("a.csv", "1,2\n3,x\n", "Row 2 of .* holds 'x'"),
        ("a.csv", "", "no numbers"),
        ("a.csv", "a,b\n", "no numbers"),
        ("a.csv", "1,nan\n", "finite"),
        ("a.npy", "not numpy", "cannot be read as .npy"),
        ("a.npz", "not numpy", "cannot be read as .npz"),
        ("a.mat", "not matlab" * 40, "cannot be read as .mat"),
        ("a.csv", "\x00\x01\udcff", "no numbers"),
        ("a.doc", "1", "is read from .npy"),
        ("a", "1", "ends in nothing"),
    ],
)
def test_what_is_no_matrix_is_refused_with_a_reason(tmp_path, name, text, said):
    (tmp_path / name).write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ValueError, match=said):
        load_matrix(tmp_path / name)


def test_arrays_that_are_no_matrix_are_refused(tmp_path):
    np.save(tmp_path / "v.npy", np.ones(3))
    np.save(tmp_path / "cube.npy", np.ones((2, 2, 2)))
    np.save(tmp_path / "words.npy", np.array([["a", "b"]]))
    np.save(tmp_path / "things.npy", np.array([[None, {}]]), allow_pickle=True)
    np.savez(tmp_path / "empty.npz", a=np.ones((0, 3)))
    scipy.io.savemat(tmp_path / "none.mat", {"title": "words"})
    for name, error in [("v.npy", "two axes"), ("cube.npy", "two axes"), ("things.npy", "cannot be read")]:
        with pytest.raises(ValueError, match=error):
            load_matrix(tmp_path / name)
    with pytest.raises(TypeError, match="numbers"):
        load_matrix(tmp_path / "words.npy")
    for name in ("empty.npz", "none.mat"):
        with pytest.raises(ValueError, match="no matrix of numbers"):
            load_matrix(tmp_path / name)
    with pytest.raises(FileNotFoundError, match=r"nowhere[.]npy is not a file"):
        load_matrix(tmp_path / "nowhere.npy")
