"""Free functions on plain arrays, compiled where it pays. No classes, no knowledge of problems or solvers."""
