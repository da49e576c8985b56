"""Compressed sensing and sparse recovery, made for one question: when can a sparse subnetwork be found?

A network, linearised, becomes an operator. An operator and a sparse signal make a problem. A solver answers it. A trial asks
whether the answer was right. A sweep repeats the trial. A diagram sums it up. A curve predicts it.

>>> from sparsecs import DonohoTanner, Gaussian, BasisPursuit, Signs, plant, answer, stream
>>> problem = plant(Gaussian().draw(50, 100, stream(0, "A")), Signs(), 8, stream(0, "x"))
>>> problem.error(answer(problem, BasisPursuit()).x) < 1e-9
True
"""

from importlib import import_module as _import_module
from types import ModuleType as _ModuleType

from sparsecs.core.declaration import Declaration, rebuild
from sparsecs.core.randomness import stream

# A network,
from sparsecs.networks.inputs.base import Inputs
from sparsecs.networks.inputs.digits import Digits
from sparsecs.networks.inputs.gaussian import GaussianInputs
from sparsecs.networks.layers.base import Layer
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.layers.relu import Relu
from sparsecs.networks.layers.tanh import Tanh
from sparsecs.networks.network import Network

# linearised,
from sparsecs.networks.linearize import linearize

# becomes an operator,
from sparsecs.operators.base import Adjoint, Operator
from sparsecs.operators.circulant import Circulant
from sparsecs.operators.dense import Dense
from sparsecs.operators.door import as_operator
from sparsecs.operators.face_splitting import FaceSplitting
from sparsecs.operators.foreign import Foreign
from sparsecs.operators.load_matrix import load_matrix
from sparsecs.operators.jacobian import Jacobian
from sparsecs.operators.khatri_rao import KhatriRao
from sparsecs.operators.kronecker import Kronecker
from sparsecs.operators.scaled import Scaled, normalized
from sparsecs.operators.selected import Selected
from sparsecs.operators.sparse import Sparse

# whose geometry can be measured, and for which theorems hold.
from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.isometry_bounds import IsometryBounds
from sparsecs.geometry.restricted_isometry import restricted_isometry
from sparsecs.geometry.circulant import circulant
from sparsecs.geometry.circulant_geometry import CirculantGeometry
from sparsecs.geometry.removal_table import RemovalTable
from sparsecs.geometry.block_coherence import BlockCoherence, block_coherence
from sparsecs.geometry.coherence import babel, coherence, coherent_pair, mean_coherence
from sparsecs.geometry.coherence_profile import CoherenceProfile, coherence_profile
from sparsecs.geometry.spark import spark
from sparsecs.geometry.welch_bound import welch_bound
from sparsecs.geometry.irrepresentable import irrepresentable
from sparsecs.geometry.irrepresentable_probability import irrepresentable_measurements, irrepresentable_probability
from sparsecs.geometry.exact_recovery_coefficient import exact_recovery_coefficient
from sparsecs.geometry.dual_certificate import DualCertificate, dual_certificate
from sparsecs.geometry.is_recoverable import is_recoverable
from sparsecs.geometry.identifiability import collinear_columns, dead_columns, distinct_columns
from sparsecs.geometry.null_space_constant import null_space_constant
from sparsecs.geometry.restricted_eigenvalue import compatibility_constant, restricted_eigenvalue
from sparsecs.geometry.spectrum import numerical_rank, spectral_norm
from sparsecs.geometry.leverages import leverages
from sparsecs.geometry.cones import CircularCone, Cone, MonotoneCone, Orthant, PolarCone, Subspace
from sparsecs.geometry.estimate import Estimate
from sparsecs.geometry.gaussian_width import gaussian_width
from sparsecs.geometry.statistical_dimension import statistical_dimension
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.coherence_bound import CoherenceBound
from sparsecs.guarantees.babel_bound import BabelBound
from sparsecs.guarantees.exact_recovery_condition import ExactRecoveryCondition
from sparsecs.guarantees.fuchs_condition import FuchsCondition
from sparsecs.guarantees.gershgorin_bound import GershgorinBound
from sparsecs.guarantees.guarantee_table import GuaranteeTable
from sparsecs.guarantees.guaranteed_sparsity import guaranteed_sparsity
from sparsecs.guarantees.irrepresentable_condition import IrrepresentableCondition
from sparsecs.guarantees.isometry_for_cosamp import IsometryForCoSaMP
from sparsecs.guarantees.isometry_for_l1 import IsometryForL1
from sparsecs.guarantees.isometry_for_omp import IsometryForOMP
from sparsecs.guarantees.isometry_for_subspace_pursuit import IsometryForSubspacePursuit
from sparsecs.guarantees.isometry_for_thresholding import IsometryForThresholding
from sparsecs.guarantees.khatri_rao_bound import KhatriRaoBound
from sparsecs.guarantees.kronecker_bound import KroneckerBound
from sparsecs.guarantees.null_space_property import NullSpaceProperty
from sparsecs.guarantees.spark_bound import SparkBound
from sparsecs.guarantees.verdict import Verdict
from sparsecs.guarantees.welch_limit import WelchLimit

