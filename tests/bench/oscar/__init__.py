"""A stock Oscar 4.2.1 on the same products: its own apps, templates and search, tuned as its documents say."""
