"""The publication's stories and the designs they belong to.

May import stock and what is below it; not basket, not shipping."""
