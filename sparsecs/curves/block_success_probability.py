r"""How often all blocks of a block-diagonal matrix recover their parts of a sparse signal.

Blocks are independent, so the probability for a split k = k_1 + ... + k_B is the product of those of the blocks. A support that
is uniformly random over all columns splits hypergeometrically, and

    P = [z^k] f(z)^B / C(nB, k),    f(z) = C(n, 0) P(0) + C(n, 1) P(1) z + ...

Here the coefficients are weighted by p^k (1-p)^(n-k), p = k/(nB), which makes them binomial probabilities. The mass of splits
with a lost block is carried along beside that of splits without, so both are sums of positive terms.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.checks import one_of, whole_number
from sparsecs.curves.success_probability import log_chances
from sparsecs.kernels.polytope_angles import log_choose


def block_success_probability(
    k: Any, m: int, n: int, blocks: int, cone: str = "l1", split: str = "random", failure: bool = False
) -> Any:
    """The exact probability that a block-diagonal matrix of independent Gaussian blocks recovers a random k-sparse signal.

    Parameters
    ----------
    k : int or array of ints
        Nonzeros in all blocks together, at least 0 and at most ``n * blocks``.
    m, n : int
        Rows and columns of each block, at least 1 and at most n.
    blocks : int
        How many there are.
    cone : {"l1", "nonnegative", "simplex", "box", "orthant"}
        As for ``success_probability``, in each block.
    split : {"random", "equal"}
        The support is uniformly random over all columns, or its parts in the blocks are as equal as they can be.
    failure : bool
        On: one less the probability, which keeps its digits where it is small.

    Returns
    -------
    float or array
        Of the shape of k.

    Raises
    ------
    TypeError, ValueError
        If a size is no whole number, or out of range.

    Examples
    --------
    >>> from sparsecs import block_success_probability, success_probability
    >>> block_success_probability([16, 24, 32], 20, 40, 4).round(4)
    array([0.8094, 0.3258, 0.034 ])
    >>> abs(block_success_probability(24, 20, 40, 4, split="equal") - success_probability(6, 20, 40) ** 4) < 1e-12
    True
    """
    whole_number(n, "n", 1)
    whole_number(blocks, "blocks", 1)
    one_of(split, "split", ("random", "equal"))
    law = _random if split == "random" else _equal
    sizes = np.asarray(k)
    if sizes.ndim == 0:
        return law(whole_number(k, "k", 0, n * blocks), m, n, blocks, cone)[int(failure)]
    chances = [law(whole_number(size, "k", 0, n * blocks), m, n, blocks, cone)[int(failure)] for size in sizes.ravel()]
    return np.reshape(np.array(chances, dtype=float), sizes.shape)


def _equal(k: int, m: int, n: int, blocks: int, cone: str) -> tuple[float, float]:
    few, fuller = divmod(k, blocks)
    log_good = (blocks - fuller) * log_chances(few, m, n, cone)[0]
    if fuller:
        log_good += fuller * log_chances(few + 1, m, n, cone)[0]
    return float(np.exp(log_good)), float(-np.expm1(log_good))


def _random(k: int, m: int, n: int, blocks: int, cone: str) -> tuple[float, float]:
    if k in (0, n * blocks):
        return _equal(k, m, n, blocks, cone)
    part = k / (n * blocks)
    sizes = np.arange(min(k, n) + 1)
    log_law = log_choose(np.full(sizes.shape, n), sizes) + sizes * np.log(part) + (n - sizes) * np.log1p(-part)
    law = np.exp(log_law)
    good, bad = np.exp(log_law + log_chances(sizes, m, n, cone))
    kept, lost = good[: k + 1], bad[: k + 1]
    for _ in range(blocks - 1):
        kept, lost = np.convolve(kept, good)[: k + 1], (np.convolve(lost, law)[: k + 1] + _join(kept, bad, k))
    return _share(kept[k:], lost[k:])


def _join(a: np.ndarray, b: np.ndarray, k: int) -> np.ndarray:
    return np.convolve(a, b)[: k + 1]


def _share(kept: np.ndarray, lost: np.ndarray) -> tuple[float, float]:
    all_of_them = float(kept.sum() + lost.sum())
    return float(kept.sum()) / all_of_them, float(lost.sum()) / all_of_them
