"""How far an effect depends on choices that could have been made otherwise: a kind of analysis."""
