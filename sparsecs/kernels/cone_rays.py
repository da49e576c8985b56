r"""Projections on a descent cone with no matrix: its polar is made of rays, so one number is looked for.

    phi(t) = z_z - 2 t z_p + t^2 p_p + sum_i (v_i - t q_i)_+^2,        ||projection||^2 = min over t >= 0 of phi(t)

-phi'(t)/2 falls and is linear between v_i / q_i, so Newton's method within a bracket ends at the root after a few steps.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def fall(t, v, q, z_p, p_p):
    """−φ'(t)/2, and minus its derivative."""
    total, bend = z_p - t * p_p, p_p
    for i in range(v.size):
        over = v[i] - t * q[i]
        if over > 0:
            total += q[i] * over
            bend += q[i] * q[i]
    return total, bend


@njit(cache=True, nogil=True)
def nearest_ray(v, q, z_p, p_p):
    """The t ≥ 0 with the smallest φ; infinite if φ falls for ever."""
    total, bend = fall(0.0, v, q, z_p, p_p)
    if total <= 0:
        return 0.0
    low, t = 0.0, total / bend if bend > 0 else 1.0
    high = np.inf
    for _ in range(200):
        total, bend = fall(t, v, q, z_p, p_p)
        if total == 0:
            break
        low, high = (t, high) if total > 0 else (low, t)
        if bend > 0:
            ahead = t + total / bend
        elif total > 0:
            return np.inf
        else:
            ahead = -1.0
        if not low < ahead < high:
            if ahead == t or abs(ahead - t) <= 1e-15 * t:
                break
            ahead = 0.5 * (low + high) if high < np.inf else 2 * t
        if ahead == t:
            break
        t = ahead
    return t


@njit(cache=True, nogil=True)
def project_draws(V, q, sizes, Z_p, Z_z, p_p, free, norms, faces, levels):
    """For each row of draws, ‖projection‖², the divergence of the projection, and t.

    Parameters
    ----------
    V : (N, r) array
        The v of each draw.
    q, sizes : (r,) arrays
        Their prices, and of how many coordinates each v is the norm.
    Z_p, Z_z : (N,) arrays
    p_p : float
    free : int
        How many coordinates z has.
    norms, faces, levels : (N,) arrays
        Where to write.
    """
    for i in range(V.shape[0]):
        t = nearest_ray(V[i], q, Z_p[i], p_p)
        levels[i] = t
        if t == np.inf:  # only where p_p = 0
            t = 1e300
        norm, face, bend = Z_z[i] - 2 * t * Z_p[i] + t * t * p_p if p_p > 0 else Z_z[i], float(free), p_p
        for j in range(q.size):
            over = V[i, j] - t * q[j]
            if over > 0:
                norm += over * over
                face += 1 + (sizes[j] - 1) * over / V[i, j]
                bend += q[j] * q[j]
        norms[i], faces[i] = max(norm, 0.0), face - (1 if t > 0 and bend > 0 else 0)
