"""How far A x is from y, one loss a file."""
