"""The sample catalogue and its loader. May import storefront and what is below it."""
