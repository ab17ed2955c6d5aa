"""Figures from the log book: hours on air, uptime, broadcasts."""