# An operator and a sparse signal make a problem.
from sparsecs.problems.ensembles.base import Ensemble
from sparsecs.problems.ensembles.autoregressive import Autoregressive
from sparsecs.problems.ensembles.fixed_matrix import FixedMatrix
from sparsecs.problems.ensembles.gaussian import Gaussian
from sparsecs.problems.ensembles.gaussian_khatri_rao import GaussianKhatriRao
from sparsecs.problems.ensembles.gaussian_kronecker import GaussianKronecker
from sparsecs.problems.ensembles.lognormal_columns import LognormalColumns
from sparsecs.problems.ensembles.partial_circulant import PartialCirculant
from sparsecs.problems.ensembles.partial_dct import PartialDCT
from sparsecs.problems.ensembles.partial_hadamard import PartialHadamard
from sparsecs.problems.ensembles.rademacher import Rademacher
from sparsecs.problems.ensembles.random_network import RandomNetwork
from sparsecs.problems.ensembles.spiked_covariance import SpikedCovariance
from sparsecs.problems.ensembles.student_t import StudentT
from sparsecs.problems.plant import plant
from sparsecs.problems.problem import Problem
from sparsecs.problems.signals.base import Signal
from sparsecs.problems.signals.signs import Signs
from sparsecs.problems.signals.spikes import Spikes
from sparsecs.problems.supports.base import Support
from sparsecs.problems.supports.column_support import ColumnSupport
from sparsecs.problems.supports.layer_support import LayerSupport
from sparsecs.problems.supports.neuron_support import NeuronSupport
from sparsecs.problems.supports.uniform_support import UniformSupport

