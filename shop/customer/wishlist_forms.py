from django import forms


class SaveForm(forms.Form):
    """Which variant of a product: by SKU, or by colour and size."""

    variant = forms.CharField(max_length=128, required=False)
    colour = forms.CharField(max_length=40, required=False)
    size = forms.CharField(max_length=40, required=False)


class StoryForm(forms.Form):
    """The story its reader came from."""

    story = forms.CharField(max_length=40, required=False)
