"""Where we deliver, how, for how much and by when (Oscar's shipping, forked).

May import stock and what is below it; not basket, not articles."""
