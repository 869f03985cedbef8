"""How is a form put together, part by part? A draft, what is done with it, what is still wrong, what has changed."""
