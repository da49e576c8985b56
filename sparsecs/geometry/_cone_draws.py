"""Gaussian draws projected on a cone: with no matrix, under a matrix, and for cones that project by themselves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.randomness import stream
from sparsecs.geometry._cone_projection import ConeImage, Projected
from sparsecs.geometry.cones import Cone
from sparsecs.geometry.descent_cone import DescentCone
from sparsecs.geometry.estimate import Estimate, mean_of
from sparsecs.kernels.cone_rays import project_draws

CHUNK = 64


class Draws(NamedTuple):
    """Squared norms of projections, dimensions of faces (None if they are not known), and the worst misfit."""

    norms: np.ndarray
    faces: np.ndarray | None
    violation: float


def project_under(
    image: ConeImage, draws: int, rng: np.random.Generator, budget: Budget, before: tuple[Projected, ...] = ()
) -> tuple[Projected, ...]:
    """Projections on the image of a cone under a matrix, after those ``before``; as many as time allows, and at least two."""
    found = list(before)
    with budget.watch():
        while len(found) < draws and (len(found) < 2 or not budget.spent()):
            found.append(image.project(rng.standard_normal((image.rows,))))
    return tuple(found)


def gathered(found: tuple[Projected, ...]) -> Draws:
    """Projections as arrays."""
    norms, faces = np.array([one.norm for one in found]), np.array([one.face for one in found])
    return Draws(norms, faces, max((one.violation for one in found), default=0.0))


def project_freely(cone: DescentCone, draws: int, seed: int, budget: Budget) -> Draws:
    """Projections on a descent cone itself."""
    rng, found = stream(seed, "statistical dimension"), []
    starts, sizes = cone.edges[:-1], np.diff(cone.edges)
    signs = np.where(cone.side < 0, -1.0, 1.0)
    q, first = cone.price + cone.side * cone.linear[starts] if starts.size else cone.price, cone.side == 0
    pull, done = float(cone.pull @ cone.pull), 0
    with budget.watch():
        while done < draws and not (done and budget.spent()):
            count = min(CHUNK, draws - done)
            g = rng.standard_normal((count, cone.size))
            rest, z = g[:, cone.rest], g[:, cone.free]
            V = np.sqrt(np.add.reduceat(rest**2, starts, axis=1)) if starts.size else rest
            V[:, ~first] = (rest[:, starts] * signs)[:, ~first] if starts.size else V[:, ~first]
            out = np.empty((3, count))
            project_draws(V, q, sizes, z @ cone.pull, (z**2).sum(axis=1), pull, cone.free.size, out[0], out[1], out[2])
            found.append(out)
            done += count
    norms, faces, _ = np.concatenate(found, axis=1)
    return Draws(norms, faces, 0.0)


def project_closed(cone: Cone, draws: int, seed: int, budget: Budget) -> Draws:
    """Projections on a cone that knows how."""
    rng = stream(seed, "statistical dimension")
    norms: list[float] = []
    with budget.watch():
        while len(norms) < draws and (len(norms) < 2 or not budget.spent()):
            point = cone.project(rng.standard_normal(cone.least))
            norms.append(float(point @ point))
    return Draws(np.array(norms), None, 0.0)


def reported(found: Draws, identifiable: bool | None, budget: Budget) -> Estimate:
    """The mean of faces' dimensions, or of squared norms where faces are not known."""
    samples = found.norms if found.faces is None else found.faces
    mean = mean_of(samples, "squared norms of projections" if found.faces is None else "dimensions of faces")
    return Estimate(
        mean.value,
        mean.error,
        mean.method,
        faces=found.faces,
        norms=found.norms,
        identifiable=identifiable,
        violation=found.violation,
        stopped=budget.stopped,
    )
