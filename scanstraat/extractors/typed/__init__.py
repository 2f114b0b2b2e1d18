"""What a person types into a field, in any usual form, and its canonical text. Only `Refused` is raised, whatever was typed."""
