"""The folder is the registry: the members of a family are the classes found in its files."""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil


def members(package: str, base: type) -> dict[str, type]:
    """The concrete subclasses of ``base`` that the files of ``package`` define, by name.

    Files whose names begin with an underscore hold what members share, and are passed over.

    Parameters
    ----------
    package : str
        The family's folder, for example ``"sparsecs.solvers"``.
    base : type
        Their common base class.

    Examples
    --------
    >>> from sparsecs.core.family import members
    >>> from sparsecs.solvers.base import Solver
    >>> "OMP" in members("sparsecs.solvers", Solver)
    True
    """
    found: dict[str, type] = {}
    for entry in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if entry.name.startswith("_") or entry.ispkg:
            continue
        module = importlib.import_module(f"{package}.{entry.name}")
        for name, value in vars(module).items():
            own = inspect.isclass(value) and value.__module__ == module.__name__
            if own and issubclass(value, base) and value is not base and not inspect.isabstract(value):
                found[name] = value
    return dict(sorted(found.items()))


def member(name: str, package: str, base: type) -> type:
    """The member of a family called ``name``, in whatever case it is written.

    Raises
    ------
    ValueError
        If there is none; the error lists all names and the nearest one.
    """
    family = members(package, base)
    by_lower_case = {key.lower(): cls for key, cls in family.items()}
    if name.lower() in by_lower_case:
        return by_lower_case[name.lower()]
    near = difflib.get_close_matches(name.lower(), by_lower_case, n=1)
    hint = f" Did you mean {by_lower_case[near[0]].__name__}?" if near else ""
    raise ValueError(f"There is no {base.__name__.lower()} called {name!r}.{hint} There are: {', '.join(family)}.")
