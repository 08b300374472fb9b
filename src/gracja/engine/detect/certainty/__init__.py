"""How sure a detector is: consensus of people, calibrated probabilities, abstention, cards and drift."""
