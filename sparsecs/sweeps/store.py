"""An append-only file of outcomes, which survives being killed at any moment.

Each line is a JSON object. The first says what the file is. A line with ``declaration`` spells out a trial; one with
``outcomes`` holds the results of tosses first, first + 1, ... of one trial at one cell, a digit each. Every toss has a name
(trial, seed, cell, number), so a toss that stands in two lines counts once, and files of several machines merge by putting
one behind the other. A line that was cut off by a crash is dropped when the next run begins.
"""

from __future__ import annotations

import contextlib
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sparsecs.core.checks import whole_number
from sparsecs.sweeps.cell import Cell
from sparsecs.sweeps.trial import Trial

HEADER = {"format": "sparsecs store", "version": 1}
Key = tuple[str, int, str]  # trial fingerprint, seed, cell
Outcomes = dict[Key, dict[int, bool]]


class Store:
    """A file of outcomes; see the module's text.

    Parameters
    ----------
    path : str or path
        Made, with its folder, at the first write.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from sparsecs import Store
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Store(pathlib.Path(folder) / "new.jsonl").read()
    {}
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"

    def read(self) -> Outcomes:
        """All outcomes in the file.

        Raises
        ------
        ValueError
            If the file is not a store, a line cannot be read, or two lines contradict each other. Nothing is changed.
        OSError
            If it cannot be opened.
        """
        outcomes: Outcomes = defaultdict(dict)
        for number, line in self._lines():
            try:
                entry = _parsed(line)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(
                    f"{self.path}, line {number} cannot be read as outcomes ({error!r}). Nothing was changed. Mend or remove "
                    "that line, or use another store."
                ) from None
            if entry is None:
                continue
            key, found = entry
            known = outcomes[key]
            if any(known.get(toss, outcome) != outcome for toss, outcome in found.items()):
                raise ValueError(
                    f"{self.path}, line {number} contradicts an earlier line about the same tosses: the two came from "
                    "different code. Nothing was changed. Keep one of them, or use another store."
                )
            known.update(found)
        return dict(outcomes)

    @contextlib.contextmanager
    def writer(self) -> Iterator[StoreWriter]:
        """A writer, which no second process can have at the same time.

        Raises
        ------
        BlockingIOError
            If another process is writing to the file.
        """
        self.read()  # refuse a foreign or damaged file before it is touched
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "ab+") as file:
            _lock(file, self.path)
            file.seek(0)
            content = file.read()
            whole = content.rfind(b"\n") + 1
            file.truncate(whole)
            records = [json.loads(line) for line in content[:whole].decode().split("\n")[:-1]]
            writer = StoreWriter(file, {record["trial"] for record in records if "declaration" in record})
            if whole == 0:
                writer.append(HEADER)
            yield writer

    def _lines(self) -> Iterator[tuple[int, str]]:
        """The whole lines after the header, numbered from 1 as an editor does."""
        if not self.path.exists():
            return
        content = self.path.read_bytes()
        head = (json.dumps(HEADER) + "\n").encode()
        if head.startswith(content):  # empty, or cut while its first line was written
            return
        first = content.partition(b"\n")[0]
        if first + b"\n" != head:
            raise ValueError(
                f"{self.path} is not a store of this package, or one of another version: its first line is {first[:60]!r}. "
                "Nothing was changed. Name another file."
            )
        whole = content[: content.rfind(b"\n") + 1].decode("utf-8", errors="replace")
        yield from list(enumerate(whole.split("\n")[:-1], start=1))[1:]


class StoreWriter:
    """Appends whole lines, each handed to the system at once."""

    def __init__(self, file: IO[bytes], declared: set[str]) -> None:
        self._file, self._declared = file, declared

    def append(self, record: dict[str, Any]) -> None:
        self._file.write((json.dumps(record) + "\n").encode())
        self._file.flush()

    def outcomes(self, trial: Trial, seed: int, cell: dict[str, Any], first: int, outcomes: list[bool]) -> None:
        """Write the outcomes of tosses ``first``, ``first + 1``, ..."""
        fingerprint = trial.fingerprint()
        if fingerprint not in self._declared:
            self.append({"trial": fingerprint, "declaration": trial.describe()})
            self._declared.add(fingerprint)
        digits = "".join("1" if outcome else "0" for outcome in outcomes)
        self.append({"trial": fingerprint, "seed": seed, "cell": cell, "first": first, "outcomes": digits})


def _parsed(line: str) -> tuple[Key, dict[int, bool]] | None:
    """What a line says of tosses; None if it declares a trial, or is the header of a store put behind another."""
    record = json.loads(line)
    if record == HEADER:
        return None
    trial = record["trial"]
    if not (isinstance(trial, str) and trial.isalnum() and trial.isascii()):
        raise ValueError(f"trial is {trial!r}")
    if "declaration" in record:
        return None
    key = (trial, whole_number(record["seed"], "seed"), Cell.of(record["cell"]).key)
    digits = [{"0": False, "1": True}[digit] for digit in record["outcomes"]]
    return key, dict(enumerate(digits, whole_number(record["first"], "first", 0)))


def _lock(file: IO[bytes], path: Path) -> None:
    try:
        import fcntl
    except ImportError:  # no such lock on this system; outcomes are named, so a second writer only does work twice
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BlockingIOError(
            f"Another process is writing to {path}. Wait for it, or give this run a store of its own and put one file behind "
            "the other later."
        ) from None
