"""What the project claims of speed and accuracy, as commands that print a table."""