# A solver answers it.
from sparsecs.kernels.block_thresholding import block_hard_threshold, block_soft_threshold, keep_largest_blocks
from sparsecs.kernels.projections import project_l1_ball, project_simplex
from sparsecs.kernels.sorted_l1 import sorted_l1_prox
from sparsecs.kernels.thresholding import firm_threshold, hard_threshold, keep_largest, soft_threshold
from sparsecs.losses.base import Loss
from sparsecs.losses.huber import Huber
from sparsecs.losses.logistic import Logistic
from sparsecs.losses.softmax import Softmax
from sparsecs.losses.squared import Squared
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.elastic_net import ElasticNet
from sparsecs.penalties.group_l2 import GroupL2
from sparsecs.penalties.l0 import L0
from sparsecs.penalties.l1 import L1
from sparsecs.penalties.mcp import MCP
from sparsecs.penalties.scad import SCAD
from sparsecs.penalties.sorted_l1 import SortedL1
from sparsecs.penalties.sparse_group import SparseGroup
from sparsecs.denoisers.base import Denoiser
from sparsecs.denoisers.bernoulli_gaussian_denoiser import BernoulliGaussianDenoiser
from sparsecs.denoisers.soft_denoiser import SoftDenoiser
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.accelerated_iht import AcceleratedIHT
from sparsecs.solvers.admm import ADMM
from sparsecs.solvers.amp import AMP
from sparsecs.solvers.basis_pursuit import BasisPursuit
from sparsecs.solvers.basis_pursuit_denoising import BasisPursuitDenoising
from sparsecs.solvers.cgiht import CGIHT
from sparsecs.solvers.coordinate_descent import CoordinateDescent
from sparsecs.solvers.cosamp import CoSaMP
from sparsecs.solvers.cross_validation import CrossValidation, cross_validate
from sparsecs.solvers.dantzig_selector import DantzigSelector
from sparsecs.solvers.debias import debias
from sparsecs.solvers.generalized_omp import GeneralizedOMP
from sparsecs.solvers.group_lasso import GroupLasso
from sparsecs.solvers.homotopy_path import HomotopyPath, homotopy_path
from sparsecs.solvers.htp import HTP
from sparsecs.solvers.iht import IHT
from sparsecs.solvers.irls import IRLS
from sparsecs.solvers.lasso import Lasso
from sparsecs.solvers.lasso_path import LassoPath, lasso_path
from sparsecs.solvers.masked_constants import MaskedConstants, masked_constants
from sparsecs.solvers.masked_gradient import MaskedGradient
from sparsecs.solvers.matching_pursuit import MatchingPursuit
from sparsecs.solvers.normalized_iht import NormalizedIHT
from sparsecs.solvers.ols import OLS
from sparsecs.solvers.omp import OMP
from sparsecs.solvers.proximal_gradient import ProximalGradient
from sparsecs.solvers.proximal_newton import ProximalNewton
from sparsecs.solvers.reference import Reference
from sparsecs.solvers.result import Certificate, Result, Status
from sparsecs.solvers.results import Results
from sparsecs.solvers.reweighted_l1 import ReweightedL1
from sparsecs.solvers.romp import ROMP
from sparsecs.solvers.shrinkage_bias import ShrinkageBias, shrinkage_bias
from sparsecs.solvers.solution_path import SolutionPath
from sparsecs.solvers.solve import answer, solve
from sparsecs.solvers.solve_each import solve_each
from sparsecs.solvers.sparse_bayesian_learning import SparseBayesianLearning
from sparsecs.solvers.square_root_lasso import SquareRootLasso
from sparsecs.solvers.st_omp import StOMP
from sparsecs.solvers.subspace_pursuit import SubspacePursuit
from sparsecs.solvers.vamp import VAMP

# A trial asks whether the answer was right.
from sparsecs.sweeps.trial import Trial
from sparsecs.trials.recovery import Recovery, phase_grid

# A sweep repeats the trial.
from sparsecs.sweeps.cell import Cell, grid
from sparsecs.sweeps.run import run, run_all
from sparsecs.sweeps.store import Store
from sparsecs.sweeps.sweep import Sweep
from sparsecs.sweeps.tally import Tally

# A diagram sums it up.
from sparsecs.sweeps.diagram import Diagram
from sparsecs.sweeps.transition import Transition, fit_transition
from sparsecs.plots.coherence_histogram import coherence_histogram
from sparsecs.plots.gram_heat_map import gram_heat_map
from sparsecs.plots.guarantees_against_transition import guarantees_against_transition
from sparsecs.plots.isometry_bounds_plot import isometry_bounds_plot
from sparsecs.plots.phase_diagram import phase_diagram
from sparsecs.plots.prediction_band import prediction_band
from sparsecs.plots.save import save
from sparsecs.plots.success_curves import success_curves

