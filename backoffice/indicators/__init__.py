"""What did technology save, beside what the city set out to save?"""
