"""Pages about offices and administrations: opening them, their instructions, suppliers, keys, and the health of it all."""
