"""Staff and departments as the personnel office says: a CSV file, read, compared, planned for a day, done that day."""
