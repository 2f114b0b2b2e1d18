"""The database: models, and repositories that take in and hand out frozen values; blobs, audit chain."""
