"""The compiled loops of the projection on the image of a cone: passes of block descent, a line search, optimality."""

from __future__ import annotations

import numpy as np
from numba import njit

from sparsecs.kernels.coordinate_descent import take_off


@njit(cache=True, nogil=True)
def excess(x, a, linear, price, edges):
    """u = a + lᵀx + Σ p_g ‖x_g‖."""
    total = a
    for g in range(price.size):
        square = 0.0
        for j in range(edges[g], edges[g + 1]):
            total += linear[j] * x[j]
            square += x[j] * x[j]
        if square > 0:
            total += price[g] * np.sqrt(square)
    return total


@njit(cache=True, nogil=True)
def cone_passes(G, x, c, a, w, linear, price, edges, side, steep, count):
    """``count`` passes of block descent over all groups; x and c = b − G x are changed."""
    for _ in range(count):
        u, still = excess(x, a, linear, price, edges), True
        for g in range(price.size):
            if edges[g + 1] - edges[g] == 1:
                j = edges[g]
                old = linear[j] * x[j] + price[g] * abs(x[j])
                new = _single(c[j] + G[j, j] * x[j], G[j, j], u - old, w, linear[j], price[g], side[g])
                if new != x[j]:
                    u += linear[j] * new + price[g] * abs(new) - old
                    take_off(c, new - x[j], G[j])
                    x[j] = new
                    still = False
            else:
                u, moved = _several(G, x, c, u, w, linear, price[g], edges[g], edges[g + 1], steep[g])
                still = still and not moved
        if still:
            break


@njit(cache=True, nogil=True)
def _single(z, square, rest, w, linear, price, side):
    """argmin over v of ½ square v² − z v + ½ w (rest + linear v + price |v|)₊², on one side of zero if ``side`` is not 0."""
    level = w * max(rest, 0.0)
    for sign in (1.0, -1.0):
        slope = sign * linear + price
        if sign * side >= 0 and sign * z > level * slope:
            if square > 0 and square * rest + slope * sign * z <= 0:
                return z / square
            return sign * (sign * z - w * rest * slope) / (square + w * slope * slope)
    return 0.0


@njit(cache=True, nogil=True)
def _several(G, x, c, u, w, linear, price, start, end, steep):
    """One proximal step on a group; the new u, and whether the group moved."""
    zz, lz, ll, square, rest = 0.0, 0.0, 0.0, 0.0, u
    for j in range(start, end):
        z = c[j] + steep * x[j]
        zz += z * z
        lz += linear[j] * z
        ll += linear[j] * linear[j]
        square += x[j] * x[j]
        rest -= linear[j] * x[j]
    if steep <= 0 or (square == 0 and zz == 0 and w * rest <= 0):
        return u, False
    rest -= price * np.sqrt(square)
    level = w * max(rest, 0.0)
    if zz - 2 * level * lz + level * level * ll > (level * price) ** 2:
        level = _level(zz, lz, ll, rest, w, price, steep)
    length = np.sqrt(max(zz - 2 * level * lz + level * level * ll, 0.0))
    factor = 0.0 if length <= level * price else (1 - level * price / length) / steep
    fresh, moved, u = np.zeros(end - start), False, rest + price * factor * length
    for j in range(start, end):
        if factor > 0:
            fresh[j - start] = factor * (c[j] + steep * x[j] - level * linear[j])
        u += linear[j] * fresh[j - start]
    for j in range(start, end):
        if fresh[j - start] != x[j]:
            take_off(c, fresh[j - start] - x[j], G[j])
            x[j] = fresh[j - start]
            moved = True
    return u, moved


@njit(cache=True, nogil=True)
def _gain(level, zz, lz, ll, rest, w, price, steep):
    """u after the step with this λ, less λ / w."""
    length = np.sqrt(max(zz - 2 * level * lz + level * level * ll, 0.0))
    factor = 0.0 if length <= level * price else (1 - level * price / length) / steep
    return rest + factor * (price * length + lz - level * ll) - level / w


@njit(cache=True, nogil=True)
def _level(zz, lz, ll, rest, w, price, steep):
    """The λ of a step on one group, the root of a falling function."""
    if w <= 0 or _gain(0.0, zz, lz, ll, rest, w, price, steep) <= 0:
        return 0.0
    low, high = 0.0, max(w * abs(rest), 1e-300)
    above, below = _gain(low, zz, lz, ll, rest, w, price, steep), _gain(high, zz, lz, ll, rest, w, price, steep)
    while below > 0:
        low, above, high = high, below, 2 * high
        below = _gain(high, zz, lz, ll, rest, w, price, steep)
    for turn in range(100):
        middle = (low * below - high * above) / (below - above) if turn % 3 < 2 else 0.5 * (low + high)
        if not low < middle < high or high - low <= 1e-15 * high:
            break
        value = _gain(middle, zz, lz, ll, rest, w, price, steep)
        if value > 0:
            low, above, below = middle, value, 0.5 * below
        else:
            high, below, above = middle, value, 0.5 * above
    return high


