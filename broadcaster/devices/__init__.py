"""Hardware: the only package that opens ports."""
