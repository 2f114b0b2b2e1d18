"""One stage of the line a module; `pipeline.line` puts them in order."""
