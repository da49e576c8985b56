r"""The face-splitting product: what a linear layer contributes to a Jacobian.

The gradient of output c at sample s with respect to weight (o, i) of a linear layer is

    J[(s, c), (o, i)] = delta[s, c, o] * feature[s, i],

the derivative by the layer's o-th output times the layer's i-th input. So the (N C) × (b a) matrix is known from N C b + N a
numbers. With V the (b, a) array of x:

    J x          = sum_o delta[s, c, o] (feature V^T)[s, o]           2 N a b + 2 N C b operations
    J^T y        = (sum_c y[s, c] delta[s, c, :])^T feature           the same
    ||J[:, j]||^2 = sum_s (sum_c delta[s, c, o]^2) feature[s, i]^2
    J J^T        = (delta delta^T) o (feature feature^T x 1 1^T)      the neural tangent kernel of the layer

in place of 2 N C a b for a product with the dense matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import indices
from sparsecs.operators.base import Operator, vector_norms


@dataclass(frozen=True, eq=False, repr=False)
class FaceSplitting(Operator):
    """The row-wise Khatri-Rao product of two factors that share their samples.

    Rows run sample-major, output-minor; columns run over the layer's outputs, and within one of them over its inputs.

    Parameters
    ----------
    delta : (N, C, b) real array
        Derivatives of the C network outputs by the b outputs of the layer, for N samples.
    features : (N, a) real array
        The inputs of the layer.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.operators.face_splitting import FaceSplitting
    >>> block = FaceSplitting(np.array([[[1.0, 2.0]]]), np.array([[3.0, 5.0]]))
    >>> block.dense()
    array([[ 3.,  5.,  6., 10.]])
    """

    delta: np.ndarray
    features: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        samples, outputs, width = self.delta.shape
        return samples * outputs, width * self.features.shape[1]

    @property
    def dtype(self) -> np.dtype:
        return np.result_type(self.delta, self.features)

    def matvec(self, x: np.ndarray) -> np.ndarray:
        weights = x.reshape(self.delta.shape[2], self.features.shape[1])
        pushed = self.features @ weights.T
        return (self.delta @ pushed[:, :, None]).reshape(self.shape[0])

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        samples, outputs, width = self.delta.shape
        pulled = (y.reshape(samples, 1, outputs) @ self.delta).reshape(samples, width)
        return (pulled.T @ self.features).reshape(self.shape[1])

    def matmat(self, X: np.ndarray) -> np.ndarray:
        samples, _, width = self.delta.shape
        weights = X.reshape(width, self.features.shape[1], -1).transpose(1, 0, 2)
        pushed = self.features @ weights.reshape(self.features.shape[1], -1)
        return (self.delta @ pushed.reshape(samples, width, -1)).reshape(self.shape[0], X.shape[1])

    def rmatmat(self, Y: np.ndarray) -> np.ndarray:
        samples, outputs, width = self.delta.shape
        pulled = self.delta.transpose(0, 2, 1) @ Y.reshape(samples, outputs, -1)
        gathered = self.features.T @ pulled.reshape(samples, -1)
        return (
            gathered.reshape(self.features.shape[1], width, Y.shape[1])
            .transpose(1, 0, 2)
            .reshape(self.shape[1], Y.shape[1])
        )

    def columns(self, support: Any) -> np.ndarray:
        output, feature = np.divmod(indices(support, "support", self.shape[1]), self.features.shape[1])
        picked = self.delta[:, :, output] * self.features[:, None, feature]
        return picked.reshape(self.shape[0], output.size)

    def column_norms(self) -> np.ndarray:
        outer, inner = np.abs(self.delta).max(axis=(0, 1)), np.abs(self.features).max(axis=0)
        delta = self.delta / np.where(outer > 0, outer, 1)  # so that no square leaves the range of the numbers
        features = self.features / np.where(inner > 0, inner, 1)
        squares = np.einsum("sco,sco->so", delta, delta).T @ (features * features)
        norms = np.sqrt(squares) * outer[:, None] * inner
        info = np.finfo(norms.dtype)
        suspects = np.argwhere((squares < info.eps) & (outer[:, None] * inner > 0))
        if suspects.size and _smallest(delta) * _smallest(features) < info.tiny**0.5:  # squares may have vanished
            for o, i in suspects:
                norms[o, i] = vector_norms(self.columns([o * self.features.shape[1] + i]))[0]
        return norms.reshape(self.shape[1])

    def gram(self) -> np.ndarray:
        samples, outputs, width = self.delta.shape
        flat = self.delta.reshape(-1, width)
        kernel = (flat @ flat.T).reshape(samples, outputs, samples, outputs)
        kernel *= (self.features @ self.features.T)[:, None, :, None]
        return kernel.reshape(self.shape[0], self.shape[0])


def _smallest(values: np.ndarray) -> float:
    """The smallest modulus that is not zero."""
    return float(np.abs(values).min(where=values != 0, initial=1))
