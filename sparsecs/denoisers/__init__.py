"""What is known of a signal seen through Gaussian noise, one denoiser a file."""
