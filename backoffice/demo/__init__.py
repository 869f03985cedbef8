"""A demonstration city: invented people, true services, so that trail, states and dates are true."""
