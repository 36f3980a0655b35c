"""What people say of products, and how garments fit them (Oscar's reviews, forked; its votes are not used).

May import order and what is below it."""
