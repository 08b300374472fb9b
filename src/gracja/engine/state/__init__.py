"""What a customer's own words in a text contact say of their state: hurried, tired, embittered ...

Read from the customer's turns and from nothing else: no face, no voice, no trait, not what the employee said.
"""

from gracja.engine.state.phrases import CUES
from gracja.engine.state.reading import STATES, State, read_states, states_so_far

__all__ = ["CUES", "STATES", "State", "read_states", "states_so_far"]
