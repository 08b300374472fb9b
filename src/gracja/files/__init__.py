"""Files of conversations as they are given: opened whatever they are, read in batches."""
