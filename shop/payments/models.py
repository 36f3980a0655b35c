import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Payment(models.Model):
    """One attempt to be paid one amount, with the parameters sent to Stripe frozen when it was made.

    It only moves forward (`FORWARD`), only by `payments.settlement.settle`; of one `subject` (a basket) at most
    one is unfinished.
    """

    class State(models.TextChoices):
        CREATING = "creating", _("being prepared")
        OPEN = "open", _("waiting for the shopper")
        PROCESSING = "processing", _("waiting for the bank")
        PAID = "paid", _("paid")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")
        REVIEW = "review", _("needs a look")

    UNFINISHED = (State.CREATING, State.OPEN, State.PROCESSING)
    #: What each state may become. Money that has come can never be un-come.
    FORWARD = {
        State.CREATING: {State.OPEN, State.PROCESSING, State.PAID, State.FAILED, State.EXPIRED, State.REVIEW},
        State.OPEN: {State.PROCESSING, State.PAID, State.FAILED, State.EXPIRED, State.REVIEW},
        State.PROCESSING: {State.PAID, State.FAILED, State.REVIEW},
        State.FAILED: set(),
        State.EXPIRED: {State.PAID, State.PROCESSING, State.REVIEW},
        State.REVIEW: {State.PAID},
        State.PAID: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("for"), max_length=20)
    reference = models.CharField(_("reference"), max_length=40, help_text=_("Of the order or the donation."))
    subject = models.CharField(_("subject"), max_length=60, help_text=_("What is paid once: basket:12."))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.CREATING)
    amount_minor = models.PositiveIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    params = models.JSONField(_("parameters sent to Stripe"))
    contents = models.CharField(_("fingerprint of what is paid for"), max_length=64)
    idempotency_key = models.CharField(_("idempotency key"), max_length=60, unique=True)
    session_id = models.CharField(_("Stripe session"), max_length=220, unique=True, null=True, blank=True)
    session_url = models.TextField(_("payment page"), blank=True)
    intent_id = models.CharField(_("Stripe payment"), max_length=120, blank=True, db_index=True)
    charge_id = models.CharField(_("Stripe charge"), max_length=120, blank=True, db_index=True)
    invoice_id = models.CharField(
        _("Stripe invoice"),
        max_length=120,
        unique=True,
        null=True,
        blank=True,
        help_text=_("Of a subscription: each paid invoice is one payment."),
    )
    captured_minor = models.PositiveIntegerField(
        _("taken by Stripe, in minor units"),
        null=True,
        blank=True,
        help_text=_("Empty while nothing was taken."),
    )
    captured_currency = models.CharField(
        _("currency Stripe took"),
        max_length=3,
        blank=True,
        help_text=_("Empty when it is the one asked for."),
    )
    expires_at = models.DateTimeField(_("expires"))
    client = models.CharField(_("client address"), max_length=64, blank=True, help_text=_("As a keyed hash."))
    stored_errors = models.PositiveSmallIntegerField(_("errors Stripe has stored for the key"), default=0)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    retry_at = models.DateTimeField(
        _("look up again from"), null=True, blank=True, help_text=_("Set when Stripe gave no answer.")
    )
    checked_at = models.DateTimeField(_("last looked up at Stripe"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(state__in=["creating", "open", "processing"]),
                name="payment_one_unfinished_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["creating", "open", "processing", "paid", "failed", "expired", "review"]
                ),
                name="payment_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_at__isnull=False), name="payment_paid_has_date"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "reference"], name="payment_reference"),
            models.Index(fields=["client", "created_at"], name="payment_client"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state__in=["creating", "open", "processing"]),
                name="payment_due",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_paid(self) -> bool:
        return self.state == self.State.PAID

    @property
    def taken_currency(self) -> str:
        """The currency of what Stripe took, and so of what can be given back."""
        return self.captured_currency or self.currency

    @property
    def is_taken(self) -> bool:
        """Whether the buyer has done their part, though the bank or staff may still have to do theirs."""
        return self.state in (self.State.PAID, self.State.PROCESSING, self.State.REVIEW)

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    @property
    def repeats(self) -> bool:
        """Whether Stripe is asked for a subscription, of which this is the first payment."""
        return self.params.get("mode") == "subscription"

    def may_become(self, state: str) -> bool:
        return state in self.FORWARD[self.State(self.state)]


class Subscription(models.Model):
    """What repeats a payment at Stripe: always a copy of what Stripe said last; one that has ended stays ended.

    `payment` began it; every later invoice is a payment of its own with the same reference.
    """

    stripe_id = models.CharField(_("at Stripe"), max_length=120, unique=True)
    payment = models.OneToOneField(
        Payment, models.PROTECT, related_name="subscription", verbose_name=_("first payment")
    )
    customer_id = models.CharField(_("Stripe customer"), max_length=120)
    status = models.CharField(_("status at Stripe"), max_length=60)
    is_running = models.BooleanField(_("running"), db_index=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True, help_text=_("When it is to end."))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")

    def __str__(self) -> str:
        return self.stripe_id

    @property
    def is_behind(self) -> bool:
        """The last payment was declined, and Stripe will try again."""
        return self.is_running and self.status in ("past_due", "unpaid", "incomplete")


class Refund(models.Model):
    """Money given back; the sum of a payment's refunds that have not failed never exceeds what was captured."""

    class State(models.TextChoices):
        UNKNOWN = "unknown", _("being sent")
        PENDING = "pending", _("pending")
        REQUIRES_ACTION = "requires_action", _("waiting for the shopper")
        SUCCEEDED = "succeeded", _("refunded")
        FAILED = "failed", _("failed")

    class Origin(models.TextChoices):
        STORE = "store", _("this store")
        STRIPE = "dashboard", _("Stripe's dashboard")

    NOT_FAILED = (State.UNKNOWN, State.PENDING, State.REQUIRES_ACTION, State.SUCCEEDED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds", verbose_name=_("payment"))
    amount_minor = models.PositiveIntegerField(_("amount in minor units"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    step = models.CharField(
        _("step"), max_length=80, help_text=_("What caused it; the same step refunds once.")
    )
    stripe_id = models.CharField(_("Stripe refund"), max_length=120, unique=True, null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.UNKNOWN)
    origin = models.CharField(_("made in"), max_length=10, choices=Origin, default=Origin.STORE)
    error = models.CharField(_("error"), max_length=300, blank=True)
    by = models.CharField(_("who"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.UniqueConstraint(fields=["payment", "step"], name="refund_step_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["unknown", "pending", "requires_action", "succeeded", "failed"]),
                name="refund_state_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Dispute(models.Model):
    """Something at Stripe that keeps a paid thing from shipping: a dispute, an inquiry, a fraud warning, a review.

    One row per object at Stripe, always a copy of what Stripe said last; a status that is not known here is kept as
    it came and counts as open.
    """

    class Kind(models.TextChoices):
        DISPUTE = "dispute", _("dispute")
        INQUIRY = "inquiry", _("inquiry")
        WARNING = "warning", _("early fraud warning")
        REVIEW = "review", _("review")

    #: Statuses after which nothing is to be done, and those of them that take the money for good.
    ENDED = ("warning_closed", "won", "lost", "prevented")
    LOST = "lost"

    stripe_id = models.CharField(_("at Stripe"), max_length=120, unique=True)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes", verbose_name=_("payment"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    status = models.CharField(_("status at Stripe"), max_length=60)
    is_open = models.BooleanField(_("open"))
    reason = models.CharField(_("reason"), max_length=80, blank=True)
    amount_minor = models.PositiveIntegerField(_("amount in minor units"), default=0)
    due_by = models.DateTimeField(_("answer due by"), null=True, blank=True)
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["dispute", "inquiry", "warning", "review"]), name="dispute_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.stripe_id

    @property
    def is_lost(self) -> bool:
        return self.status == self.LOST


class WebhookEvent(models.Model):
    """An event Stripe sent, stored once by its id before anything is done about it."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        IGNORED = "ignored", _("ignored")

    id = models.CharField("id", primary_key=True, max_length=120)
    type = models.CharField(_("type"), max_length=80)
    object_id = models.CharField(_("about"), max_length=220)
    livemode = models.BooleanField(_("live"))
    api_version = models.CharField(_("API version"), max_length=40, blank=True)
    payload = models.JSONField(_("payload"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True, db_index=True)
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)

    class Meta:
        ordering = ["-received_at"]
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "done", "failed", "ignored"]), name="event_state_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"
