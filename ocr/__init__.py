"""Image in, fields with confidence out."""
