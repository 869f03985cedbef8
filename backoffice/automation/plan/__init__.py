"""What tonight will bring: measured seconds, hours of service, what does not fit, who hears of it at noon."""
