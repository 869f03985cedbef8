"""Take-up: actual grants come back, and show who took a program up, who was missed and why, who was told in vain."""
