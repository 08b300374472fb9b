"""Documents that people write in YAML: read strictly, with the place of everything that is wrong."""
