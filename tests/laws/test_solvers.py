"""Every solver answers easy problems, in every form in which they can be asked, and says what it did."""

from __future__ import annotations

import json
import pickle
from itertools import islice

import naive
import numpy as np
import pytest
import scipy.sparse
from laws.solver_cases import CASES, FITTING, FOUND, PENALIZED, Case, distance, over, planted
from scipy.sparse.linalg import LinearOperator, aslinearoperator

import sparsecs
from sparsecs.core.declaration import rebuild
from sparsecs.core.randomness import stream
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.linearize import linearize
from sparsecs.networks.network import Network
from sparsecs.problems.problem import Problem
from sparsecs.solvers.normalized_iht import NormalizedIHT
from sparsecs.solvers.omp import OMP
from sparsecs.solvers.result import Status
from sparsecs.solvers.solve import answer, solve

SOLVERS = pytest.mark.parametrize("cls", FOUND.values(), ids=list(FOUND))


@over(FITTING)
def test_a_small_problem_is_answered_by_its_best_subset(case: Case) -> None:
    for seed in range(5):
        A, _, y = planted(40, 14, 2, seed)
        assert distance(case.ask(A, y, 2).x, naive.best_subset(A, y, 2)) <= 10 * case.solver.tolerance


@over(CASES)
def test_the_four_doors_lead_to_one_answer(case: Case) -> None:
    network = Network((40,), (Linear(2, bias=False),))
    J = linearize(network, network.init(stream(0, "theta")), stream(0, "inputs").standard_normal((30, 40)))
    A, x = J.dense(), np.zeros(80)
    x[[4, 5, 60]] = 1.0, -2.0, 1.5
    y = A @ x
    first = case.ask(A, y, 3)
    assert first.x.any()
    counted = LinearOperator(A.shape, matvec=lambda v: A @ v, rmatvec=lambda u: A.T @ u, dtype=float)
    for door in (scipy.sparse.csr_array(A), scipy.sparse.csc_matrix(A), aslinearoperator(A), counted, J, J.H.H):
        other = case.ask(door, y, 3)
        assert other.status == first.status
        assert distance(other.x, first.x) <= 1e-9
    assert distance(case.ask(A, y.tolist(), 3).x, first.x) == 0


@over(CASES)
def test_single_precision_stays_single(case: Case) -> None:
    A, x, y = planted(dtype=np.float32)
    for door in (A, scipy.sparse.csc_array(A), aslinearoperator(A)):
        result = case.ask(door, y, 4)
        assert result.x.dtype == result.residual.dtype == np.float32
        assert result.status.reached
        double = case.ask(A.astype(float), y.astype(float), 4)
        assert distance(result.x, double.x) <= 2e-4
        if case.fits:
            assert distance(result.x, x) <= 1e-4
        assert case.ask(door, y.astype(float), 4).x.dtype == np.float32


@over(CASES)
def test_the_loop_stops_at_its_limit(case: Case) -> None:
    A, _, y = planted()
    result = case.limited(1).ask(A, y, 4 if case.solver.needs_sparsity else None)  # k would be OMP's limit
    assert result.iterations == 1
    assert result.status in (Status.LIMIT, Status.OPTIMAL)


@over(CASES)
def test_a_solver_is_written_down_and_read_back(case: Case) -> None:
    solver = case.solver
    written = json.loads(json.dumps(solver.describe()))
    for copy in (pickle.loads(pickle.dumps(solver)), rebuild(written), eval(repr(solver), vars(sparsecs).copy())):
        assert copy == solver
        assert type(copy) is type(solver)
        assert copy.fingerprint() == solver.fingerprint()
        assert hash(copy) == hash(solver)
    assert case.limited(7).solver.fingerprint() != solver.fingerprint()


@SOLVERS
def test_a_solver_is_found_by_its_name_and_says_what_it_does(cls: type) -> None:
    A, _, y = planted()
    assert len(cls.solves.split()) > 3
    assert (cls.__doc__ or "").strip()
    problem = Case(cls()).problem(A, y, 4)
    parts = {"sparsity": problem.sparsity, "groups": problem.groups, "weights": problem.weights}
    by_name = solve(A, y, cls.__name__.lower(), **parts)
    assert np.array_equal(by_name.x, answer(problem, cls()).x)


@pytest.mark.parametrize("cls", [cls for cls in FOUND.values() if not cls.complex_data], ids=lambda cls: cls.__name__)
def test_complex_numbers_are_refused_by_those_who_cannot_use_them(cls: type) -> None:
    A, _, y = planted()
    for matrix, measured in ((A + 0j, y), (A, y + 0j), (scipy.sparse.csr_array(A + 0j), y), (A.astype("c8"), y)):
        with pytest.raises(TypeError, match=f"{cls.__name__} works on real data"):
            solve(matrix, measured, cls(), sparsity=4)


