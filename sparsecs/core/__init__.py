"""Conventions of the house. Nothing here knows of sensing."""
