"""Where the nonzeros of a signal may lie, one law a file."""
