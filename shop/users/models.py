from django.db import models
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from oscar.apps.customer.abstract_models import AbstractUser
from oscar.apps.customer.abstract_models import UserManager as CoreManager


class UserManager(CoreManager):
    """Finds people by their address, whatever its letter case."""

    def with_address(self, email: str) -> QuerySet:
        """Return the one person of that address, or nobody (the unique index answers)."""
        return self.alias(address=Lower("email")).filter(address=Lower(Value(email.strip())))

    def get_by_natural_key(self, username):
        """Return who logs in by that name; Django's own back end asks, and takes as long when there is nobody."""
        return self.with_address(username).get()


class User(AbstractUser):
    """A person who can log in; one person per e-mail address, whatever its letter case."""

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def _migrate_alerts_to_user(self):
        """Leave back-in-stock requests alone: they keep the address they were made with."""
