"""How do messages leave the city, and how do answers come back? Mail, LINE and bounces; no tables, no office."""
