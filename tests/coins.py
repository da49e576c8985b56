"""Trials that only toss a coin: fast ones, and ones that write down, fail or die. Worker processes import them from here."""

from __future__ import annotations

import math
import multiprocessing
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from sparsecs.core.randomness import stream
from sparsecs.sweeps.cell import Cell
from sparsecs.sweeps.trial import Trial


@dataclass(frozen=True)
class Coin(Trial):
    """Heads with probability 1 / (1 + exp(slope · (k − centre)))."""

    axes: ClassVar[tuple[str, ...]] = ("k",)
    centre: float = 5.0
    slope: float = 1.0

    def toss(self, cell: Cell, number: int, seed: int) -> bool:
        chance = 1 / (1 + math.exp(self.slope * (cell["k"] - self.centre)))
        return bool(stream(seed, "coin", *cell.name, number).random() < chance)


@dataclass(frozen=True)
class LoggedCoin(Coin):
    """Writes a line for each toss: process, seed, k and number."""

    log: str = ""

    def toss(self, cell: Cell, number: int, seed: int) -> bool:
        with open(self.log, "a") as file:
            file.write(f"{os.getpid()} {seed} {cell['k']} {number}\n")
        return super().toss(cell, number, seed)

    def tosses(self) -> list[tuple[int, int, int]]:
        """What was tossed so far: (seed, k, number), in the order in which it happened."""
        lines = Path(self.log).read_text().splitlines() if Path(self.log).exists() else []
        return [(int(seed), int(k), int(number)) for _, seed, k, number in map(str.split, lines)]

    def processes(self) -> set[int]:
        """Who tossed."""
        return {int(line.split()[0]) for line in Path(self.log).read_text().splitlines()}


@dataclass(frozen=True)
class SlowCoin(LoggedCoin):
    """Takes as many seconds a toss as SECONDS_A_TOSS says, which changes no outcome."""

    def toss(self, cell: Cell, number: int, seed: int) -> bool:
        time.sleep(float(os.environ.get("SECONDS_A_TOSS", "0")))
        return super().toss(cell, number, seed)


@dataclass(frozen=True)
class FailingCoin(Coin):
    """Raises at one toss."""

    k: int = 3
    number: int = 5

    def toss(self, cell: Cell, number: int, seed: int) -> bool:
        if (cell["k"], number) == (self.k, self.number):
            raise ArithmeticError("the coin rolled off the table")
        return super().toss(cell, number, seed)


@dataclass(frozen=True)
class MortalCoin(LoggedCoin):
    """Takes its worker process with it at one toss, unless the file ``flag`` says that this has happened."""

    k: int = 3
    number: int = 5
    flag: str = ""

    def toss(self, cell: Cell, number: int, seed: int) -> bool:
        here = (cell["k"], number) == (self.k, self.number)
        if here and multiprocessing.parent_process() is not None and not Path(self.flag).exists():
            Path(self.flag).touch()
            os._exit(1)
        return super().toss(cell, number, seed)


@dataclass(frozen=True)
class OddCoin(Trial):
    """Lands on something that is neither heads nor tails, as a trial does that forgot its comparison or its return."""

    side: str = "nothing"

    def toss(self, cell: Cell, number: int, seed: int) -> bool:
        return {"nothing": None, "not a number": math.nan, "error": 0.25, "word": "no"}[self.side]  # type: ignore