# A prediction speaks of one matrix or network.
from sparsecs.prediction.jacobian_profile import JacobianProfile
from sparsecs.prediction.measurement_profile import measurement_profile
from sparsecs.prediction.lasso_error import lasso_error
from sparsecs.prediction.lasso_prediction import LassoPrediction
from sparsecs.prediction.predict import predict
from sparsecs.prediction.prediction import Prediction
from sparsecs.prediction.sample_prediction import SamplePrediction
from sparsecs.prediction.samples_needed import samples_needed
from sparsecs.prediction.verification import Verification
from sparsecs.prediction.verify import verify

# A curve predicts it.
from sparsecs.curves.base import Curve
from sparsecs.curves.bah_tanner import BahTanner
from sparsecs.curves.blanchard_cartis_tanner import BlanchardCartisTanner
from sparsecs.curves.donoho_tanner import DonohoTanner
from sparsecs.curves.information_limit import InformationLimit
from sparsecs.curves.measured_transition import MeasuredTransition
from sparsecs.curves.noise_sensitivity import NoiseSensitivity
from sparsecs.curves.replica_lasso import ReplicaLasso
from sparsecs.curves.state_evolution import StateEvolution
from sparsecs.curves.statistical_dimension import StatisticalDimension
from sparsecs.curves.success_probability import success_probability
from sparsecs.curves.tuned_thresholding import TunedThresholding
from sparsecs.curves.wainwright_support import WainwrightSupport
from sparsecs.curves.block_success_probability import block_success_probability
from sparsecs.curves.closed_form_error import closed_form_error
from sparsecs.curves.compare import compare
from sparsecs.curves.comparison import Comparison
from sparsecs.curves.k50 import k50
from sparsecs.curves.strong_failure_bound import strong_failure_bound
from sparsecs.curves.strong_sparsity import strong_sparsity

__version__ = "0.1.0"

_LATER = ("estimators", "testing")  # rooms that need libraries of their own: they come when they are asked for


def __getattr__(name: str) -> _ModuleType:
    if name in _LATER:
        return _import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})


