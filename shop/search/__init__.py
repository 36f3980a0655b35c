"""What shoppers find by words: products (with their designs) and stories, typing help, slips of the pen (Oscar fork).

May import articles and what is below it; rooms above tell it what has changed."""
