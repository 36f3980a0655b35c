"""Stock records with their constraints, price history, and how a price and availability are read (Oscar's partner, forked).

May import users, emails, money and catalogue."""
