"""What a Django page costs at least: 24 cards, 30 kB, with 0 or 5 queries, rendered or kept."""
