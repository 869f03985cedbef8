"""How crowded are the counters of the ward offices? A link without persons: a count, and which picture shows it."""
