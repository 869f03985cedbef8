"""What is asked on a form, what an answer means, how the form looks on paper."""
