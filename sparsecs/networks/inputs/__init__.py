"""What a network is fed, one source a file."""
