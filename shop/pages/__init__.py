"""The pages about the store (delivery, returns, privacy …): their default texts, and staff's own words instead.

May import admin."""
