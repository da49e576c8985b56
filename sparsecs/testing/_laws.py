"""What the checks share: a law is a function that raises AssertionError, and its docstring says the law."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

Law = Callable[[Any], None]


def keep(laws: Iterable[Law], subject: Any, name: str) -> None:
    """Ask every law of ``subject``; one that is broken is raised with its words and those of what was found."""
    for law in laws:
        words = " ".join((law.__doc__ or law.__name__).split())
        try:
            law(subject)
        except AssertionError as broken:
            raise AssertionError(f"{name} breaks a law: {words} But {broken}") from None
        except Exception as error:
            raise AssertionError(
                f"{name} breaks a law: {words} But {type(error).__name__} was raised: {error}"
            ) from error


def demand(holds: Any, found: str) -> None:
    """Raise what was found if a demand does not hold; unlike ``assert`` it also works under ``python -O``."""
    if not holds:
        raise AssertionError(found)


def refuses(ask: Callable[[], Any], errors: Any, what: str) -> None:
    """Demand that ``ask`` raises one of ``errors``."""
    try:
        ask()
    except errors:
        return
    raise AssertionError(f"{what} was accepted; {' or '.join(kind.__name__ for kind in errors)} was expected.")


def unchanged(array: np.ndarray, kept: np.ndarray, what: str) -> None:
    """Demand that an array still holds what it held."""
    demand(np.array_equal(array, kept), f"{what} was changed: {int((array != kept).sum())} entries are others.")
