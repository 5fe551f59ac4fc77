"""Events to state: each state is a fold over the log and can be rebuilt from it."""
