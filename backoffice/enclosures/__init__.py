"""What is sent to whoever stands in a list: papers chosen by rule, filled in, put into a printer's folder once."""
