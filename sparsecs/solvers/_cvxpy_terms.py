"""Losses and penalties as expressions of cvxpy, by the name of their class: no other file of the package states them so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sparsecs.problems.problem import Problem


def _l1(cp: Any, penalty: Any, x: Any, weight: float, problem: Problem) -> Any:
    costs = np.ones(x.shape[0]) if problem.weights is None else np.where(problem.weights < np.inf, problem.weights, 0)
    return weight * cp.sum(cp.multiply(costs if x.ndim == 1 else costs[:, None] * np.ones(x.shape), cp.abs(x)))


def _elastic_net(cp: Any, penalty: Any, x: Any, weight: float, problem: Problem) -> Any:
    return _l1(cp, penalty, x, weight, problem) + 0.5 * penalty.ridge * cp.sum_squares(x)


def _group_l2(cp: Any, penalty: Any, x: Any, weight: float, problem: Problem) -> Any:
    labels = np.arange(x.shape[0]) if problem.groups is None else problem.groups
    costs = np.ones(labels.max() + 1) if problem.weights is None else problem.weights
    costs = np.where(costs < np.inf, costs, 0) * (np.sqrt(np.bincount(labels)) if penalty.root_size else 1.0)
    return weight * _lengths(cp, x, labels, costs)


def _sparse_group(cp: Any, penalty: Any, x: Any, weight: float, problem: Problem) -> Any:
    labels = np.arange(x.shape[0]) if problem.groups is None else problem.groups
    costs = np.sqrt(np.bincount(labels)) if penalty.root_size else np.ones(labels.max() + 1)
    return weight * (penalty.ratio * cp.sum(cp.abs(x)) + (1 - penalty.ratio) * _lengths(cp, x, labels, costs))


def _sorted_l1(cp: Any, penalty: Any, x: Any, weight: float, problem: Problem) -> Any:
    sizes = cp.abs(x) if x.ndim == 1 else cp.norm(x, 2, axis=1)
    costs = penalty.sequence(x.shape[0])
    drops = costs - np.append(costs[1:], 0.0)
    return weight * sum(drop * cp.sum_largest(sizes, i + 1) for i, drop in enumerate(drops) if drop > 0)


def _lengths(cp: Any, x: Any, labels: np.ndarray, costs: np.ndarray) -> Any:
    """The sum of the norms of groups of entries, or of rows, each times its cost."""
    parts = [x[np.flatnonzero(labels == g)] for g in range(costs.size)]
    return sum(
        cost * (cp.norm(part, 2) if x.ndim == 1 else cp.norm(part, "fro"))
        for cost, part in zip(costs, parts, strict=True)
    )


def _squared(cp: Any, loss: Any, prediction: Any, y: np.ndarray) -> Any:
    return 0.5 * cp.sum_squares(prediction - y)


def _huber(cp: Any, loss: Any, prediction: Any, y: np.ndarray) -> Any:
    return 0.5 * cp.sum(cp.huber(cp.abs(prediction - y), loss.delta))


def _logistic(cp: Any, loss: Any, prediction: Any, y: np.ndarray) -> Any:
    return cp.sum(cp.logistic(cp.multiply(np.where(y > 0, -1.0, 1.0), prediction)))


def _softmax(cp: Any, loss: Any, prediction: Any, y: np.ndarray) -> Any:
    return cp.sum(cp.log_sum_exp(prediction, axis=1)) - cp.sum(cp.multiply(y, prediction))


PENALTIES: dict[str, Callable[..., Any]] = {
    "L1": _l1,
    "ElasticNet": _elastic_net,
    "GroupL2": _group_l2,
    "SparseGroup": _sparse_group,
    "SortedL1": _sorted_l1,
}
LOSSES: dict[str, Callable[..., Any]] = {
    "Squared": _squared,
    "Huber": _huber,
    "Logistic": _logistic,
    "Softmax": _softmax,
}
