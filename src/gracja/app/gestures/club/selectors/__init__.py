"""What is read of the club and of gifts."""
