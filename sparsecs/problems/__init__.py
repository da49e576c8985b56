"""What is asked: an operator, what it measured, and what is known of the answer."""
