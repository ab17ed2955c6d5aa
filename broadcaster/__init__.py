"""Broadcast controller for a commune's wireless public-address station."""

__version__ = "0.1.0"
