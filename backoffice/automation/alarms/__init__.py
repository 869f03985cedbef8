"""What those on duty hear at once, by which way, and who is on duty."""
