"""The API for programs: a service key, answers in JSON, and a description of all of it at /api/openapi.json."""
