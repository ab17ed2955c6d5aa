"""The queue, the sequence of one broadcast, and the thread that owns transmitter and output."""
