"""The review desk: queues, the page where a document is looked at, and what a person does with it."""
