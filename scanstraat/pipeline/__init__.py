"""The line: stages, their order, states, fallback rules, routing and the runner."""
