"""Compiled code that several processes may write to one folder at once.

numba names the files of its cache by counting. Two processes that compile different forms of one function at the same time count
to the same number, and the code for float32 can end up under the name of that for float64 (numba issue 10128). Here a file is
named after what was compiled, so two writers of one name write the same. What one of them adds to the index the other may still
drop; that costs a second compilation and nothing else.
"""

from __future__ import annotations

import hashlib
from typing import Any

from numba.core.caching import FunctionCache, IndexDataCacheFile


class _NamedByContent(IndexDataCacheFile):
    """numba's pair of index and data files, with numbers that follow from the key."""

    def save(self, key: Any, data: Any) -> None:
        overloads = self._load_index()
        name = self._data_name(int(hashlib.sha256(repr(key).encode()).hexdigest()[:12], 16))
        self._save_data(name, data)  # first the data, so that no index speaks of a file that is not there
        if overloads.get(key) != name:
            overloads[key] = name
            self._save_index(overloads)


def name_files_by_content(package: str) -> None:
    """From now on, functions of a package that numba compiles and caches have files named by content.

    Parameters
    ----------
    package : str
        Its name; other packages are left alone.
    """
    begin = FunctionCache.__init__
    if not all(
        hasattr(IndexDataCacheFile, verb) for verb in ("_load_index", "_data_name", "_save_data", "_save_index")
    ):
        return  # a numba that builds its cache otherwise keeps its own way
    if getattr(begin, "package", None) == package:
        return

    def begin_named(self: Any, function: Any) -> None:
        begin(self, function)
        if function.__module__.partition(".")[0] == package:
            self._cache_file.__class__ = _NamedByContent

    begin_named.package = package  # type: ignore[attr-defined]
    FunctionCache.__init__ = begin_named
