"""Workers: what they are given, what they do, and how they start."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import quote
from sparsecs.core.threads import single_threaded
from sparsecs.sweeps.cell import Cell
from sparsecs.sweeps.trial import Trial


@dataclass(frozen=True)
class Task:
    """Tosses ``first`` to ``first + count - 1`` of a trial at a cell."""

    trial: Trial
    seed: int
    cell: Cell
    first: int
    count: int


def toss_all(task: Task) -> list[bool]:
    """The outcomes of a task; an error names the toss, so that it can be repeated alone."""
    outcomes = []
    for number in range(task.first, task.first + task.count):
        try:
            outcome = task.trial.toss(task.cell, number, task.seed)
            if not isinstance(outcome, (bool, np.bool_)):
                raise TypeError(f"A toss must be True or False; got {quote(outcome)}. Does the trial's toss return it?")
            outcomes.append(bool(outcome))
        except Exception as error:
            error.add_note(f"This was {task.trial}.toss({task.cell}, number={number}, seed={task.seed}).")
            raise
    return outcomes


def available_cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def process_pool(workers: int) -> ProcessPoolExecutor:
    """Fresh processes, each with one linear-algebra thread, that leave Ctrl-C to their parent and do not outlive it."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(os.getpid(),))
    if threading.current_thread() is not threading.main_thread():
        return pool
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # which the workers inherit while they start
    try:
        for _ in range(workers):
            pool.submit(os.getpid)
    finally:
        signal.signal(signal.SIGINT, before)
    return pool


def _start_worker(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    single_threaded()
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
