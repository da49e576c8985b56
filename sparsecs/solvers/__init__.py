"""Methods that answer a problem, one a file."""
