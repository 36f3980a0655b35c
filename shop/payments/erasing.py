"""Taking the person out of payments; amounts, ids and dates stay."""

from django.db.models import QuerySet

from shop.payments.models import Payment, Refund
from shop.transactions import require_transaction


def forget_buyer(reference: str) -> None:
    """Remove the buyer from the payments for an order, in the caller's transaction; safe to repeat."""
    forget_payer(Payment.objects.filter(kind="order", reference=reference))


def forget_payer(payments: QuerySet[Payment]) -> None:
    """Remove who paid from finished payments, in the caller's transaction; safe to repeat.

    What staff wrote about a refund goes too: it may name somebody.
    """
    require_transaction()
    for payment in payments.filter(params__has_key="customer_email"):
        payment.params = {key: value for key, value in payment.params.items() if key != "customer_email"}
        payment.save(update_fields=["params"])
    payments.update(client="")
    Refund.objects.filter(payment__in=payments, origin=Refund.Origin.STORE).update(reason="")
