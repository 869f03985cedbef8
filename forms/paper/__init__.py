"""How does a form look on paper? Composed in millimetres from its definition, printed, drawn as a blank to read by."""
