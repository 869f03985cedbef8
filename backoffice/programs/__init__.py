"""Which programs does the city push, to whom, and who has agreed? Registered by departments, approved by routes."""
