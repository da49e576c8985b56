"""What a sweep can repeat, one trial a file."""
