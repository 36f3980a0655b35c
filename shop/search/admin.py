"""Words that mean the same, in the back office."""

from unfold.admin import ModelAdmin


class SynonymsAdmin(ModelAdmin):
    list_display = ("words",)
    search_fields = ("words",)
