"""Wake-ups, actors, sweep and the supervisor of all processes."""
