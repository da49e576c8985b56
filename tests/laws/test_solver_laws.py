"""Every solver keeps the laws that ``check_solver`` asks of any: answers, units and order, trouble."""

from __future__ import annotations

import pytest
from laws.solver_cases import CASES, Case, over

from sparsecs.testing._asked import Asked
from sparsecs.testing._laws import Law, keep
from sparsecs.testing.check_solver import LAWS


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@over(CASES)
def test_it_keeps_the_law(case: Case, law: Law) -> None:
    asked = Asked(case.solver, 4, None, None, case.problem)
    assert asked.convex == case.convex
    assert asked.exact == case.fits
    keep([law], asked, repr(case.solver))
