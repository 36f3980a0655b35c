"""What we sell: designs, garments, colours, sizes and the products made of them (Oscar's catalogue, forked).

May import shop.money and nothing else of shop; the rooms of the shop use it."""
