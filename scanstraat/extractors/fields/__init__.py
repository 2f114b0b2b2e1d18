"""One module a field: each yields every candidate with its evidence and signals, and decides nothing."""
