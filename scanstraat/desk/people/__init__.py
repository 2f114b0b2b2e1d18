"""Pages about persons: users of an office, operators, and the audit log."""
