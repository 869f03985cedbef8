"""A consent to take along: a signed record for machines, a page for people, and the keys by which both are believed."""
