"""What answers each address; all of it behind `visibility`."""
