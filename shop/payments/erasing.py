"""Taking the person out of the payments for one thing; amounts, ids and dates stay."""

from shop.payments.models import Payment, Refund
from shop.transactions import require_transaction


def forget_buyer(reference: str, *, kind: str = "order") -> None:
    """Remove the buyer from finished payments of a reference, in the caller's transaction; safe to repeat.

    What staff wrote about a refund goes too: it may name somebody.
    """
    require_transaction()
    payments = Payment.objects.filter(kind=kind, reference=reference)
    for payment in payments.filter(params__has_key="customer_email"):
        payment.params = {key: value for key, value in payment.params.items() if key != "customer_email"}
        payment.save(update_fields=["params"])
    payments.update(client="")
    Refund.objects.filter(payment__in=payments, origin=Refund.Origin.STORE).update(reason="")
