"""The check of solvers names the law that a broken one breaks; tests/laws asks it of every solver of this package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparsecs import OMP, GroupLasso, Iterate, Problem, Solver, Status, StOMP, stream
from sparsecs.testing import check_solver, incoherent_dictionaries

FLAT = stream(0, "flat").standard_normal((60, 90))


@dataclass(frozen=True)
class Sound(Solver):
    """OMP, with its parts where they can be exchanged one by one."""

    needs_sparsity: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "greedy choice of columns, for tests"

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        for iterate in OMP().iterates(problem):
            yield self.seen(problem, iterate)

    def seen(self, problem: Problem, iterate: Iterate) -> Iterate:
        return iterate

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return OMP().stop(problem, before, now)

    def limit(self, problem: Problem) -> int:
        return min(self.max_iterations, OMP().limit(problem))


def broken(**parts: Any) -> Solver:
    """The sound solver with other parts."""
    return dataclass(frozen=True)(type("Broken", (Sound,), parts))()


def other_x(change: Any, status: Status | None = None) -> Any:
    """Iterates with x changed, and a residual that fits it."""

    def seen(self: Sound, problem: Problem, iterate: Iterate) -> Iterate:
        x = change(problem, iterate.x)
        return Iterate(x, problem.y - problem.operator @ x, status or iterate.status)

    return seen


def in_place(self: Sound, problem: Problem) -> Iterator[Iterate]:
    x = problem.nothing()
    for iterate in OMP().iterates(problem):
        x[...] = iterate.x
        yield Iterate(x, iterate.residual, iterate.status)


def absolute(self: Sound, problem: Problem) -> Iterator[Iterate]:
    for iterate in OMP().iterates(problem):
        done = Status.SOLVED if np.linalg.norm(iterate.residual) < 1e-6 else iterate.status
        yield Iterate(iterate.x, iterate.residual, done)
        if done:
            return


def short_of_small(problem: Problem, x: np.ndarray) -> np.ndarray:
    return np.where(np.abs(x) < 1e-6, 0, x)


def unit_columns(self: Sound, problem: Problem) -> Iterator[Iterate]:
    """Divides by the norms of columns, zero or not."""
    norms = problem.operator.column_norms()
    A = problem.operator.dense() / norms
    for iterate in OMP().iterates(Problem(np.nan_to_num(A), problem.y, problem.sparsity)):
        x = iterate.x / norms
        yield Iterate(x, problem.y - problem.operator @ x, iterate.status)


def written_to(self: Sound, problem: Problem) -> Iterator[Iterate]:
    y = problem.y
    y[0] = y[0] + 1e-30
    yield from OMP().iterates(problem)


def by_doors(problem: Problem, x: np.ndarray) -> np.ndarray:
    return x if problem.operator.at_hand is not None else x * (1 + 1e-7)


def counted(problem: Problem, x: np.ndarray, calls: list = []) -> np.ndarray:  # noqa: B006 - that is what is wrong with it
    calls.append(1)
    return x * (1 + 1e-9 * (len(calls) % 7))


def without_sparsity(self: Sound, problem: Problem) -> Iterator[Iterate]:
    return OMP().iterates(problem.but(sparsity=problem.sparsity + 2))


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "a wrong answer": ({"seen": other_x(lambda p, x: 0.999 * x)}, "easy problem.*But for a matrix of 70 x 80"),
    "a sign": ({"seen": other_x(lambda p, x: -x, Status.SOLVED)}, "easy problem"),
    "a support that is too large": ({"seen": other_x(lambda p, x: x + 1e-12 * np.abs(x).max())}, "support|nonzeros"),
    "a residual of another x": (
        {"residual": lambda self, p, x: 2 * (p.y - p.operator @ x)}, "easy problem|residual is y - A x",
    ),
    "an iterate that is changed later": ({"iterates": in_place}, "x of iterate 0 was changed"),
    "residuals of the step before": (
        {"seen": lambda self, p, i: Iterate(i.x, np.asarray(p.y).copy(), i.status)}, "easy problem|away from y - A x",
    ),
    "an absolute tolerance": ({"iterates": absolute}, "No tolerance is absolute"),
    "an absolute threshold": ({"seen": other_x(short_of_small)}, "for 1e-08 y|for 1e\\+08 A"),
    "columns divided by zero": ({"iterates": unit_columns}, "Zero columns give no NaN|matrix of zeros"),
    "a y that is written to": ({"iterates": written_to}, "read-only|was changed"),
    "an answer for each door": ({"seen": other_x(by_doors)}, "for A as LinearOperator"),
    "an answer for each time": ({"seen": other_x(counted)}, "easy problem|same question"),
    "more nonzeros than asked for": (
        {"iterates": without_sparsity, "limit": lambda self, p: p.sparsity + 2}, "at most 4 were asked for",
    ),
    "the first column preferred": (
        {"seen": other_x(lambda p, x: x + 1e-6 * np.abs(x).max() * (np.arange(x.size) == 0) * (x[0] == 0))}, "support|easy",
    ),
    "double precision throughout": ({"seen": other_x(lambda p, x: x.astype(np.result_type(x, np.float64)))}, "float32"),
    "a fact that is none": ({"convex": True}, "certificate"),
    "a fact that is a word": ({"exact": "yes"}, "exact is 'yes'"),
    "no words": ({"solves": ""}, "solves is ''"),
    "no complex numbers after all": (
        {"seen": other_x(lambda p, x: x.real.astype(x.dtype))}, "complex data",
    ),
    "complex numbers that are not refused": (
        {"complex_data": False, "accepts": lambda self, problem: None}, "though complex_data is False, was accepted",
    ),
    "an error": ({"seen": lambda self, p, i: 1 / 0}, "ZeroDivisionError"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_solver_is_found_and_the_law_is_named(name: str) -> None:
    parts, words = BROKEN[name]
    with pytest.raises(AssertionError, match=words) as found:
        check_solver(broken(**parts))
    assert str(found.value).startswith("Broken(")
    assert " breaks a law: " in str(found.value)
    assert " But " in str(found.value)


def test_a_sound_solver_passes() -> None:
    check_solver(Sound())


def test_names_are_solvers_too_and_others_are_refused() -> None:
    check_solver("OLS", sparsity=2)
    with pytest.raises(ValueError, match="no solver called 'OPM'"):
        check_solver("OPM")
    with pytest.raises(TypeError, match="solver must be a solver"):
        check_solver(3)


def test_other_matrices_can_be_asked_about() -> None:
    check_solver(OMP(), sparsity=3, matrices=[FLAT, FLAT[:, ::-1] * 3])
    with pytest.raises(AssertionError, match=r"easy problem.*60 x 90 and 30 nonzeros"):
        check_solver(OMP(), sparsity=30, matrices=[FLAT])
    check_solver(OMP(), sparsity=30, matrices=[FLAT], exact=False)


def test_whether_easy_problems_must_be_solved_can_be_said() -> None:
    solver = StOMP(threshold=50.0)  # chooses nothing
    with pytest.raises(AssertionError, match="easy problem"):
        check_solver(solver)
    check_solver(solver, exact=False)


def test_groups_come_by_themselves_or_by_a_question() -> None:
    limited = GroupLasso(relative_weight=0.5)
    check_solver(limited)
    asked = []

    def question(A: Any, y: Any, k: int | None, labels: np.ndarray) -> Problem:
        asked.append(labels)
        return Problem(A, y, groups=labels)

    check_solver(limited, question=question)
    assert any(not (np.diff(labels) >= 0).all() for labels in asked), "labels go with their columns"


def test_matrices_without_meaning_are_refused() -> None:
    for wrong in ([np.ones(3)], [np.eye(3, dtype=np.float32)], [np.eye(3) + 0j]):
        with pytest.raises(TypeError, match="matrices must hold"):
            check_solver(OMP(), matrices=wrong)
    with pytest.raises(ValueError, match=r"sparsity must be between 1 and 3.*Matrix 0 has shape \(3, 5\)"):
        check_solver(OMP(), sparsity=4, matrices=[np.ones((3, 5))])


@settings(max_examples=3)
@given(st.data())
def test_strategies_and_checks_go_together(data: st.DataObject) -> None:
    A = data.draw(incoherent_dictionaries(rows=16, complex=False))
    check_solver(OMP(), sparsity=2, matrices=[A])
