"""What a shopper has chosen and how it shall be delivered (Oscar's basket, forked).

May import stock and what is below it; not shipping, not articles."""
