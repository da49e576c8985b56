r"""One step of an interior-point method for min ||x||_1 subject to A x = y, all but the linear system.

    x = p_0 - p_1,   p_j >= 0,   s_j = 1 -+ (A^T nu) >= 0,     p_j s_j -> 0          (j = 0: upwards, 1: downwards)

Where x_i is limited by caps, c_0 upwards and c_1 downwards, f_j = c_j - p_j is the room that is left and z_j its multiplier:
s_j = 1 -+ (A^T nu) + z_j and f_j z_j -> 0. An infinite cap has f_j = inf and z_j = 0; a cap of zero has p_j = 0 and takes no
part. Newton's equations for p_j s_j = mu and f_j z_j = mu come down to one vector D and one vector h (Mehrotra 1992):

    dx = h + D A^T dnu      with      A dx = y - A x
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def newton_weights(p, s, f, z, target, bend_s, bend_z, D, h):
    """Write D and h, (n,) arrays, for the aim ``p s = target - bend_s`` and ``f z = target - bend_z``.

    All of p, s, f, z and the bends are (2, n) arrays.
    """
    for i in range(D.size):
        D[i] = h[i] = 0.0
    for j in range(2):
        sign = 1.0 - 2.0 * j
        for i in range(D.size):
            if p[j, i] > 0:
                push = (target - bend_s[j, i]) / p[j, i] - s[j, i]
                stiff = s[j, i] / p[j, i]
                if f[j, i] < np.inf:
                    push -= (target - bend_z[j, i]) / f[j, i] - z[j, i]
                    stiff += z[j, i] / f[j, i]
                D[i] += 1.0 / stiff
                h[i] += sign * push / stiff


@njit(cache=True)
def newton_moves(p, s, f, z, target, bend_s, bend_z, dv, dp, ds, dz):
    """Write how p, s and z move with ``dv = A^T dnu``; the longest primal and dual steps, 1 at most."""
    primal, dual = 1.0, 1.0
    for j in range(2):
        sign = 1.0 - 2.0 * j
        for i in range(dv.size):
            if p[j, i] > 0:
                push = (target - bend_s[j, i]) / p[j, i] - s[j, i]
                stiff = s[j, i] / p[j, i]
                capped = f[j, i] < np.inf
                if capped:
                    push -= (target - bend_z[j, i]) / f[j, i] - z[j, i]
                    stiff += z[j, i] / f[j, i]
                move = (push + sign * dv[i]) / stiff
                dp[j, i], dz[j, i] = move, 0.0
                if capped:
                    dz[j, i] = (target - bend_z[j, i] + z[j, i] * move) / f[j, i] - z[j, i]
                    if move * primal > f[j, i]:
                        primal = f[j, i] / move
                    if -dz[j, i] * dual > z[j, i]:
                        dual = -z[j, i] / dz[j, i]
                ds[j, i] = dz[j, i] - sign * dv[i]
                if -move * primal > p[j, i]:
                    primal = -p[j, i] / move
                if -ds[j, i] * dual > s[j, i]:
                    dual = -s[j, i] / ds[j, i]
    return primal, dual


@njit(cache=True)
def complementarity(p, s, f, z, dp, ds, dz, primal, dual):
    """The sum of all p s and f z after such steps, and how many products there are."""
    total, count = 0.0, 0
    for j in range(2):
        for i in range(p.shape[1]):
            if p[j, i] > 0:
                total += (p[j, i] + primal * dp[j, i]) * (s[j, i] + dual * ds[j, i])
                count += 1
                if f[j, i] < np.inf:
                    total += (f[j, i] - primal * dp[j, i]) * (z[j, i] + dual * dz[j, i])
                    count += 1
    return total, count


@njit(cache=True)
def bends(p, f, dp, ds, dz, bend_s, bend_z):
    """Write the second-order terms that a full step of Newton's method would leave: dp ds and df dz."""
    for j in range(2):
        for i in range(p.shape[1]):
            if p[j, i] > 0:
                bend_s[j, i] = dp[j, i] * ds[j, i]
                bend_z[j, i] = -dp[j, i] * dz[j, i]


@njit(cache=True)
def advance(p, s, f, z, dp, ds, dz, primal, dual):
    """Take the steps, in place."""
    for j in range(2):
        for i in range(p.shape[1]):
            if p[j, i] > 0:
                p[j, i] += primal * dp[j, i]
                s[j, i] += dual * ds[j, i]
                if f[j, i] < np.inf:
                    f[j, i] -= primal * dp[j, i]
                    z[j, i] += dual * dz[j, i]


@njit(cache=True)
def to_vertex(table, basic, other):
    """Move along the null vectors of a dependent set of columns until every ``other`` or some ``basic`` entries are zero.

    Of the columns with positive coefficients ``basic`` (r,) and ``other`` (e,), the first r are independent and
    ``table`` (r, e) writes the others in terms of them. A coefficient of ``other`` falls to zero while those of ``basic``
    make up for it; if one of these reaches zero first, the two columns change places. All is in place; the return value
    holds, for each place among the r, the column that ends there (basic ones are 0 to r - 1, others r to r + e - 1).
    """
    r, e = table.shape
    holds = np.arange(r)
    for j in range(e):
        pivot, step = -1, other[j]
        for i in range(r):
            if table[i, j] < -1e-9 and basic[i] < -step * table[i, j]:
                pivot, step = i, -basic[i] / table[i, j]
        for i in range(r):
            basic[i] = max(basic[i] + step * table[i, j], 0.0)
        other[j] -= step
        if pivot >= 0:
            basic[pivot], other[j] = other[j], 0.0
            holds[pivot] = r + j
            scale = table[pivot, j]
            for k in range(j + 1, e):
                table[pivot, k] /= scale
                for i in range(r):
                    if i != pivot:
                        table[i, k] -= table[i, j] * table[pivot, k]
        else:
            other[j] = 0.0
    return holds
