"""A plan as a form: what can be said at each place, how it is filled in, and the acts that change its shape."""
