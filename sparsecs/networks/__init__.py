"""What is linearised: layers in sequence over one flat parameter vector, in plain NumPy."""
