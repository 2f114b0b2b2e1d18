"""Label words, one table a language (`*.toml` beside this file), and finding them on printed rows."""
