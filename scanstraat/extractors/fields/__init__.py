"""One module a field."""
