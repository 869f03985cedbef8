"""What a bot takes home, prints, and carries in."""
