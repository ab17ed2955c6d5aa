"""Relays: a stream or a sound-card input goes on air, and what happens when it dies or goes silent."""
