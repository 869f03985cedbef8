"""Where does a partner try a link out before it is approved? At the same gateway, on invented people alone."""
