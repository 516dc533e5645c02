"""Setting up the house: what may be set there, by whom it was, and the acts that change it."""
