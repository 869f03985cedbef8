"""Who has registered for notices, what has each of them consented to, and does it still hold?"""
