"""The proof of what was keyed, taken out of the house for an audit."""
