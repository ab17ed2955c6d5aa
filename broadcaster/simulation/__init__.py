"""The simulated station: byte models behind pseudo-terminals, and a field of clusters that hears."""
