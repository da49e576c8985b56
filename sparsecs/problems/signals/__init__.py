"""The laws of sparse signals, one a file."""
