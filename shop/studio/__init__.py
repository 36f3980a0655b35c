"""The studio: from one piece of artwork to a range of products, and from orders to files for the printer.

May import order and what is below it.
"""
