"""Studies of the project's own questions on news."""
