"""Does a gesture work? Customers to whom it was open against those held out at random."""
