"""Pages made of several rooms: home, lists, product, stories, basket, orders. Has no models.

May import checkout and what is below it."""
