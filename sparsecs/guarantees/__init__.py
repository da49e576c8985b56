"""Theorems that can be checked, one a file: premise, promise, reference."""
