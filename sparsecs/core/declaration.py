"""Frozen values that describe themselves: what to do, written down in full.

A declaration is a frozen dataclass of numbers, strings, ``None``, other declarations and tuples of these. It prints as
the code that makes it, and it has a *fingerprint*: a short hash that names it in a store of results. Two declarations
that would do the same thing have the same fingerprint, in every process and on every machine.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import json
from typing import Any, ClassVar

from sparsecs.core.checks import quote

Plain = None | bool | int | float | str | list[Any] | dict[str, Any]


class Declaration:
    """Base of every frozen dataclass that says what to do.

    Attributes
    ----------
    revision : int
        Raised by hand when a class starts to give other results for the same fields, so that old stores are not
        mistaken for new ones.

    Examples
    --------
    >>> from sparsecs import OMP
    >>> OMP(tolerance=1e-6)
    OMP(tolerance=1e-06, max_iterations=1000)
    >>> OMP().fingerprint() == OMP().fingerprint() != OMP(tolerance=1e-6).fingerprint()
    True
    """

    revision: ClassVar[int] = 1

    def describe(self) -> dict[str, Plain]:
        """The class, its revision and its fields, in plain JSON types."""
        cls = type(self)
        description: dict[str, Plain] = {
            "class": f"{cls.__module__}.{cls.__qualname__}",
            "revision": cls.revision,
        }
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            description[field.name] = _plain(getattr(self, field.name), f"{cls.__name__}.{field.name}")
        return description

    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that name this declaration; moving its file does not change them."""
        text = json.dumps(_without_modules(self.describe()), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def rebuild(description: dict[str, Any]) -> Declaration:
    """The declaration that a call of ``describe`` wrote down.

    Parameters
    ----------
    description : dict
        What ``Declaration.describe`` returned, or the same read back from JSON.

    Raises
    ------
    ValueError
        If the class named there is not a declaration, or has another revision by now.

    Examples
    --------
    >>> from sparsecs import OMP
    >>> from sparsecs.core.declaration import rebuild
    >>> rebuild(OMP(tolerance=1e-6).describe())
    OMP(tolerance=1e-06, max_iterations=1000)
    """
    module, _, name = description["class"].rpartition(".")
    try:
        cls = getattr(importlib.import_module(module), name, None)
    except (ImportError, ValueError):
        cls = None
    if not (isinstance(cls, type) and issubclass(cls, Declaration)):
        raise ValueError(f"{description['class']} is not a declaration of this package, so it cannot be rebuilt.")
    if cls.revision != description["revision"]:
        raise ValueError(
            f"{name} was written down at revision {description['revision']} and is at {cls.revision} now. "
            "Its results differ; make it anew."
        )
    fields = {key: _rich(value) for key, value in description.items() if key not in ("class", "revision")}
    return cls(**fields)


def _plain(value: Any, where: str) -> Plain:
    if isinstance(value, Declaration):
        return value.describe()
    if isinstance(value, tuple):
        return [_plain(item, where) for item in value]
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(
        f"{where} is {quote(value)}; a declaration holds numbers, strings, None, other declarations and tuples of "
        "these, so that it can be hashed and written to a store."
    )


def _rich(value: Any) -> Any:
    if isinstance(value, dict):
        return rebuild(value)
    if isinstance(value, list):
        return tuple(_rich(item) for item in value)
    return value


def _without_modules(value: Any) -> Any:
    if isinstance(value, dict):
        plain = {key: _without_modules(item) for key, item in value.items()}
        plain["class"] = plain["class"].rpartition(".")[2]
        return plain
    if isinstance(value, list):
        return [_without_modules(item) for item in value]
    if isinstance(value, (bool, float)) and value == value and abs(value) < 2**53 and int(value) == value:
        return int(value)  # 1, 1.0 and True are equal, so they have one fingerprint
    return value
