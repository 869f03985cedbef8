"""Which papers do people bring no more, since linked data replaces them? A register, with the city's targets."""
