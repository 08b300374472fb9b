"""What is done in the club and with gifts."""
