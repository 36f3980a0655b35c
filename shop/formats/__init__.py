"""How dates and times are written where Django's own habit for a language is not ours. Imports nothing."""
