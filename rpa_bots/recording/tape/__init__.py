"""What stands in a recording, before any page is opened: its steps, its data, what is mended."""
