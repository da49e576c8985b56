"""What can be measured of a measurement matrix before anything is solved."""
