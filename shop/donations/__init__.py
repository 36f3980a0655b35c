"""Donations: once, every month, or with an order; one row a gift. Owns what becomes of them and what donors are told.

May import payments and what is below it.
"""
