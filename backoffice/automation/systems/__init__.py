"""The systems of others that bots key into: their addresses, hours and accounts."""
