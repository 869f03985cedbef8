"""What do the demonstration city's old systems have in common? Serving, signing in, a ledger, trouble on demand."""
