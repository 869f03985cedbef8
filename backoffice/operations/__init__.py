"""What runs, waits or failed behind the pages, and what is done every day without being asked."""
