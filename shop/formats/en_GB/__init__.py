"""British English: the clock has 24 hours everywhere, as in mails and on order pages."""
