"""Forms that departments build themselves: fields and rules, versions in use, how each looks on paper."""
