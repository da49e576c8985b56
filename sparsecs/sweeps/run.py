"""Run sweeps: in this process, on all cores, or on any executor; resume, refine, and lose nothing.

What is already in the store is not computed again. Results are written as they come, so a run that is stopped in any way
goes on where it was. Counts do not depend on the number of workers or on the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import ExitStack
from typing import Any

from sparsecs.core.checks import a_kind_of, whole_number
from sparsecs.core.threads import single_threaded
from sparsecs.sweeps.diagram import Diagram
from sparsecs.sweeps.pool import Task, process_pool, toss_all
from sparsecs.sweeps.progress import progress_bar
from sparsecs.sweeps.store import Outcomes, Store, StoreWriter
from sparsecs.sweeps.sweep import Sweep
from sparsecs.sweeps.tally import Tally

BATCH = 10  # tosses handed to a worker at a time: a crash costs at most this many for each worker
RETRIES = 3  # pools that may die before it is given up


def run(
    sweep: Sweep,
    store: Store | str | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: bool = False,
) -> Diagram:
    """The diagram of a sweep.

    Parameters
    ----------
    sweep : Sweep
    store : Store or path, optional
        Where outcomes are kept; without it they live only in the diagram.
    executor : concurrent.futures.Executor, optional
        Who does the work: a thread pool, a process pool, the executor of a Dask client.
    workers : int
        Without an executor: 1 works in this process, more start as many processes. A script that does so must guard its
        main part with ``if __name__ == "__main__":``.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Diagram

    Examples
    --------
    >>> from sparsecs import OMP, Gaussian, Recovery, Signs, Sweep, grid, run
    >>> sweep = Sweep(Recovery(Gaussian(), Signs(), OMP()), grid(n=40, m=20, k=[1, 12]), repeats=10)
    >>> [row["successes"] for row in run(sweep).table()]
    [10, 0]
    """
    return run_all([sweep], store, executor, workers, progress)[0]


def run_all(
    sweeps: Sequence[Sweep],
    store: Store | str | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: bool = False,
) -> tuple[Diagram, ...]:
    """The diagrams of several sweeps, with one store, one pool of workers and one progress bar; see ``run``.

    Examples
    --------
    >>> from sparsecs import IHT, OMP, Gaussian, Recovery, Signs, Sweep, grid, run_all
    >>> cells = grid(n=40, m=20, k=[1, 12])
    >>> both = [Sweep(Recovery(Gaussian(), Signs(), solver), cells, repeats=5) for solver in (OMP(), IHT())]
    >>> [diagram.table()[0]["successes"] for diagram in run_all(both)]
    [5, 5]
    """
    whole_number(workers, "workers", 1)
    for sweep in sweeps:
        a_kind_of(sweep, Sweep, "sweep", "Sweep(trial, cells)")
    store = Store(store) if store is not None and not isinstance(store, Store) else store
    known = store.read() if store else {}
    tasks = _missing(sweeps, known)
    if tasks:
        total = sum(sweep.tosses for sweep in sweeps)
        with ExitStack() as stack:
            writer = stack.enter_context(store.writer()) if store else None
            stack.enter_context(single_threaded())
            done = total - sum(task.count for task in tasks)
            advance = stack.enter_context(progress_bar(total, done, progress))
            record = _recorder(known, writer, advance)
            if executor is not None:
                _give_out(tasks, executor, record)
            elif workers == 1:
                for task in tasks:
                    record(task, toss_all(task))
            else:
                _with_processes(tasks, workers, record)
    return tuple(_diagram(sweep, known) for sweep in sweeps)


def _missing(sweeps: Sequence[Sweep], known: Outcomes) -> list[Task]:
    """The tosses that are asked for and not known, in batches of neighbours, each toss once."""
    tasks: dict[Task, None] = {}
    for sweep in sweeps:
        fingerprint = sweep.trial.fingerprint()
        for cell in sweep.cells:
            have = known.get((fingerprint, sweep.seed, cell.key), {})
            start = None
            for number in range(sweep.repeats + 1):
                wanted = number < sweep.repeats and number not in have
                if start is not None and (not wanted or number - start == BATCH):
                    tasks[Task(sweep.trial, sweep.seed, cell, start, number - start)] = None
                    start = None
                if wanted and start is None:
                    start = number
    return list(tasks)


def _recorder(known: Outcomes, writer: StoreWriter | None, advance: Any) -> Any:
    def record(task: Task, outcomes: list[bool]) -> None:
        if writer:
            writer.outcomes(task.trial, task.seed, dict(task.cell.values), task.first, outcomes)
        entry = known.setdefault((task.trial.fingerprint(), task.seed, task.cell.key), {})
        entry.update(enumerate(outcomes, task.first))
        advance(len(outcomes))

    return record


def _give_out(tasks: list[Task], executor: Executor, record: Any, ahead: int = 64) -> None:
    """Keep some tasks with the executor until all are done; record whatever was finished even when one fails."""
    waiting = list(reversed(tasks))
    running: dict[Future[list[bool]], Task] = {}
    try:
        while waiting or running:
            while waiting and len(running) < ahead:
                task = waiting.pop()
                running[executor.submit(toss_all, task)] = task
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            failure: BaseException | None = None
            for future in done:
                task = running.pop(future)
                if error := future.exception():
                    failure = failure or error
                else:
                    record(task, future.result())
            if failure:
                raise failure
    finally:
        for future in running:
            future.cancel()


def _with_processes(tasks: list[Task], workers: int, record: Any) -> None:
    """Processes of our own. Each kind of trial is tossed here first, so that its kernels are compiled only once."""
    left: dict[Task, None] = dict.fromkeys(tasks)

    def finish(task: Task, outcomes: list[bool]) -> None:
        record(task, outcomes)
        del left[task]

    for task in {task.trial: task for task in reversed(tasks)}.values():
        finish(task, toss_all(task))
    for attempt in range(RETRIES):
        pool = process_pool(workers)
        try:
            _give_out(list(left), pool, finish, ahead=4 * workers)
            pool.shutdown()
            return
        except BrokenExecutor as error:
            if attempt == RETRIES - 1:
                error.add_note(
                    "Worker processes died again and again. A trial must stand in a module that they can import, not in a "
                    "notebook; a script must guard its main part with if __name__ == '__main__':. Or use workers=1."
                )
                raise
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _diagram(sweep: Sweep, known: Outcomes) -> Diagram:
    fingerprint, tallies = sweep.trial.fingerprint(), {}
    for cell in sweep.cells:
        have = known[fingerprint, sweep.seed, cell.key]
        tallies[cell] = Tally(sweep.repeats, sum(have[number] for number in range(sweep.repeats)))
    return Diagram(sweep, tallies)
