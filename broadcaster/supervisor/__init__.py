"""Starts simulator, daemon and web, watches the heartbeat, and drops the carrier when the daemon cannot."""
