"""What will happen on one given matrix, network or architecture, before a sweep is run."""
