"""Frozen values only, standard library only: what the rooms hand to one another."""
