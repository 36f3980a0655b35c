from django.db import models


class Thing(models.Model):
    """A row with what a card shows."""

    title = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100)
    summary = models.TextField()
    price = models.DecimalField(max_digits=8, decimal_places=2)

    def __str__(self) -> str:
        return self.title
