from django.db import models
from django.db.models.functions import Lower
from oscar.apps.customer.abstract_models import AbstractUser


class User(AbstractUser):
    """A person who can log in; one person per e-mail address, whatever its letter case."""

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]
