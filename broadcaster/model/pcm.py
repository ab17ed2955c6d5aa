"""Canonical PCM, the only form of sound that the daemon reads: 48 kHz, mono, signed 16 bit, little endian."""

RATE = 48_000
"""Samples a second."""
SAMPLE_BYTES = 2
BLOCK = 960
"""Samples in one block: 20 ms."""
BLOCK_BYTES = BLOCK * SAMPLE_BYTES
SILENCE = bytes(BLOCK_BYTES)
"""One block of it."""