@njit(cache=True, nogil=True)
def violation_of(x, c, level, linear, price, edges, side):
    """The largest distance of a block of c from λ times the subgradients of u there."""
    worst = 0.0
    for g in range(price.size):
        start, end = edges[g], edges[g + 1]
        if end - start == 1:
            rest = c[start] - level * linear[start]
            if x[start] == 0:
                low = -np.inf if side[g] > 0 else -level * price[g]
                high = np.inf if side[g] < 0 else level * price[g]
                off = max(rest - high, low - rest, 0.0)
            else:
                off = abs(rest - level * price[g] * np.sign(x[start]))
        else:
            square, total = 0.0, 0.0
            for j in range(start, end):
                square += x[j] * x[j]
            for j in range(start, end):
                rest = c[j] - level * linear[j]
                if square > 0:
                    rest -= level * price[g] * x[j] / np.sqrt(square)
                total += rest * rest
            off = np.sqrt(total) if square > 0 else max(np.sqrt(total) - level * price[g], 0.0)
        worst = max(worst, off)
    return worst


@njit(cache=True, nogil=True)
def _slope(t, x, d, slope, bend, base, w, owner, linear, price):
    """The derivative of the objective at x + t d, along d."""
    u, rise, j = base, 0.0, 0
    while j < x.size:
        g, along, old, new, count = owner[j], 0.0, 0.0, 0.0, 0
        while j < x.size and owner[j] == g:
            v = x[j] + t * d[j]
            u += t * linear[j] * d[j]
            rise += linear[j] * d[j]
            along += v * d[j]
            old += x[j] * x[j]
            new += v * v
            j += 1
            count += 1
        u += price[g] * (np.sqrt(new) - np.sqrt(old))
        if new > 0:
            rise += price[g] * along / np.sqrt(new)
    return slope + t * bend + w * max(u, 0.0) * rise


@njit(cache=True, nogil=True)
def lowest(x, d, slope, bend, base, w, owner, linear, price, side):
    """The lowest point x + t d with t ≥ 0, where what reaches zero just there is zero, and t; 1 if that is where it is."""
    given = (x, d, slope, bend, base, w, owner, linear, price)
    most, flips = np.inf, False
    for j in range(x.size):
        if x[j] * d[j] < 0:
            flips = flips or (x[j] + d[j]) * x[j] <= 0
            if side[owner[j]] != 0:
                most = min(most, -x[j] / d[j])
    at_one = _slope(1.0, *given)
    if not flips and abs(at_one) <= 1e-9 * abs(slope + w * max(base, 0.0)):
        return x + d, 1.0
    low, high = (1.0, 2.0) if at_one < 0 else (0.0, 1.0)
    end = 1e-9 * _slope(0.0, *given)  # a slope that is rounding leads nowhere
    while at_one < 0 and high < min(most, 1e9) and _slope(high, *given) < end:
        low, high = high, 2 * high
    low, high = min(low, most), min(high, most)
    for _ in range(70):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if _slope(middle, *given) > 0:
            high = middle
        else:
            low = middle
    out = x + high * d
    for j in range(x.size):
        zero = -x[j] / d[j] if x[j] * d[j] < 0 else np.inf
        alone = (j == 0 or owner[j - 1] != owner[j]) and (j == x.size - 1 or owner[j + 1] != owner[j])
        if alone and low * (1 - 1e-12) <= zero <= high * (1 + 1e-12):
            out[j] = 0.0
    return out, high


@njit(cache=True, nogil=True)
def add_bend(H, x, owner, price, level):
    """Add λ times the second derivative of the norms of groups to the lower triangle of H."""
    start = 0
    while start < x.size:
        end, square = start, 0.0
        while end < x.size and owner[end] == owner[start]:
            square += x[end] * x[end]
            end += 1
        if end - start > 1 and level > 0 and square > 0:
            bend = level * price[owner[start]] / np.sqrt(square)
            for i in range(start, end):
                for j in range(start, i + 1):
                    H[i, j] -= bend * x[i] * x[j] / square
                H[i, i] += bend
        start = end


@njit(cache=True, nogil=True)
def row_sums(G, edges):
    """The largest row sum of moduli of each diagonal block."""
    out = np.zeros(edges.size - 1)
    for g in range(out.size):
        for i in range(edges[g], edges[g + 1]):
            total = 0.0
            for j in range(edges[g], edges[g + 1]):
                total += abs(G[i, j])
            out[g] = max(out[g], total)
    return out


@njit(cache=True, nogil=True)
def copy_block(G, free, out):
    """out = G[free][:, free]."""
    for i in range(free.size):
        row = G[free[i]]
        for j in range(free.size):
            out[i, j] = row[free[j]]


@njit(cache=True, nogil=True)
def combine(G, rows, step, c):
    """c − G[:, rows] step, in place."""
    for i in range(rows.size):
        if step[i] != 0:
            take_off(c, step[i], G[rows[i]])
