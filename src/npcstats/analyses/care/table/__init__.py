"""Tables of supportive care and of body weight."""
