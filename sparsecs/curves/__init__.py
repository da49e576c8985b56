"""Theory: what a phase diagram is expected to show, one curve a file."""
