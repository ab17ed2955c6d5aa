"""The process that owns the hardware and the sound."""
