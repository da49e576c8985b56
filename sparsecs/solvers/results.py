"""The answers to many signals that were measured by one operator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from sparsecs.solvers.result import Result, Status


@dataclass(frozen=True, eq=False, repr=False)
class Results(Sequence[Result]):
    """Results in the order of the columns of Y; ``.x`` and ``.reached`` are arrays, ``.support`` and ``.status`` lists.

    Attributes
    ----------
    answers : tuple of Result

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import OMP, solve_each
    >>> results = solve_each(np.eye(3), np.array([[0.0, 1.0], [2.0, 0.0], [0.0, 0.0]]), OMP(), sparsity=1)
    >>> results.x
    array([[0., 1.],
           [2., 0.],
           [0., 0.]])
    >>> results[1].support
    array([0])
    """

    answers: tuple[Result, ...]

    @property
    def x(self) -> np.ndarray:
        """The answers as the columns of an (n, p) array."""
        return np.stack([result.x for result in self.answers], axis=1)

    @property
    def reached(self) -> np.ndarray:
        """Which of them reached what their method aims for, (p,) truth values."""
        return np.array([result.status.reached for result in self.answers])

    @property
    def support(self) -> list[np.ndarray]:
        """Where each of them is nonzero."""
        return [result.support for result in self.answers]

    @property
    def status(self) -> list[Status]:
        """Why each of them ended."""
        return [result.status for result in self.answers]

    def __len__(self) -> int:
        return len(self.answers)

    @overload
    def __getitem__(self, index: int) -> Result: ...
    @overload
    def __getitem__(self, index: slice) -> Results: ...
    def __getitem__(self, index: int | slice) -> Result | Results:
        return Results(self.answers[index]) if isinstance(index, slice) else self.answers[index]

    def __iter__(self) -> Iterator[Result]:
        return iter(self.answers)

    def __repr__(self) -> str:
        counts = Counter(result.status.name for result in self.answers)
        return f"<Results: {len(self)} answers: {', '.join(f'{count} {name}' for name, count in counts.most_common())}>"
