"""Sizes that an ensemble does not have are refused in one voice, with the nearest that it has."""

from __future__ import annotations


def multiple_of(value: int, step: int, name: str, reason: str) -> int:
    """``value`` if it is a multiple of ``step``; ``reason`` begins the sentence that refuses the others."""
    if value % step:
        below = value - value % step
        near = f"{below} or {below + step}" if below else f"{step}"
        raise ValueError(f"{reason}, so {name} is a multiple of {step}; {name} = {value} was asked for. Use {near}.")
    return value


def at_most_all_rows(m: int, n: int, whole: str) -> None:
    """Refuse more rows than the n × n matrix has of which m rows are drawn."""
    if m > n:
        raise ValueError(
            f"{whole} has as many rows as columns, so m is at most n; m = {m} and n = {n} were asked for. "
            f"Use m = {n}, or n = {m}."
        )
