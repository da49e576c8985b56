"""What is paid for a coefficient vector, one penalty a file."""
