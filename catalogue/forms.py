"""Form fields of the catalogue."""

from typing import Any

from django import forms
from django.core.files.base import ContentFile
from PIL import Image
from unfold.contrib.forms.widgets import WysiwygWidget

from catalogue import uploads


class PictureFile(ContentFile):
    """A picture that was checked and drawn anew; `image` has its pixels, `notes` what was changed, in words."""

    def __init__(self, upload: uploads.Upload) -> None:
        super().__init__(upload.data, upload.name)
        self.image: Image.Image = upload.image
        self.notes = upload.notes


class PictureField(forms.FileField):
    """A file field that takes JPEG, PNG and WebP pictures only and keeps them under their own name."""

    def __init__(self, *args: Any, max_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(
            *args, **kwargs
        )  # the uploader's own file name is never kept, so its length is no matter

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": "image/jpeg,image/png,image/webp"}

    def to_python(self, data: Any) -> PictureFile | None:
        file = super().to_python(data)
        if file is None:
            return None
        try:
            return PictureFile(uploads.cleaned(file))
        except uploads.Refused as refused:
            raise forms.ValidationError(str(refused), code="refused") from refused


class RichTextWidget(WysiwygWidget):
    """Unfold's editor (Trix) with buttons for what `richtext.clean` keeps; without scripts a plain text box."""

    template_name = "admin/catalogue/rich_text.html"

    class Media:
        extend = False
        css = {"all": ("unfold/forms/css/trix/trix.css",)}
        js = ("unfold/forms/js/trix/trix.js", "js/rich-text.js")
