"""When a broadcast is handed to playout."""
