"""How does a program's notice come to be worded? Written by one, approved by another, never changed afterwards."""
