"""The meaning of a detect tree, worked out for a whole batch of conversations at once."""
