from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.reviews.models import ProductReview
from shop.reviews.services import Words

_NEEDED = _("Please fill this in.")


class ReviewForm(forms.Form):
    """What a writer is asked; how it fits only of things to wear."""

    score = forms.TypedChoiceField(
        coerce=int,
        choices=[(n, str(n)) for n in range(ProductReview.MOST, ProductReview.LEAST - 1, -1)],
        error_messages={"required": _("Please choose how many of five."), "invalid_choice": _NEEDED},
    )
    fit = forms.ChoiceField(choices=[("", ""), *ProductReview.Fit.choices], required=False)
    title = forms.CharField(max_length=80, error_messages={"required": _NEEDED})
    body = forms.CharField(max_length=2000, error_messages={"required": _NEEDED})
    name = forms.CharField(max_length=60, error_messages={"required": _NEEDED})

    def __init__(self, *args: Any, is_worn: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_worn:
            del self.fields["fit"]

    @property
    def words(self) -> Words:
        return Words(**self.cleaned_data)


class ReplyForm(forms.Form):
    """What the store says to a review, shown below it."""

    text = forms.CharField(
        label=_("Our reply"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Shown below the review. Leave it empty to take the reply away."),
    )
