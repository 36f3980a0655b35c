"""Stock records with their constraints, price history, price and availability (Oscar's partner, forked).

May import users, emails, money and catalogue."""
