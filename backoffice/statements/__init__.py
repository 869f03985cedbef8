"""The yearly statement of rewards: who was paid what, who is told to the tax office."""
