"""Applications beside the papers that came with them: read, compared answer by answer, each difference decided."""
