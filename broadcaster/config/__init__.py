"""clusters.toml as settings; every fault of it reported at once."""
