"""What is found and done on the pages of an old system, step by step."""
