"""What a person does with a document at the review desk."""
