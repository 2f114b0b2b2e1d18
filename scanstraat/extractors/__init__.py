"""Words to candidates with evidence to readings (C1-C7)."""
