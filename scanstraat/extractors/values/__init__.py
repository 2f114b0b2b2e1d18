"""Parsers of printed values: text in, canonical values out, no knowledge of pages or labels."""
