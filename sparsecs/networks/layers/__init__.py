"""Layers, one a file: each gives its output, its derivatives, and its share of the Jacobian."""
