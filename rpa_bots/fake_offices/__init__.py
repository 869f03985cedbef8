"""The demonstration city's other old systems: each a list of boxes, a look and its words. Fakes, named so."""