__all__ = [
    "ADMM",
    "AMP",
    "CGIHT",
    "HTP",
    "IHT",
    "IRLS",
    "L0",
    "L1",
    "MCP",
    "OLS",
    "OMP",
    "ROMP",
    "SCAD",
    "VAMP",
    "AcceleratedIHT",
    "Adjoint",
    "Autoregressive",
    "BabelBound",
    "BahTanner",
    "BasisPursuit",
    "BasisPursuitDenoising",
    "BernoulliGaussianDenoiser",
    "BlanchardCartisTanner",
    "BlockCoherence",
    "Bounds",
    "Cell",
    "Certificate",
    "Circulant",
    "CirculantGeometry",
    "CircularCone",
    "CoSaMP",
    "CoherenceBound",
    "CoherenceProfile",
    "ColumnSupport",
    "Comparison",
    "Cone",
    "CoordinateDescent",
    "CrossValidation",
    "Curve",
    "DantzigSelector",
    "Declaration",
    "Denoiser",
    "Dense",
    "Diagram",
    "Digits",
    "DonohoTanner",
    "DualCertificate",
    "ElasticNet",
    "Ensemble",
    "Estimate",
    "ExactRecoveryCondition",
    "FaceSplitting",
    "FixedMatrix",
    "Foreign",
    "FuchsCondition",
    "Gaussian",
    "GaussianInputs",
    "GaussianKhatriRao",
    "GaussianKronecker",
    "GeneralizedOMP",
    "GershgorinBound",
    "GroupL2",
    "GroupLasso",
    "Guarantee",
    "GuaranteeTable",
    "HomotopyPath",
    "Huber",
    "InformationLimit",
    "Inputs",
    "IrrepresentableCondition",
    "IsometryBounds",
    "IsometryForCoSaMP",
    "IsometryForL1",
    "IsometryForOMP",
    "IsometryForSubspacePursuit",
    "IsometryForThresholding",
    "Iterate",
    "Jacobian",
    "JacobianProfile",
    "KhatriRao",
    "KhatriRaoBound",
    "Kronecker",
    "KroneckerBound",
    "Lasso",
    "LassoPath",
    "LassoPrediction",
    "Layer",
    "LayerSupport",
    "Linear",
    "Logistic",
    "LognormalColumns",
    "Loss",
    "MaskedConstants",
    "MaskedGradient",
    "MatchingPursuit",
    "MeasuredTransition",
    "MonotoneCone",
    "Network",
    "NeuronSupport",
    "NoiseSensitivity",
    "NormalizedIHT",
    "NullSpaceProperty",
    "Operator",
    "Orthant",
    "PartialCirculant",
    "PartialDCT",
    "PartialHadamard",
    "Penalty",
    "PolarCone",
    "Prediction",
    "Problem",
    "ProximalGradient",
    "ProximalNewton",
    "Rademacher",
    "RandomNetwork",
    "Recovery",
    "Reference",
    "Relu",
    "RemovalTable",
    "ReplicaLasso",
    "Result",
    "Results",
    "ReweightedL1",
    "SamplePrediction",
    "Scaled",
    "Selected",
    "ShrinkageBias",
    "Signal",
    "Signs",
    "SoftDenoiser",
    "Softmax",
    "SolutionPath",
    "Solver",
    "SortedL1",
    "SparkBound",
    "Sparse",
    "SparseBayesianLearning",
    "SparseGroup",
    "SpikedCovariance",
    "Spikes",
    "SquareRootLasso",
    "Squared",
    "StOMP",
    "StateEvolution",
    "StatisticalDimension",
    "Status",
    "Store",
    "StudentT",
    "Subspace",
    "SubspacePursuit",
    "Support",
    "Sweep",
    "Tally",
    "Tanh",
    "Transition",
    "Trial",
    "TunedThresholding",
    "UniformSupport",
    "Verdict",
    "Verification",
    "WainwrightSupport",
    "WelchLimit",
    "answer",
    "as_operator",
    "babel",
    "block_coherence",
    "block_hard_threshold",
    "block_soft_threshold",
    "block_success_probability",
    "circulant",
    "closed_form_error",
    "coherence",
    "coherence_histogram",
    "coherence_profile",
    "coherent_pair",
    "collinear_columns",
    "compare",
    "compatibility_constant",
    "cross_validate",
    "dead_columns",
    "debias",
    "distinct_columns",
    "dual_certificate",
    "exact_recovery_coefficient",
    "firm_threshold",
    "fit_transition",
    "gaussian_width",
    "gram_heat_map",
    "grid",
    "guaranteed_sparsity",
    "guarantees_against_transition",
    "hard_threshold",
    "homotopy_path",
    "irrepresentable",
    "irrepresentable_measurements",
    "irrepresentable_probability",
    "is_recoverable",
    "isometry_bounds_plot",
    "k50",
    "keep_largest",
    "keep_largest_blocks",
    "lasso_error",
    "lasso_path",
    "leverages",
    "linearize",
    "load_matrix",
    "masked_constants",
    "mean_coherence",
    "measurement_profile",
    "normalized",
    "null_space_constant",
    "numerical_rank",
    "phase_diagram",
    "phase_grid",
    "plant",
    "predict",
    "prediction_band",
    "project_l1_ball",
    "project_simplex",
    "rebuild",
    "restricted_eigenvalue",
    "restricted_isometry",
    "run",
    "run_all",
    "samples_needed",
    "save",
    "shrinkage_bias",
    "soft_threshold",
    "solve",
    "solve_each",
    "sorted_l1_prox",
    "spark",
    "spectral_norm",
    "statistical_dimension",
    "stream",
    "strong_failure_bound",
    "strong_sparsity",
    "success_curves",
    "success_probability",
    "verify",
    "welch_bound",
]
