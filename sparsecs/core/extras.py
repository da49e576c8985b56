"""Optional libraries: imported where they are needed, with the install line in the error when they are missing."""

from __future__ import annotations

import importlib
from types import ModuleType


def optional(module: str, extra: str, purpose: str) -> ModuleType:
    """The optional library ``module``, which the extra ``extra`` of this package installs.

    Parameters
    ----------
    module : str
        What to import, for example ``"sklearn.datasets"``.
    extra : str
        The extra that brings it.
    purpose : str
        What it is needed for, as the start of a sentence: ``"The digits"``.

    Raises
    ------
    ImportError
        With the line that installs it.

    Examples
    --------
    >>> from sparsecs.core.extras import optional
    >>> optional("json", "learn", "This example").__name__
    'json'
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f"{purpose}: {module.partition('.')[0]} is needed and not installed. "
            f"Install it with: pip install 'sparsecs[{extra}]' (in a clone: pip install '.[{extra}]')"
        ) from error
