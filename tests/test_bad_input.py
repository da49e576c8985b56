"""Bad input is refused at the face, in words that say what was asked and what was got; good input in odd clothes is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from coins import Coin

from sparsecs import (
    AMP,
    IHT,
    L1,
    OMP,
    BasisPursuit,
    BasisPursuitDenoising,
    Gaussian,
    GroupL2,
    Problem,
    ProximalGradient,
    Recovery,
    Signs,
    Solver,
    Sweep,
    answer,
    as_operator,
    fit_transition,
    grid,
    plant,
    run,
    solve,
    solve_each,
    stream,
    success_curves,
)
from sparsecs.core.family import members

NAN, INF = float("nan"), float("inf")
A = stream(0, "A").standard_normal((4, 8))
Y = A[:, 2] * 3
GROUPED = ProximalGradient(GroupL2())
METHODS = "There are: " + ", ".join(members("sparsecs.solvers", Solver))
DAMAGED = A.copy()
DAMAGED[1, 2] = NAN


def endless(sign: float) -> np.ndarray:
    damaged = A.copy()
    damaged[3, 7] = sign * INF
    return damaged


MEASURED: list[tuple[str, Any, type, str]] = [
    ("short", Y[:3], ValueError, r"^y has shape \(3,\) but the operator measures 4 values\.$"),
    ("long", np.ones(8), ValueError, r"^y has shape \(8,\) but the operator measures 4 values\.$"),
    ("column", Y[:, None], ValueError, r"answers one y of shape \(4,\); got shape \(4, 1\)\. Use \.ravel\(\)"),
    ("row", Y[None], ValueError, r"^y has shape \(1, 4\) but the operator measures 4 values\. Use \.ravel\(\)"),
    ("matrix", A, ValueError, r"answers one y of shape \(4,\); got shape \(4, 8\)\. Use solve_each"),
    ("number", 1.0, ValueError, r"^y has shape \(\) but the operator measures 4 values\.$"),
    ("empty", [], ValueError, r"^y has shape \(0,\) but the operator measures 4 values\.$"),
    ("nan", [1, NAN, 1, NAN], ValueError, r"^y must be finite; entry 1 is nan \(2 of 4 are not finite\)\. Remove or"),
    ("inf", [1, 1, 1, -INF], ValueError, r"^y must be finite; entry 3 is -inf \(1 of 4 are not finite\)\. Remove or"),
    ("words", list("abcd"), TypeError, r"^y must hold numbers; got an array of dtype <U1\.$"),
    ("ragged", [[1, 2], [3]], TypeError, r"^y must be an array of numbers; its rows have different lengths\.$"),
    ("nothing", None, TypeError, r"^y must hold numbers; got a NoneType\.$"),
    ("complex", Y * 1j, TypeError, r"^BasisPursuitDenoising works on real data; A is float64 and y is complex128\.$"),
    ("masked", np.ma.masked_array(Y, [0, 1, 0, 0]), (TypeError, ValueError), r"^y .*masked"),
]

MATRICES: list[tuple[str, Any, type, str]] = [
    ("vector", Y, ValueError, r"^The matrix has shape \(4,\) but two axes were asked for"),
    ("cube", np.ones((4, 2, 2)), ValueError, r"^The matrix has shape \(4, 2, 2\) but two axes were asked for"),
    ("no rows", np.ones((0, 8)), ValueError, r"^The matrix has shape \(0, 8\); it needs at least one row"),
    ("no columns", np.ones((4, 0)), ValueError, r"^The matrix has shape \(4, 0\); it needs at least one row"),
    ("empty list", [], ValueError, r"^The matrix has shape \(0,\) but two axes were asked for"),
    ("nan", DAMAGED, ValueError, r"^The matrix must be finite; entry \(1, 2\) is nan \(1 of 32 are not finite\)"),
    ("inf", endless(1), ValueError, r"^The matrix must be finite; entry \(3, 7\) is inf \(1 of 32"),
    ("-inf", endless(-1), ValueError, r"^The matrix must be finite; entry \(3, 7\) is -inf \(1 of 32"),
    ("sparse nan", scipy.sparse.csr_array(DAMAGED), ValueError, r"^The stored entries .* must be finite; entry .* nan"),
    ("words", np.array([list("ab")] * 4), TypeError, r"^The matrix must hold numbers; got an array of dtype <U1\.$"),
    ("ragged", [[1, 2], [3]], TypeError, r"^The matrix must be an array of numbers; its rows have different lengths"),
    ("objects", A.astype(object), TypeError, r"^The matrix must hold numbers; got an array of dtype object\.$"),
    (
        "complex",
        A * 1j,
        TypeError,
        r"^BasisPursuitDenoising works on real data; A is complex128 and y is complex128\.$",
    ),
    ("none", None, TypeError, r"^A is a NoneType; an array, a SciPy sparse matrix, .* was asked for\.$"),
    ("word", "A", TypeError, r"^A is a str; an array, .* was asked for\.$"),
    ("masked", np.ma.masked_array(A, A > 1), (TypeError, ValueError), r"^The matrix .*masked"),
]

SPARSITIES: list[tuple[Any, type, str]] = [
    (5, ValueError, r"^sparsity must be between 1 and 4; got 5\. No method finds more .* measurements \(4\)\.$"),
    (0, ValueError, r"^sparsity must be between 1 and 4; got 0\.$"),
    (-1, ValueError, r"^sparsity must be between 1 and 4; got -1\."),
    (True, TypeError, r"^sparsity must be a whole number; got the truth value True\.$"),
    (2.5, TypeError, r"^sparsity must be a whole number; got 2\.5\.$"),
    (2.0, TypeError, r"^sparsity must be a whole number; got 2\.0\. Give int\(2\.0\)\.$"),
    ("3", TypeError, r"^sparsity must be a whole number; got '3'\.$"),
    ([3], TypeError, r"^sparsity must be a whole number; got \[3\]\.$"),
]

SOLVERS: list[tuple[Any, type, str]] = [
    ("OPM", ValueError, rf"^There is no solver called 'OPM'\. Did you mean OMP\? {METHODS}\.$"),
    ("basis pursuit", ValueError, r"^There is no solver called 'basis pursuit'\. Did you mean BasisPursuit\?"),
    ("simplex", ValueError, rf"^There is no solver called 'simplex'\. {METHODS}\.$"),
    (OMP, TypeError, r"^solver must be a solver such as OMP\(\), or its name; got <class '.*\.OMP'>\.$"),
    (None, TypeError, r"^solver must be a solver such as OMP\(\), or its name; got None\.$"),
    (L1(), TypeError, r"^solver must be a solver such as OMP\(\), or its name; got L1\(lower=None, upper=None\)\.$"),
    (IHT(), ValueError, r"^IHT needs the number of nonzeros: give sparsity=, a whole number from 1 to 4\.$"),
    (GROUPED, ValueError, r"^GroupL2\(root_size=False\) needs groups: give groups=, a label for each of the 8 columns"),
]

LABELS = r"^groups must label each of the 8 columns by a whole number; got "
GROUPS: list[tuple[str, Any, type, str]] = [
    ("short", [0] * 7, ValueError, LABELS + r"shape \(7,\), int64\.$"),
    ("empty", [], ValueError, LABELS + r"shape \(0,\)"),
    ("real", np.zeros(8), ValueError, LABELS + r"shape \(8,\), float64\.$"),
    ("column", np.repeat([0, 1], 4)[:, None], ValueError, LABELS + r"shape \(8, 1\), int64"),
    ("words", list("aabbccdd"), TypeError, r"^groups must hold numbers; got an array of dtype <U1\.$"),
    ("number", 3, (TypeError, ValueError), r"^groups .*3"),
    ("overlap", [[0, 1, 2, 3], [3, 4, 5, 6, 7]], ValueError, r"^Group 1 names a column .* that another group has"),
    ("twice", [[0, 1, 2, 3, 3], [4, 5, 6, 7]], ValueError, r"^Group 0 names a column twice"),
    ("missing", [[0, 1, 2, 3], [5, 6, 7]], ValueError, r"^Column 4 is in no group; .* must cover all 8 columns\.$"),
    ("outside", [[0, 1, 2, 3], [4, 5, 6, 7, 8]], ValueError, r"^group 1 must lie between 0 and 7; got 4 to 8\.$"),
    ("negative", [[0, 1, 2, -1], [4, 5, 6, 7]], ValueError, r"^group 0 must lie between 0 and 7; got -1 to 2\.$"),
]

PLANTED = Problem(A, Y, truth=np.eye(8)[2] * 3)
TRIAL = Recovery(Gaussian(), Signs(), OMP())
ELSEWHERE: list[tuple[str, Callable[[], Any], Any, str]] = [
    ("groups unused", lambda: solve(A, Y, AMP(), groups=[0] * 8), ValueError, r"^AMP has no form for groups; leave"),
    (
        "weights unused",
        lambda: solve(A, Y, OMP(), weights=np.ones(8)),
        ValueError,
        r"^OMP has no form for weights; leave",
    ),
    (
        "weights zero",
        lambda: Problem(A, Y, weights=np.zeros(8)),
        ValueError,
        r"^weights must be above zero, or infinite",
    ),
    ("weights short", lambda: Problem(A, Y, weights=np.ones(7)), ValueError, r"^weights must be 8 real numbers"),
    (
        "each vector",
        lambda: solve_each(A, Y, OMP()),
        ValueError,
        r"^Y has shape \(4,\) but the operator measures 4 values: one row .* use solve, or Y\[:, None\]\.$",
    ),
    ("each short", lambda: solve_each(A, Y[:3, None], OMP()), ValueError, r"^Y has shape \(3, 1\) but the operator"),
    ("answer name", lambda: answer(Problem(A, Y), "OMP"), TypeError, r"solver .*'OMP'"),
    ("answer pair", lambda: answer((A, Y), OMP()), TypeError, r"problem .*got \("),
    ("truth", lambda: Problem(A, Y, truth=Y), ValueError, r"^truth has shape \(4,\) but the operator has 8 columns"),
    ("no truth", lambda: Problem(A, Y).error(np.ones(8)), ValueError, r"^The problem has no truth to compare with"),
    ("error short", lambda: PLANTED.error(np.ones(7)), ValueError, r"^x has shape \(7,\) but the .* 8 "),
    ("error column", lambda: PLANTED.error(np.ones((8, 1))), ValueError, r"^x has shape \(8, 1\) but the .* 8 "),
    ("product", lambda: as_operator(A) @ Y, ValueError, r"has shape \(4,\) but this Dense of shape \(4, 8\) takes 8"),
    ("columns", lambda: as_operator(A).columns([8]), ValueError, r"^support must lie between 0 and 7; got 8 to 8"),
    ("plant k", lambda: plant(A, Signs(), 5, stream(0)), ValueError, r"^sparsity must be between 1 and 4; got 5\.$"),
    ("plant rng", lambda: plant(A, Signs(), 2, 0), TypeError, r"^rng must .*; got 0"),
    ("plant class", lambda: plant(A, Signs, 2, stream(0)), TypeError, r"^signal must .*; got <class"),
    ("plant noise", lambda: plant(A, Signs(), 2, stream(0), -1), ValueError, r"^noise must be at least zero .* got -1"),
    ("tolerance", lambda: OMP(tolerance=0), ValueError, r"^tolerance must be above zero and finite; got 0\.$"),
    ("iterations", lambda: IHT(max_iterations=0), ValueError, r"^max_iterations must be at least 1; got 0\.$"),
    ("penalty", lambda: ProximalGradient("L1"), TypeError, r"^penalty must be a penalty such as L1\(\); got 'L1'\.$"),
    ("no cells", lambda: Sweep(TRIAL, []), ValueError, r"^The sweep has no cells; make some with grid\("),
    (
        "lacking",
        lambda: Sweep(TRIAL, grid(n=8, k=1)),
        ValueError,
        r"^Recovery needs m in every cell; .*'n': 8}\) lacks",
    ),
    ("no trial", lambda: Sweep(OMP(), grid(k=1)), TypeError, r"^trial must be a trial such as .*; got OMP\("),
    ("trial class", lambda: Sweep(Coin, grid(k=1)), TypeError, r"^trial must be a trial such as .*; got <class"),
    ("run trial", lambda: run(TRIAL), TypeError, r"[Ss]weep.* got Recovery\("),
    (
        "k above m",
        lambda: run(Sweep(TRIAL, grid(n=8, m=4, k=5))),
        ValueError,
        r"^sparsity must be between 1 and 4; got 5",
    ),
    ("real k", lambda: run(Sweep(TRIAL, grid(n=8, m=4, k=1.5))), TypeError, r"must be a whole number; got 1\.5"),
    ("curves", lambda: success_curves(run(Sweep(Coin(), grid(k=[1])))), TypeError, r"^diagrams must .*; got <Diagram"),
    ("one place", lambda: fit_transition([1], [9], [3]), ValueError, r"two places or more; all were made at one"),
]


def table(rows: list[tuple], named: bool = True) -> list[Any]:
    return [pytest.param(*row[named:], id=str(row[0]) if named else repr(row[0])[:20]) for row in rows]


@pytest.mark.parametrize(("y", "kind", "message"), table(MEASURED))
def test_a_wrong_y_is_refused(y: Any, kind: type, message: str) -> None:
    with pytest.raises(kind, match=message):
        solve(A, y, BasisPursuitDenoising())


@pytest.mark.parametrize(("matrix", "kind", "message"), table(MATRICES))
def test_a_wrong_matrix_is_refused(matrix: Any, kind: type, message: str) -> None:
    with pytest.raises(kind, match=message):
        solve(matrix, Y, BasisPursuitDenoising())


@pytest.mark.parametrize(("k", "kind", "message"), table(SPARSITIES, named=False))
@pytest.mark.parametrize("solver", [OMP(), BasisPursuit(), IHT()], ids=lambda solver: type(solver).__name__)
def test_a_wrong_sparsity_is_refused_whether_it_is_needed_or_not(solver: Any, k: Any, kind: type, message: str) -> None:
    with pytest.raises(kind, match=message):
        solve(A, Y, solver, sparsity=k)


@pytest.mark.parametrize(("solver", "kind", "message"), table(SOLVERS, named=False))
def test_a_wrong_solver_is_refused(solver: Any, kind: type, message: str) -> None:
    with pytest.raises(kind, match=message):
        solve(A, Y, solver)


@pytest.mark.parametrize(("groups", "kind", "message"), table(GROUPS))
def test_wrong_groups_are_refused(groups: Any, kind: type, message: str) -> None:
    with pytest.raises(kind, match=message):
        solve(A, Y, GROUPED, groups=groups)


@pytest.mark.parametrize(("act", "kind", "message"), table(ELSEWHERE))
def test_wrong_input_elsewhere_is_refused(act: Callable[[], Any], kind: Any, message: str) -> None:
    with pytest.raises(kind, match=message):
        act()


@pytest.mark.parametrize(
    "matrix",
    [
        np.eye(3, dtype=int),
        np.eye(3, dtype=bool),
        np.eye(3, dtype=np.uint8),
        np.eye(3, dtype=np.float16),
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        np.matrix(np.eye(3)),
        scipy.sparse.eye_array(3, dtype=int, format="csr"),
        scipy.sparse.coo_matrix(np.eye(3)),
        np.asfortranarray(np.eye(6)[::2, ::2]),
        np.eye(3).astype(">f8"),
    ],
    ids=lambda matrix: f"{type(matrix).__name__}-{getattr(matrix, 'dtype', '')}",
)
@pytest.mark.parametrize(
    "y", [[0, 2, 0], np.array([0, 2, 0], dtype=np.int8), (0.0, 2.0, 0.0)], ids=["list", "i1", "tuple"]
)
def test_good_input_in_odd_clothes_is_let_in(matrix: Any, y: Any) -> None:
    for solver in ("OMP", "omp", OMP(), BasisPursuit()):
        result = solve(matrix, y, solver, sparsity=np.int64(1))
        assert result.x == pytest.approx([0, 2, 0], abs=1e-3 if result.x.dtype == np.float32 else 1e-9)
        assert result.x.dtype.kind == "f"


def test_truth_values_count_as_noughts_and_ones() -> None:
    assert solve(np.eye(3, dtype=bool), np.array([False, True, False]), OMP()).x.tolist() == [0.0, 1.0, 0.0]


def test_input_is_not_changed() -> None:
    matrix, y = A.copy(), Y.copy()
    for solver in (OMP(), BasisPursuit(), ProximalGradient()):
        solve(matrix, y, solver)
    assert np.array_equal(matrix, A)
    assert np.array_equal(y, Y)


@pytest.mark.parametrize("root_size", [False, True])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_group_without_columns_is_refused_or_means_nothing(root_size: bool, place: int) -> None:
    solver, groups = ProximalGradient(GroupL2(root_size), relative_weight=0.3), [[0, 1, 2], [3, 4, 5, 6, 7]]
    expected = solve(A, Y, solver, groups=groups).x
    groups.insert(place, [])
    try:
        found = solve(A, Y, solver, groups=groups).x
    except ValueError:
        return  # refused, which is sound too
    assert found == pytest.approx(expected, abs=1e-12)
