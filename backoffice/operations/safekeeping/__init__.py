"""How is the whole office put by, and brought back? One file; the keys stay apart."""
