"""Random generators that are named by their purpose.

A generator is found from a seed and a name, never from a position in a grid or from how many numbers somebody else drew.
So a trial meets the same numbers on any worker, in any order, alone or in a sweep, today or after a crash.
"""

from __future__ import annotations

import hashlib
import json
import math

import numpy as np

from sparsecs.core.checks import quote, whole_number

Name = str | int | float


def stream(seed: int, *name: Name) -> np.random.Generator:
    """The random generator that belongs to a seed and a name.

    Parameters
    ----------
    seed : int
        Any whole number.
    *name : str, int or float
        What the numbers are for, for example ``stream(0, "operator", 17)``.

    Returns
    -------
    numpy.random.Generator
        A fresh PCG64 generator; equal names give equal numbers, different names give independent ones.

    Examples
    --------
    >>> from sparsecs import stream
    >>> stream(0, "noise").normal() == stream(0, "noise").normal()
    True
    >>> stream(0, "noise").normal() == stream(0, "signal").normal()
    False
    """
    whole_number(seed, "seed")
    plain = [part.item() if isinstance(part, np.generic) else part for part in name]
    if any(isinstance(part, float) and not math.isfinite(part) for part in plain):
        raise ValueError(f"A name holds finite numbers and strings; got {quote(tuple(plain))}.")
    text = json.dumps([int(seed), *plain])
    entropy = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "little")
    return np.random.Generator(np.random.PCG64(entropy))