@SOLVERS
def test_what_a_solver_needs_is_asked_for_and_what_it_cannot_use_is_refused(cls: type) -> None:
    A, _, y = planted()
    if cls.needs_sparsity:
        with pytest.raises(ValueError, match=f"{cls.__name__} needs the number of nonzeros: give sparsity="):
            solve(A, y, cls())
    else:
        assert Case(cls()).ask(A, y, None).x.shape == (80,)
    if not cls.uses_groups:
        with pytest.raises(ValueError, match=f"{cls.__name__} has no form for groups"):
            solve(A, y, cls(), sparsity=4, groups=np.arange(80) // 2)


@over(PENALIZED)
def test_groups_are_asked_for_exactly_where_they_are_used(case: Case) -> None:
    A, _, y = planted()
    with pytest.raises(ValueError, match="groups"):
        answer(Problem(A, y, groups=None if case.groups else np.arange(80)), case.solver)


@SOLVERS
def test_several_columns_and_weights_are_refused_by_those_who_have_no_form_for_them(cls: type) -> None:
    A, _, y = planted()
    if not cls.joint:
        for columns, hint in ((1, "ravel"), (3, "solve_each")):
            with pytest.raises(ValueError, match=f"{cls.__name__} answers one y.*{hint}"):
                solve(A, np.tile(y[:, None], columns), cls(), sparsity=4)
    if not cls.uses_weights:
        with pytest.raises(ValueError, match=f"{cls.__name__} has no form for weights"):
            solve(A, y, cls(), sparsity=4, weights=np.ones(80))


@SOLVERS
def test_settings_without_meaning_are_refused(cls: type) -> None:
    for wrong in ({"tolerance": 0}, {"tolerance": -1}, {"tolerance": np.nan}, {"max_iterations": 0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            cls(**wrong)
    with pytest.raises(TypeError, match="max_iterations"):
        cls(max_iterations=2.5)
    with pytest.raises(TypeError):
        cls(no_such_setting=1)


@over(CASES)
def test_problems_that_make_no_sense_are_refused_in_words(case: Case) -> None:
    A, _, y = planted()
    sick = y.copy()
    sick[3] = np.nan
    for matrix, measured, k, words in (
        (A, y[:-1], 4, r"y has shape \(69,\) but the operator measures 70"),
        (A, y[None, :], 4, "ravel"),
        (A, sick, 4, "entry 3 is nan"),
    ):
        with pytest.raises(ValueError, match=words):
            case.ask(matrix, measured, k)
    for k, words in ((0, "sparsity must be between 1 and 70"), (71, "No method finds more nonzeros")):
        with pytest.raises(ValueError, match=words):
            answer(Problem(A, y, sparsity=k), case.solver)
    with pytest.raises(ValueError, match=r"between 1 and 40; got 41\. With groups it counts groups"):
        Problem(A, y, sparsity=41, groups=np.arange(80) // 2)
    with pytest.raises(TypeError, match="whole number"):
        answer(Problem(A, y, sparsity=2.5), case.solver)


def test_a_solver_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no solver called 'OPM'. Did you mean OMP\?"):
        solve(np.eye(2), [1, 2], "OPM")
    for wrong in (OMP, 3, None):
        with pytest.raises(TypeError, match="solver must be a solver"):
            solve(np.eye(2), [1, 2], wrong)


def test_every_status_is_a_sentence() -> None:
    for status in Status:
        assert status.value[0].isupper() or status.value.startswith("x = 0")
        assert status.value.endswith(".")
        assert len(status.value.split()) > 5
    assert len({status.value for status in Status}) == len(Status)


def test_omp_walks_the_path_of_its_slow_twin() -> None:
    for seed in range(5):
        A = stream(seed, "omp").standard_normal((20, 40)) * np.logspace(-2, 2, 40)
        y = stream(seed, "omp", "y").standard_normal(20)
        for k, iterate in enumerate(OMP().iterates(Problem(A, y, sparsity=12)), start=1):
            assert np.count_nonzero(iterate.x) == k
            assert distance(iterate.x, naive.omp(A, y, k)) <= 1e-9


def test_omp_with_one_nonzero_is_the_best_subset() -> None:
    A, y = stream(0, "omp").standard_normal((6, 20)), stream(1, "omp").standard_normal(6)
    assert distance(solve(A, y, OMP(), sparsity=1).x, naive.best_subset(A, y, 1)) <= 1e-12


@pytest.mark.parametrize("name", ["Gaussian", "coherent", "uneven", "with zeros"])
def test_the_objective_of_normalized_iht_never_rises(name: str) -> None:
    rng = stream(0, "objective")
    A = {
        "Gaussian": rng.standard_normal((20, 60)),
        "coherent": rng.standard_normal((20, 60)) + 5,
        "uneven": rng.standard_normal((20, 60)) * np.logspace(-3, 3, 60),
        "with zeros": rng.standard_normal((20, 60)) * (rng.random(60) < 0.5),
    }[name]
    for k in (1, 5, 15):
        y = rng.standard_normal(20)
        objective = [np.linalg.norm(y)]
        for iterate in islice(NormalizedIHT().iterates(Problem(A, y, sparsity=k)), 150):
            objective.append(np.linalg.norm(iterate.residual))
        assert len(objective) > 2
        assert (np.diff(objective) <= 1e-12 * objective[0]).all()
