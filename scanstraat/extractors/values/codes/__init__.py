"""Payment codes printed on invoices, one standard a module: each text gives what the code says, None, or a `Fault`."""
